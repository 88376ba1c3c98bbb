package dev.marea.wire.llm.grammar;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;

/**
 * How a family writes calls, for a grammar to hold a model to it: what stands before the first,
 * around each (with the name and the arguments between), between two, and after the last.
 */
public record CallNotation(
        String before, String open, String middle, String close, String between, String after) {

    /** A tool that may be called. */
    public record Callable(String name, Json parameters) {}

    /** {@code {"name": …, "arguments": …}}, with a tag around each. */
    public static CallNotation tagged(String open, String close, String argumentsKey) {
        return new CallNotation(
                "", open + "{\"name\": ", ", \"" + argumentsKey + "\": ", "}" + close, "\n", "");
    }

    /** The same objects in one list behind a tag. */
    public static CallNotation listed(String before, String after) {
        return new CallNotation(
                before + "[", "{\"name\": ", ", \"arguments\": ", "}", ", ", "]" + after);
    }

    String call(String name, String argumentsRule) {
        var written = open.contains("\"name\"") ? JsonWriter.text(new Json.Str(name)) : name;
        return Rules.literal(open + written + middle)
                + " "
                + argumentsRule
                + " "
                + Rules.literal(close);
    }
}
