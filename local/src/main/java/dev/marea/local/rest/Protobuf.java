package dev.marea.local.rest;

import dev.marea.local.objects.Refusal;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Bodies of kubectl's typed commands ({@code create configmap}, {@code auth can-i} ...), which come
 * as protobuf and are not sent again as JSON. The messages that those commands send are listed in
 * {@code protobuf.txt}; a field that is not listed there is refused by name, never dropped.
 */
final class Protobuf {
    private static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final int DEPTH_MAX = 30;
    private static final Map<String, Map<Integer, Field>> MESSAGES = load();

    /**
     * A field of a message: its JSON name and its type, a message's name or one of {@code string
     * bytes int bool map bytesmap quantitymap quantity intorstring dropped}.
     */
    private record Field(String name, String type, boolean repeated) {}

    private Protobuf() {}

    static boolean is(byte[] body) {
        return body.length > MAGIC.length
                && ByteBuffer.wrap(body, 0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
    }

    static Json.Obj read(byte[] body) throws Refusal {
        var buffer = ByteBuffer.wrap(body, MAGIC.length, body.length - MAGIC.length).slice();
        try {
            var envelope = message("Unknown", buffer, 0);
            var kind = envelope.text("typeMeta", "kind").orElse("");
            if (!MESSAGES.containsKey(kind)) {
                throw unsupported("protobuf bodies of kind \"" + kind + "\" are not read here");
            }
            var raw = Base64.getDecoder().decode(envelope.text("raw").orElse(""));
            return message(kind, ByteBuffer.wrap(raw), 0)
                    .with("apiVersion", Json.of(envelope.text("typeMeta", "apiVersion").orElse("")))
                    .with("kind", Json.of(kind));
        } catch (BufferUnderflowException | IllegalArgumentException bad) {
            throw Refusal.badRequest("error decoding the body: it is not the protobuf it says");
        }
    }

    private static Refusal unsupported(String why) {
        return new Refusal(
                415, "UnsupportedMediaType", why + "; send application/json", Json.Obj.EMPTY);
    }

    private static Json.Obj message(String type, ByteBuffer in, int depth) throws Refusal {
        if (depth > DEPTH_MAX) {
            throw Refusal.badRequest("the body is nested too deeply");
        }
        var fields = MESSAGES.getOrDefault(type, Map.of());
        var values = new HashMap<String, List<Json>>();
        while (in.hasRemaining()) {
            long tag = varint(in);
            int number = (int) (tag >>> 3);
            var field = fields.get(number);
            if (field == null) {
                throw unsupported(
                        "field %d of protobuf %s is not read here".formatted(number, type));
            }
            value(field, (int) (tag & 7), in, depth)
                    .ifPresent(v ->
                            values.computeIfAbsent(field.name(), _ -> new ArrayList<>()).add(v));
        }
        return assembled(fields, values);
    }

    private static Json.Obj assembled(Map<Integer, Field> fields, Map<String, List<Json>> values) {
        var object = Json.Obj.EMPTY;
        for (var field : fields.values()) {
            var found = values.get(field.name());
            if (found == null) {
                continue;
            }
            if (field.type().endsWith("map")) {
                var entries = Json.Obj.EMPTY;
                for (var entry : found) {
                    entries =
                            entries.with(
                                    entry.text("key").orElse(""),
                                    entry.at("value").orElse(Json.of("")));
                }
                object = object.with(field.name(), entries);
            } else {
                object =
                        object.with(
                                field.name(), field.repeated() ? Json.of(found) : found.getLast());
            }
        }
        return object;
    }

    /** Empty for values that Go's serializer writes although nobody set them. */
    private static Optional<Json> value(Field field, int wire, ByteBuffer in, int depth)
            throws Refusal {
        if (wire == 0) {
            long number = varint(in);
            return switch (field.type()) {
                case "dropped" -> Optional.empty();
                case "bool" -> number == 0 ? Optional.empty() : Optional.of(Json.of(true));
                default -> Optional.of(Json.of(number));
            };
        }
        if (wire != 2) {
            throw unsupported("wire type " + wire + " of protobuf is not read here");
        }
        var part = slice(in);
        return switch (field.type()) {
            case "string" -> {
                var text = text(part);
                yield text.isEmpty() && !field.repeated()
                        ? Optional.empty()
                        : Optional.of(Json.of(text));
            }
            case "bytes" -> Optional.of(Json.of(base64(part)));
            case "map" -> Optional.of(message("StringEntry", part, depth + 1));
            case "bytesmap" -> Optional.of(message("BytesEntry", part, depth + 1));
            case "quantitymap" -> Optional.of(message("QuantityEntry", part, depth + 1));
            case "quantity" -> message("Quantity", part, depth + 1).at("string");
            case "intorstring" -> Optional.of(intOrString(message("IntOrString", part, depth + 1)));
            case "Dropped" -> Optional.empty();
            default -> {
                var inner = message(field.type(), part, depth + 1);
                yield inner.isEmpty() && !field.repeated() ? Optional.empty() : Optional.of(inner);
            }
        };
    }

    private static Json intOrString(Json.Obj value) {
        return value.integer("type").orElse(0) == 1
                ? value.at("strVal").orElse(Json.of(""))
                : value.at("intVal").orElse(Json.of(0));
    }

    private static ByteBuffer slice(ByteBuffer in) {
        long length = varint(in);
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        var part = in.slice(in.position(), (int) length);
        in.position(in.position() + (int) length);
        return part;
    }

    private static String text(ByteBuffer part) {
        return StandardCharsets.UTF_8.decode(part).toString();
    }

    private static String base64(ByteBuffer part) {
        var bytes = new byte[part.remaining()];
        part.get(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a varint has at most ten bytes");
    }

    /** Lines {@code Message: 1 name type, 2 name type[] ...}. */
    private static Map<String, Map<Integer, Field>> load() {
        var messages = new HashMap<String, Map<Integer, Field>>();
        try (var in = Protobuf.class.getResourceAsStream("protobuf.txt")) {
            if (in == null) {
                throw new IllegalStateException("protobuf.txt is missing");
            }
            var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            text.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line ->
                            messages.put(line.split(":", 2)[0], fields(line.split(":", 2)[1])));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return messages;
    }

    private static Map<Integer, Field> fields(String list) {
        var fields = new HashMap<Integer, Field>();
        for (var part : list.split(",", -1)) {
            var words = part.strip().split(" +", -1);
            boolean repeated = words.length > 2 && words[2].endsWith("[]");
            if (words.length == 3) {
                fields.put(
                        Integer.parseInt(words[0]),
                        new Field(words[1], words[2].replace("[]", ""), repeated));
            }
        }
        return fields;
    }
}
