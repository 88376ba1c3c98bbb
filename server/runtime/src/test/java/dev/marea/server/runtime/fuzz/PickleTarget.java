package dev.marea.server.runtime.fuzz;

import dev.marea.server.runtime.sklearn.SklearnRuntime;

/** Pickles: opcodes, states of estimators, arrays. */
public final class PickleTarget {
    private static final ModelProbe PROBE = new ModelProbe(new SklearnRuntime(), ".pkl");

    private PickleTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        PROBE.load(data);
    }
}
