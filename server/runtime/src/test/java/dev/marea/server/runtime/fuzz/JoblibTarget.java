package dev.marea.server.runtime.fuzz;

import dev.marea.server.runtime.sklearn.SklearnRuntime;

/** joblib's files: pickles with raw arrays between their opcodes, perhaps compressed. */
public final class JoblibTarget {
    private static final ModelProbe PROBE = new ModelProbe(new SklearnRuntime(), ".joblib");

    private JoblibTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        PROBE.load(data);
    }
}
