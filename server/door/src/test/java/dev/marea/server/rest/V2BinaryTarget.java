package dev.marea.server.rest;

import java.util.Arrays;

/**
 * V2's JSON with tensors as bytes behind it; the second and third byte say how long the JSON is.
 */
public final class V2BinaryTarget {
    private V2BinaryTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length < 3) {
            return;
        }
        int json = (data[1] & 0xff) << 8 | (data[2] & 0xff);
        var request = Arrays.copyOfRange(data, 2, data.length);
        request[0] = (byte) (data[0] & 3);
        CodecProbe.read(request, () -> new V2Codec(json));
    }
}
