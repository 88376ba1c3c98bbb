package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import dev.marea.wire.text.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A part of the schema of one of our CRDs, as a judge that is stricter than an API server: where an
 * object lists its properties, every other field is a mistake and gets the nearest known name. Pod
 * parts list none, so they are taken as they are.
 */
record Schema(Json.Obj tree) {

    /** The schema of a field, by names. */
    Schema at(String... names) {
        var here = tree;
        for (var name : names) {
            here = here.object("properties", name);
        }
        return new Schema(here);
    }

    Set<String> names() {
        return tree.object("properties").fields().keySet();
    }

    /** The same object without some of its fields. */
    Schema lacking(Set<String> names) {
        var fewer = new LinkedHashMap<>(tree.object("properties").fields());
        fewer.keySet().removeAll(names);
        return new Schema(tree.with("properties", new Json.Obj(fewer)));
    }

    /** The same object for one who says only what differs: no field is required, at any depth. */
    Schema partial() {
        var fields = new LinkedHashMap<>(tree.object("properties").fields());
        fields.replaceAll((name, _) -> at(name).partial().tree());
        var all = tree.without("required");
        return new Schema(fields.isEmpty() ? all : all.with("properties", new Json.Obj(fields)));
    }

    /** The shortest path to a field of this name anywhere below, upper and lower case alike. */
    Optional<String> place(String name) {
        var level = new LinkedHashMap<String, Schema>(Map.of("", this));
        while (!level.isEmpty()) {
            var next = new LinkedHashMap<String, Schema>();
            for (var here : level.entrySet()) {
                for (var known : here.getValue().names()) {
                    var path = join(here.getKey(), known);
                    if (known.equalsIgnoreCase(name)) {
                        return Optional.of(path);
                    }
                    next.put(path, here.getValue().at(known));
                }
            }
            level = next;
        }
        return Optional.empty();
    }

    void check(Json value, String path, Problems problems) {
        if (tree.text("type").isEmpty()) {
            if (tree.flag("x-kubernetes-int-or-string")) {
                checkIntOrString(value, path, problems);
            }
            return;
        }
        switch (value) {
            case Json.Obj object when typed("object") -> checkObject(object, path, problems);
            case Json.Arr array when typed("array") -> checkArray(array, path, problems);
            case Json.Str(var text) when typed("string") -> checkText(text, path, problems);
            case Json.Int(var number) when typed("integer") || typed("number") ->
                    checkNumber(number, path, problems);
            case Json.Dec(_) when typed("number") -> {}
            case Json.Bool(_) when typed("boolean") -> {}
            case Json.Null() ->
                    problems.wrongType(
                            path, "is null; leave the field out instead, or give " + expected());
            case Json _ ->
                    problems.wrongType(path, "must be " + expected() + ", was " + was(value));
        }
    }

    private boolean typed(String type) {
        return tree.text("type").filter(type::equals).isPresent();
    }

    private void checkObject(Json.Obj object, String path, Problems problems) {
        for (var required : tree.list("required")) {
            if (required instanceof Json.Str(var name) && !object.has(name)) {
                problems.missing(join(path, name), "is missing: " + at(name).description());
            }
        }
        var properties = tree.object("properties");
        var others = tree.object("additionalProperties");
        for (var field : object.fields().entrySet()) {
            var name = field.getKey();
            var place = join(path, name);
            if (properties.has(name)) {
                at(name).check(field.getValue(), place, problems);
            } else if (!others.isEmpty()) {
                new Schema(others).check(field.getValue(), path + "[" + name + "]", problems);
            } else if (!properties.isEmpty()) {
                problems.unknown(place, name, names());
            }
        }
    }

    private void checkArray(Json.Arr array, String path, Problems problems) {
        var size = array.items().size();
        if (tree.integer("maxItems").orElse(Long.MAX_VALUE) < size) {
            problems.invalid(
                    path,
                    "has %d entries, at most %d are taken"
                            .formatted(size, tree.integer("maxItems").getAsLong()));
            return;
        }
        if (tree.integer("minItems").orElse(0) > size) {
            problems.invalid(
                    path,
                    "needs at least %d entry: %s"
                            .formatted(tree.integer("minItems").getAsLong(), description()));
        }
        var items = new Schema(tree.object("items"));
        for (int i = 0; i < size; i++) {
            items.check(array.items().get(i), path + "[" + i + "]", problems);
        }
    }

    private void checkText(String text, String path, Problems problems) {
        var allowed = choices();
        if (!allowed.isEmpty() && !allowed.contains(text)) {
            problems.notSupported(
                    path,
                    "\""
                            + clipped(text)
                            + "\" is not one of "
                            + String.join(", ", allowed)
                            + Nearest.hint(text, allowed));
        }
        if (text.length() < tree.integer("minLength").orElse(0)) {
            problems.invalid(path, "is empty; give a value or leave the field out");
        }
        tree.integer("maxLength")
                .ifPresent(max -> {
                    if (text.length() > max) {
                        problems.invalid(
                                path,
                                "has %d characters, at most %d are taken"
                                        .formatted(text.length(), max));
                    }
                });
    }

    private void checkNumber(long number, String path, Problems problems) {
        var min = tree.integer("minimum");
        var max = tree.integer("maximum");
        if (number < min.orElse(Long.MIN_VALUE) || number > max.orElse(Long.MAX_VALUE)) {
            problems.invalid(path, "must be " + range(min, max) + ", was " + number);
        }
    }

    private void checkIntOrString(Json value, String path, Problems problems) {
        if (!(value instanceof Json.Int || value instanceof Json.Str)) {
            problems.wrongType(path, "must be an integer or a string, was " + was(value));
        }
    }

    private static String range(OptionalLong min, OptionalLong max) {
        if (max.isEmpty()) {
            return min.getAsLong() + " or more";
        }
        return min.isEmpty()
                ? max.getAsLong() + " or less"
                : min.getAsLong() + " to " + max.getAsLong();
    }

    private List<String> choices() {
        var choices = new ArrayList<String>();
        for (var choice : tree.list("enum")) {
            if (choice instanceof Json.Str(var text)) {
                choices.add(text);
            }
        }
        return choices;
    }

    private String description() {
        return tree.text("description").orElse("it is required");
    }

    private String expected() {
        return switch (tree.text("type").orElse("")) {
            case "object" ->
                    names().isEmpty()
                            ? "an object"
                            : "an object with "
                                    + names().stream().limit(4).collect(Collectors.joining(", "))
                                    + (names().size() > 4 ? " ..." : "");
            case "array" -> "a list";
            case "integer" -> {
                var min = tree.integer("minimum");
                var max = tree.integer("maximum");
                yield min.isPresent() || max.isPresent()
                        ? "an integer, " + range(min, max)
                        : "an integer";
            }
            case "number" -> "a number";
            case "boolean" -> "true or false";
            default -> "a string";
        };
    }

    static String was(Json value) {
        return switch (value) {
            case Json.Obj _ -> "an object";
            case Json.Arr _ -> "a list";
            case Json.Str(var text) -> "the string \"" + clipped(text) + "\"";
            case Json.Int(var number) -> "the number " + number;
            case Json.Dec(var number) -> "the number " + number;
            case Json.Bool(var flag) -> String.valueOf(flag);
            case Json.Null() -> "null";
        };
    }

    private static String clipped(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }

    static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
