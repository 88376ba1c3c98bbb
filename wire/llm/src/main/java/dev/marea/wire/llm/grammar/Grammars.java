package dev.marea.wire.llm.grammar;

import dev.marea.wire.json.Json;

/** Grammars in GBNF, whose start is {@code root}. */
public final class Grammars {
    private Grammars() {}

    /** What a schema allows; a schema that cannot be held is refused with the path. */
    public static String of(Json schema) throws UnsupportedSchema {
        if (!schema.equals(Json.Obj.of("type", "string"))) {
            throw new UnsupportedSchema("", "this schema is not compiled yet");
        }
        return "root ::= \"\\\"\" [^\"\\\\\\x00-\\x1F]* \"\\\"\"";
    }
}
