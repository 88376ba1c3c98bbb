package dev.marea.server.llama.talk;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Fields of messages that have a length of their own; a length beyond its frame is refused. */
final class Fields {
    private Fields() {}

    static void text(DataOutputStream out, String text) throws IOException {
        bytes(out, text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(DataInputStream in) throws IOException {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }

    static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static byte[] bytes(DataInputStream in) throws IOException {
        return in.readNBytes(length(in, 1));
    }

    static void ints(DataOutputStream out, int[] values) throws IOException {
        out.writeInt(values.length);
        for (int value : values) {
            out.writeInt(value);
        }
    }

    static int[] ints(DataInputStream in) throws IOException {
        var values = new int[length(in, 4)];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readInt();
        }
        return values;
    }

    static void floats(DataOutputStream out, float[] values) throws IOException {
        out.writeInt(values.length);
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    static float[] floats(DataInputStream in) throws IOException {
        var values = new float[length(in, 4)];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readFloat();
        }
        return values;
    }

    static <T> void list(DataOutputStream out, List<T> items, Item<T> item) throws IOException {
        out.writeInt(items.size());
        for (var each : items) {
            item.write(out, each);
        }
    }

    static <T> List<T> list(DataInputStream in, Frames.Reading<T> item) throws IOException {
        int length = length(in, 1);
        var items = new ArrayList<T>();
        for (int i = 0; i < length; i++) {
            items.add(item.from(in));
        }
        return items;
    }

    /** Writes one item of a list. */
    @FunctionalInterface
    interface Item<T> {
        void write(DataOutputStream out, T item) throws IOException;
    }

    private static int length(DataInputStream in, int bytesEach) throws IOException {
        int length = in.readInt();
        if (length < 0 || (long) length * bytesEach > in.available()) {
            throw new IOException(
                    "a field of " + Integer.toUnsignedString(length) + " in a shorter frame");
        }
        return length;
    }

    static <E extends Enum<E>> E one(DataInputStream in, Class<E> of) throws IOException {
        var name = text(in);
        try {
            return Enum.valueOf(of, name);
        } catch (IllegalArgumentException unknown) {
            throw new IOException("no " + of.getSimpleName() + " is called " + name, unknown);
        }
    }
}
