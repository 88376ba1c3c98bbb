package dev.marea.server.rest;

/** V2's JSON, alone and in events. */
public final class V2Target {
    private V2Target() {}

    public static void fuzzerTestOneInput(byte[] data) {
        CodecProbe.read(data, () -> new V2Codec(V2Codec.ALL_JSON));
    }
}
