package dev.marea.server.runtime.fuzz;

import dev.marea.server.runtime.lightgbm.LightgbmRuntime;

/** LightGBM's text models. */
public final class LightgbmTarget {
    private static final ModelProbe PROBE = new ModelProbe(new LightgbmRuntime(), ".txt");

    private LightgbmTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        PROBE.load(data);
    }
}
