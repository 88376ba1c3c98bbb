package dev.marea.server.runtime.fuzz;

import dev.marea.server.runtime.xgboost.XgboostRuntime;

/** XGBoost's models as JSON. */
public final class XgboostJsonTarget {
    private static final ModelProbe PROBE = new ModelProbe(new XgboostRuntime(), ".json");

    private XgboostJsonTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        PROBE.load(data);
    }
}
