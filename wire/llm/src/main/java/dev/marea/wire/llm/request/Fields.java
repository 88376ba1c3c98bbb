package dev.marea.wire.llm.request;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads the fields of one object; every complaint names the path. A field that is null counts as
 * absent, as every client of these APIs expects. What was never asked for is kept in {@link #rest}.
 */
public final class Fields {
    private final Json.Obj object;
    private final String path;
    private final Set<String> known = new HashSet<>();

    private Fields(Json.Obj object, String path) {
        this.object = object;
        this.path = path;
    }

    public static Fields of(Json value, String path) throws InvalidRequest {
        if (value instanceof Json.Obj object) {
            return new Fields(object, path);
        }
        throw new InvalidRequest(
                path, (path.isEmpty() ? "the body" : path) + " must be a JSON object");
    }

    public String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    public Json.Obj source() {
        return object;
    }

    public boolean has(String name) {
        return value(name).isPresent();
    }

    public Optional<Json> value(String name) {
        known.add(name);
        var value = object.fields().get(name);
        return value == null || value instanceof Json.Null ? Optional.empty() : Optional.of(value);
    }

    public Json required(String name) throws InvalidRequest {
        return value(name)
                .orElseThrow(() -> new InvalidRequest(path(name), path(name) + " is required"));
    }

    public Optional<String> text(String name, int charsMax) throws InvalidRequest {
        var value = value(name);
        return value.isEmpty()
                ? Optional.empty()
                : Optional.of(text(value.get(), path(name), charsMax));
    }

    public String requiredText(String name, int charsMax) throws InvalidRequest {
        return text(required(name), path(name), charsMax);
    }

    public static String text(Json value, String path, int charsMax) throws InvalidRequest {
        if (!(value instanceof Json.Str(var text))) {
            throw new InvalidRequest(path, path + " must be a string");
        }
        if (text.length() > charsMax) {
            throw new InvalidRequest(
                    path,
                    "%s has %d characters; at most %d are taken"
                            .formatted(path, text.length(), charsMax));
        }
        return text;
    }

    public boolean flag(String name, boolean otherwise) throws InvalidRequest {
        return switch (value(name).orElse(new Json.Bool(otherwise))) {
            case Json.Bool(var flag) -> flag;
            case Json _ ->
                    throw new InvalidRequest(path(name), path(name) + " must be true or false");
        };
    }

    public OptionalInt integer(String name, int min, int max) throws InvalidRequest {
        var number = whole(name, min, max);
        return number.isEmpty() ? OptionalInt.empty() : OptionalInt.of((int) number.getAsLong());
    }

    public OptionalLong whole(String name, long min, long max) throws InvalidRequest {
        var value = value(name);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        long number =
                switch (value.get()) {
                    case Json.Int(var n) -> n;
                    case Json.Dec(var d) when d == Math.rint(d) && Math.abs(d) < 1L << 53 ->
                            (long) d;
                    case Json.Dec(var d) when Math.abs(d) >= 1L << 53 ->
                            throw outside(name, min, max, value.get());
                    case Json _ ->
                            throw new InvalidRequest(
                                    path(name), path(name) + " must be a whole number");
                };
        if (number < min || number > max) {
            throw outside(name, min, max, value.get());
        }
        return OptionalLong.of(number);
    }

    public OptionalDouble number(String name, double min, double max) throws InvalidRequest {
        var value = value(name);
        if (value.isEmpty()) {
            return OptionalDouble.empty();
        }
        double number =
                switch (value.get()) {
                    case Json.Int(var n) -> n;
                    case Json.Dec(var d) -> d;
                    case Json _ ->
                            throw new InvalidRequest(path(name), path(name) + " must be a number");
                };
        if (number < min || number > max) {
            throw outside(name, min, max, value.get());
        }
        return OptionalDouble.of(number);
    }

    private InvalidRequest outside(String name, Number min, Number max, Json value) {
        return new InvalidRequest(
                path(name),
                "%s must be from %s to %s, was %s".formatted(path(name), min, max, value));
    }

    public List<Json> list(String name, int itemsMax) throws InvalidRequest {
        var value = value(name);
        if (value.isEmpty()) {
            return List.of();
        }
        return list(value.get(), path(name), itemsMax);
    }

    public static List<Json> list(Json value, String path, int itemsMax) throws InvalidRequest {
        if (!(value instanceof Json.Arr(var items))) {
            throw new InvalidRequest(path, path + " must be a list");
        }
        if (items.size() > itemsMax) {
            throw new InvalidRequest(
                    path,
                    "%s has %d items; at most %d are taken"
                            .formatted(path, items.size(), itemsMax));
        }
        return items;
    }

    /** One string or a list of strings, as {@code stop} is. */
    public List<String> texts(String name, int itemsMax, int charsMax) throws InvalidRequest {
        var value = value(name);
        if (value.isEmpty()) {
            return List.of();
        }
        if (value.get() instanceof Json.Str) {
            return List.of(text(value.get(), path(name), charsMax));
        }
        var texts = new ArrayList<String>();
        for (var item : list(name, itemsMax)) {
            texts.add(text(item, path(name) + "[" + texts.size() + "]", charsMax));
        }
        return List.copyOf(texts);
    }

    /** The object of this name, read on by its own path; empty where there is none. */
    public Optional<Fields> object(String name) throws InvalidRequest {
        var value = value(name);
        return value.isEmpty() ? Optional.empty() : Optional.of(Fields.of(value.get(), path(name)));
    }

    public Fields requiredObject(String name) throws InvalidRequest {
        return Fields.of(required(name), path(name));
    }

    /** What nobody asked for: kept, because engines know more fields than we do. */
    public Json.Obj rest() {
        var rest = new LinkedHashMap<String, Json>();
        object.fields()
                .forEach((name, value) -> {
                    if (!known.contains(name)) {
                        rest.put(name, value);
                    }
                });
        return new Json.Obj(rest);
    }
}
