package dev.marea.server.runtime.xgboost;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.xgboost.Value.Group;
import dev.marea.server.runtime.xgboost.Value.Scalar;
import dev.marea.server.runtime.xgboost.Value.Text;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Reads Universal Binary JSON as XGBoost writes it: big-endian, typed arrays with a count. Every
 * length is held against the bytes that are left before anything is made.
 */
final class UbjReader {
    private static final int END = -1;

    private final ModelBytes source;
    private final ByteBuffer in;
    private final ValueBudget budget;
    private final Set<String> skipped;

    private UbjReader(ModelBytes source, Set<String> skipped) {
        this.source = source;
        this.in = source.buffer();
        this.budget = new ValueBudget(source);
        this.skipped = skipped;
    }

    /**
     * Reads one value, which must be all there is.
     *
     * @param skipped members that nobody asks for: checked, and left out
     */
    static Value read(ModelBytes source, Set<String> skipped) throws LoadFailure {
        var reader = new UbjReader(source, skipped);
        var value = reader.value(reader.marker(), 0);
        if (reader.in.hasRemaining()) {
            throw reader.failure(
                    reader.in.remaining() + " bytes follow the model", "save the model again");
        }
        return value;
    }

    private Value value(int marker, int depth) throws LoadFailure {
        budget.value(offset(), depth);
        return switch (marker) {
            case '{' -> group(depth);
            case '[' -> list(depth);
            case 'S' -> new Text(text());
            case 'C' -> new Text(String.valueOf((char) (needed(1).get() & 0xff)));
            case 'Z' -> Value.Nothing.NULL;
            case END -> throw failure("ends where a value must begin", "it is cut short");
            default -> new Scalar(number(marker));
        };
    }

    private double number(int marker) throws LoadFailure {
        return switch (marker) {
            case 'i' -> needed(1).get();
            case 'U' -> needed(1).get() & 0xff;
            case 'I' -> needed(2).getShort();
            case 'l' -> needed(4).getInt();
            case 'L' -> needed(8).getLong();
            case 'd' -> needed(4).getFloat();
            case 'D' -> needed(8).getDouble();
            case 'T' -> 1;
            case 'F' -> 0;
            default -> throw failure("'%s' begins no value".formatted(shown(marker)), "");
        };
    }

    private Group group(int depth) throws LoadFailure {
        Map<String, Value> members = Map.of();
        while (peeked() != '}') {
            var name = text();
            var value = value(marker(), depth + 1);
            if (skipped.contains(name)) {
                continue;
            }
            if (members.isEmpty()) {
                members = new LinkedHashMap<>();
            }
            if (members.put(name, value) != null) {
                throw failure("a group names '" + name + "' twice", "");
            }
        }
        marker();
        return new Group(members);
    }

    private Value list(int depth) throws LoadFailure {
        return switch (peeked()) {
            case '$' -> typed();
            case '#' -> {
                marker();
                yield counted(length("a list", 1), depth);
            }
            default -> open(depth);
        };
    }

    private Value.Numbers typed() throws LoadFailure {
        marker();
        char type = (char) marker();
        int size = TypedNumbers.size(type);
        if (size == 0) {
            throw failure("'%s' is no type of an array".formatted(shown(type)), "");
        }
        if (marker() != '#') {
            throw failure("a typed array has no count", "");
        }
        int count = length("an array", size);
        var bytes = in.slice(in.position(), count * size);
        in.position(in.position() + count * size);
        return new TypedNumbers(type, bytes, count);
    }

    private Value counted(int count, int depth) throws LoadFailure {
        var list = new ListReader();
        for (int i = 0; i < count; i++) {
            element(list, marker(), depth);
        }
        return list.done();
    }

    private Value open(int depth) throws LoadFailure {
        var list = new ListReader();
        for (int marker = marker(); marker != ']'; marker = marker()) {
            element(list, marker, depth);
        }
        return list.done();
    }

    /** Numbers among numbers are packed, and cost no value each. */
    private void element(ListReader list, int marker, int depth) throws LoadFailure {
        switch (marker) {
            case 'i', 'U', 'I', 'l', 'T', 'F' -> list.whole((int) number(marker));
            case 'L' -> list.whole(needed(8).getLong());
            case 'd', 'D' -> list.real((float) number(marker));
            default -> list.other(value(marker, depth + 1));
        }
    }

    private String text() throws LoadFailure {
        int length = length("a text", 1);
        int start = in.position();
        in.position(start + length);
        return new String(source.bytes(), source.from() + start, length, StandardCharsets.UTF_8);
    }

    /** A count of things that take at least this many bytes each. */
    private int length(String what, int bytesEach) throws LoadFailure {
        long at = offset();
        int marker = marker();
        long length =
                switch (marker) {
                    case 'i', 'U', 'I', 'l' -> (long) number(marker);
                    case 'L' -> needed(8).getLong();
                    default -> throw failure("'%s' begins no length".formatted(shown(marker)), "");
                };
        if (length < 0 || length > in.remaining() / bytesEach) {
            throw source.failure(
                    at,
                    "%s of %d where %d bytes are left".formatted(what, length, in.remaining()),
                    "it is damaged or cut short: save the model again");
        }
        return (int) length;
    }

    private ByteBuffer needed(int bytes) throws LoadFailure {
        if (in.remaining() < bytes) {
            throw failure("ends inside a number", "it is cut short: save the model again");
        }
        return in;
    }

    private int marker() {
        return in.hasRemaining() ? in.get() : END;
    }

    private int peeked() {
        return in.hasRemaining() ? in.get(in.position()) : END;
    }

    private long offset() {
        return source.from() + (long) in.position();
    }

    private LoadFailure failure(String reason, String advice) {
        return source.failure(
                Math.max(source.from(), offset() - 1),
                "damaged UBJSON: " + reason,
                advice.isEmpty() ? "save the model again" : advice);
    }

    private static String shown(int marker) {
        return marker > ' ' && marker < 127 ? String.valueOf((char) marker) : "byte " + marker;
    }
}
