package dev.marea.server.rest;

/** V1's JSON, alone and in events. */
public final class V1Target {
    private V1Target() {}

    public static void fuzzerTestOneInput(byte[] data) {
        CodecProbe.read(data, () -> new V1Codec(false));
    }
}
