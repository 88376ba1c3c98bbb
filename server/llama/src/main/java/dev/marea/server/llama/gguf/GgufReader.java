package dev.marea.server.llama.gguf;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * Reads the head of a GGUF file (versions 2 and 3), and checks that every tensor lies within the
 * file. Nothing of the weights is read.
 */
public final class GgufReader {
    private static final int MAGIC = 0x46554747;
    private static final int KEYS_MAX = 65_536;
    private static final int TENSORS_MAX = 1 << 20;
    private static final int NAME_BYTES_MAX = 1_024;
    private static final int TEXT_BYTES_MAX = 16 << 20;
    private static final long ELEMENTS_MAX = 1L << 28;
    private static final int DIMENSIONS_MAX = 4;
    private static final int ALIGNMENT = 32;
    private static final int ALIGNMENT_MAX = 1 << 20;

    /** Longer lists are vocabularies. */
    private static final int NUMBERS_KEPT = 4_096;

    private final Cursor in;

    private GgufReader(Cursor in) {
        this.in = in;
    }

    public static GgufFile read(Path path) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ);
                var arena = Arena.ofConfined()) {
            var mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new GgufReader(new Cursor(mapped)).file();
        }
    }

    private GgufFile file() throws BadGguf {
        if (in.left() < 24 || in.int32("the magic") != MAGIC) {
            throw new BadGguf("it does not begin with GGUF");
        }
        int version = in.int32("the version");
        if (version != 2 && version != 3) {
            throw new BadGguf(
                    Integer.reverseBytes(version) <= 3
                            ? "it is big-endian, which this machine is not"
                            : "its version is %d, versions 2 and 3 are read"
                                    .formatted(Integer.toUnsignedLong(version)));
        }
        long tensors = in.length("the number of tensors", TENSORS_MAX);
        long keys = in.length("the number of keys", KEYS_MAX);
        var metadata = metadata(keys);
        int alignment = alignment(metadata);
        var list = tensors(tensors, alignment);
        return new GgufFile(version, metadata, list, checkData(list, alignment));
    }

    private SequencedMap<String, GgufValue> metadata(long keys) throws BadGguf {
        var metadata = new LinkedHashMap<String, GgufValue>();
        for (long i = 0; i < keys; i++) {
            var key = in.text("a key", NAME_BYTES_MAX);
            var what = "the value of '" + key + "'";
            if (metadata.put(key, value(in.int32(what), what)) != null) {
                throw new BadGguf("the key '" + key + "' comes twice");
            }
        }
        return metadata;
    }

    private GgufValue value(int type, String what) throws BadGguf {
        return switch (type) {
            case 0, 1, 2, 3, 4, 5, 10, 11 -> new GgufValue.Whole(whole(type, what));
            case 6 -> new GgufValue.Decimal(Float.intBitsToFloat(in.int32(what)));
            case 7 -> new GgufValue.Flag(in.int8(what) != 0);
            case 8 -> new GgufValue.Text(in.text(what, TEXT_BYTES_MAX));
            case 9 -> many(what);
            case 12 -> new GgufValue.Decimal(Double.longBitsToDouble(in.int64(what)));
            default -> throw new BadGguf(what + " has the unknown type " + type);
        };
    }

    private long whole(int type, String what) throws BadGguf {
        return switch (type) {
            case 0 -> Byte.toUnsignedLong(in.int8(what));
            case 1 -> in.int8(what);
            case 2 -> Short.toUnsignedLong(in.int16(what));
            case 3 -> in.int16(what);
            case 4 -> Integer.toUnsignedLong(in.int32(what));
            case 5 -> in.int32(what);
            case 10 -> in.length(what, Long.MAX_VALUE);
            default -> in.int64(what);
        };
    }

    private GgufValue many(String what) throws BadGguf {
        int type = in.int32(what);
        int size = size(type, what);
        long count =
                in.length("the length of " + what, Math.min(ELEMENTS_MAX, (in.left() - 8) / size));
        if (type == 8) {
            for (long i = 0; i < count; i++) {
                in.skip(in.length(what, in.left()), what);
            }
            return new GgufValue.Many(count, List.of());
        }
        if (type == 6 || type == 7 || type == 12 || count > NUMBERS_KEPT) {
            in.skip(count * size, what);
            return new GgufValue.Many(count, List.of());
        }
        var wholes = new ArrayList<Long>();
        for (long i = 0; i < count; i++) {
            wholes.add(whole(type, what));
        }
        return new GgufValue.Many(count, wholes);
    }

    /** Bytes of an element; of a text, those of its length. */
    private static int size(int type, String what) throws BadGguf {
        return switch (type) {
            case 0, 1, 7 -> 1;
            case 2, 3 -> 2;
            case 4, 5, 6 -> 4;
            case 8, 10, 11, 12 -> 8;
            default -> throw new BadGguf(what + " is a list of the unknown type " + type);
        };
    }

    private static int alignment(SequencedMap<String, GgufValue> metadata) throws BadGguf {
        return switch (metadata.get("general.alignment")) {
            case null -> ALIGNMENT;
            case GgufValue.Whole(var n)
                    when n >= 1 && n <= ALIGNMENT_MAX && Long.bitCount(n) == 1 ->
                    (int) n;
            case GgufValue other ->
                    throw new BadGguf(
                            "general.alignment must be a power of two up to %d, was %s"
                                    .formatted(ALIGNMENT_MAX, other));
        };
    }

    private List<GgufTensor> tensors(long count, int alignment) throws BadGguf {
        var tensors = new ArrayList<GgufTensor>();
        var names = new HashSet<String>();
        for (long i = 0; i < count; i++) {
            var tensor = tensor(alignment);
            if (!names.add(tensor.name())) {
                throw new BadGguf("the tensor '" + tensor.name() + "' comes twice");
            }
            tensors.add(tensor);
        }
        return tensors;
    }

    private GgufTensor tensor(int alignment) throws BadGguf {
        var name = in.text("a tensor's name", NAME_BYTES_MAX);
        var what = "the tensor '" + name + "'";
        int count = in.int32(what);
        if (count < 1 || count > DIMENSIONS_MAX) {
            throw new BadGguf(
                    "%s has %s dimensions, 1 to %d are possible"
                            .formatted(what, Integer.toUnsignedString(count), DIMENSIONS_MAX));
        }
        var dimensions = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            dimensions.add(in.length("a dimension of " + what, Long.MAX_VALUE));
        }
        int code = in.int32(what);
        var type =
                GgmlType.of(code)
                        .orElseThrow(() -> new BadGguf(what + " has the unknown type " + code));
        long offset = in.length("the offset of " + what, Long.MAX_VALUE);
        if (offset % alignment != 0) {
            throw new BadGguf(what + " lies at " + offset + ", no multiple of " + alignment);
        }
        return new GgufTensor(name, type, dimensions, offset, bytes(type, dimensions, what));
    }

    private static long bytes(GgmlType type, List<Long> dimensions, String what) throws BadGguf {
        long row = dimensions.getFirst();
        if (row % type.blockElements() != 0) {
            throw new BadGguf(
                    "%s has rows of %d, which %s stores by %d"
                            .formatted(what, row, type, type.blockElements()));
        }
        try {
            long bytes = Math.multiplyExact(row / type.blockElements(), type.blockBytes());
            for (var dimension : dimensions.subList(1, dimensions.size())) {
                bytes = Math.multiplyExact(bytes, dimension);
            }
            return bytes;
        } catch (ArithmeticException _) {
            throw new BadGguf(what + " is larger than any file: " + dimensions);
        }
    }

    /** Bytes of all tensors; each must lie within the file. */
    private long checkData(List<GgufTensor> tensors, int alignment) throws BadGguf {
        long begin = (in.position() + alignment - 1) / alignment * alignment;
        long room = in.position() + in.left() - begin;
        Function<GgufTensor, String> message =
                tensor ->
                        "the tensor '%s' needs bytes %d to %d of the data, of which the file has %d: cut short?"
                                .formatted(
                                        tensor.name(),
                                        tensor.offset(),
                                        tensor.offset() + tensor.bytes(),
                                        Math.max(0, room));
        long sum = 0;
        for (var tensor : tensors) {
            if (tensor.bytes() > room || tensor.offset() > room - tensor.bytes()) {
                throw new BadGguf(message.apply(tensor));
            }
            sum += tensor.bytes();
        }
        return sum;
    }
}
