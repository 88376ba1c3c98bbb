package dev.marea.server.runtime.fuzz;

import dev.marea.server.runtime.xgboost.XgboostRuntime;

/** XGBoost's models as UBJSON, and its old binary form. */
public final class UbjTarget {
    private static final ModelProbe PROBE = new ModelProbe(new XgboostRuntime(), ".ubj");

    private UbjTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        PROBE.load(data);
    }
}
