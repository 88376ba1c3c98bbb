package dev.marea.server.runtime.batch;

import dev.marea.server.runtime.Elements;
import java.util.Arrays;
import java.util.List;

/** Elements put one behind the other, and parts of them. */
final class Blocks {
    private Blocks() {}

    /** All of one kind, as the first is. */
    static Elements joined(List<Elements> parts, int length) {
        Object joined = array(parts.getFirst(), length);
        int at = 0;
        for (var part : parts) {
            // One array type throughout: arraycopy checks it, and costs no more than a typed copy.
            System.arraycopy(values(part), 0, joined, at, part.length());
            at += part.length();
        }
        return wrapped(parts.getFirst(), joined);
    }

    private static Object array(Elements kind, int length) {
        return switch (kind) {
            case Elements.Bools _ -> new boolean[length];
            case Elements.Bytes _ -> new byte[length];
            case Elements.Shorts _ -> new short[length];
            case Elements.Ints _ -> new int[length];
            case Elements.Longs _ -> new long[length];
            case Elements.Floats _ -> new float[length];
            case Elements.Doubles _ -> new double[length];
            case Elements.Texts _ -> new String[length];
            case Elements.Blobs _ -> new byte[length][];
        };
    }

    private static Object values(Elements elements) {
        return switch (elements) {
            case Elements.Bools(var values) -> values;
            case Elements.Bytes(var values) -> values;
            case Elements.Shorts(var values) -> values;
            case Elements.Ints(var values) -> values;
            case Elements.Longs(var values) -> values;
            case Elements.Floats(var values) -> values;
            case Elements.Doubles(var values) -> values;
            case Elements.Texts(var values) -> values;
            case Elements.Blobs(var values) -> values;
        };
    }

    private static Elements wrapped(Elements kind, Object array) {
        return switch (kind) {
            case Elements.Bools _ -> new Elements.Bools((boolean[]) array);
            case Elements.Bytes _ -> new Elements.Bytes((byte[]) array);
            case Elements.Shorts _ -> new Elements.Shorts((short[]) array);
            case Elements.Ints _ -> new Elements.Ints((int[]) array);
            case Elements.Longs _ -> new Elements.Longs((long[]) array);
            case Elements.Floats _ -> new Elements.Floats((float[]) array);
            case Elements.Doubles _ -> new Elements.Doubles((double[]) array);
            case Elements.Texts _ -> new Elements.Texts((String[]) array);
            case Elements.Blobs _ -> new Elements.Blobs((byte[][]) array);
        };
    }

    static Elements part(Elements elements, int from, int to) {
        return switch (elements) {
            case Elements.Bools(var v) -> new Elements.Bools(Arrays.copyOfRange(v, from, to));
            case Elements.Bytes(var v) -> new Elements.Bytes(Arrays.copyOfRange(v, from, to));
            case Elements.Shorts(var v) -> new Elements.Shorts(Arrays.copyOfRange(v, from, to));
            case Elements.Ints(var v) -> new Elements.Ints(Arrays.copyOfRange(v, from, to));
            case Elements.Longs(var v) -> new Elements.Longs(Arrays.copyOfRange(v, from, to));
            case Elements.Floats(var v) -> new Elements.Floats(Arrays.copyOfRange(v, from, to));
            case Elements.Doubles(var v) -> new Elements.Doubles(Arrays.copyOfRange(v, from, to));
            case Elements.Texts(var v) -> new Elements.Texts(Arrays.copyOfRange(v, from, to));
            case Elements.Blobs(var v) -> new Elements.Blobs(Arrays.copyOfRange(v, from, to));
        };
    }
}
