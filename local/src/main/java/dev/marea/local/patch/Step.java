package dev.marea.local.patch;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonWriter;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One step of a field's path in managedFields: a field, an item by its keys, or a set's value. */
sealed interface Step extends Comparable<Step> {
    record Field(String name) implements Step {}

    /** A list item, known by an object of its keys in order of their names. */
    record Item(Json.Obj keys) implements Step {
        public Item {
            keys = new Json.Obj(new TreeMap<>(keys.fields()));
        }
    }

    record Value(Json value) implements Step {}

    /** Never made here, but others may write it. */
    record Index(int at) implements Step {}

    /** As FieldsV1 spells it. */
    default String encoded() {
        return switch (this) {
            case Field(var name) -> "f:" + name;
            case Item(var keys) -> "k:" + JsonWriter.text(keys);
            case Value(var value) -> "v:" + JsonWriter.text(value);
            case Index(var at) -> "i:" + at;
        };
    }

    /** Empty for text that is no step. */
    static Optional<Step> decoded(String text) {
        if (text.length() < 2 || text.charAt(1) != ':') {
            return Optional.empty();
        }
        var rest = text.substring(2);
        try {
            return switch (text.charAt(0)) {
                case 'f' -> Optional.of(new Field(rest));
                case 'k' ->
                        JsonReader.read(rest) instanceof Json.Obj keys
                                ? Optional.of(new Item(keys))
                                : Optional.empty();
                case 'v' -> Optional.of(new Value(JsonReader.read(rest)));
                case 'i' -> Optional.of(new Index(Integer.parseInt(rest)));
                default -> Optional.empty();
            };
        } catch (JsonReader.MalformedJson | NumberFormatException _) {
            return Optional.empty();
        }
    }

    /** As a conflict prints it: {@code .spec}, {@code [name="a",port=80]}, {@code [="v"]}. */
    default String printed() {
        return switch (this) {
            case Field(var name) -> "." + name;
            case Item(var keys) ->
                    keys.fields().entrySet().stream()
                            .map(key -> key.getKey() + "=" + JsonWriter.text(key.getValue()))
                            .collect(Collectors.joining(",", "[", "]"));
            case Value(var value) -> "[=" + JsonWriter.text(value) + "]";
            case Index(var at) -> "[" + at + "]";
        };
    }

    private int rank() {
        return switch (this) {
            case Field _ -> 0;
            case Item _ -> 1;
            case Value _ -> 2;
            case Index _ -> 3;
        };
    }

    @Override
    default int compareTo(Step other) {
        if (this instanceof Field(var a) && other instanceof Field(var b)) {
            return a.compareTo(b);
        }
        int ranks = Integer.compare(rank(), other.rank());
        return ranks != 0 ? ranks : encoded().compareTo(other.encoded());
    }
}
