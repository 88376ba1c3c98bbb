package dev.marea.wire.llm.grammar;

import dev.marea.wire.json.Json;
import java.util.List;
import java.util.stream.Collectors;

/** Grammars in GBNF, whose start is {@code root}. */
public final class Grammars {
    private Grammars() {}

    /** What a schema allows; a schema that cannot be held is refused with the path. */
    public static String of(Json schema) throws UnsupportedSchema {
        var rules = new Rules();
        return rules.text(new SchemaCompiler(schema, rules).rule(schema, "", "root"));
    }

    /** Any JSON object. */
    public static String jsonObject() {
        var rules = new Rules();
        return rules.text(rules.base("object"));
    }

    /** One of these texts. */
    public static String choice(List<String> texts) {
        return "root ::= "
                + texts.stream().map(Rules::literal).collect(Collectors.joining(" | "))
                + "\n";
    }

    /** A text that matches the whole of a pattern. */
    public static String regex(String pattern) throws UnsupportedSchema {
        return "root ::= " + RegexParser.grammar(pattern, RegexText.PLAIN, "") + "\n";
    }

    /** One of several calls, each in the notation of {@link CallNotation}. */
    public static String calls(
            CallNotation notation, List<CallNotation.Callable> tools, boolean several)
            throws UnsupportedSchema {
        var rules = new Rules();
        var calls = new java.util.ArrayList<String>();
        for (var tool : tools) {
            var compiler = new SchemaCompiler(tool.parameters(), rules);
            var parameters = withType(tool.parameters());
            var arguments = compiler.rule(parameters, tool.name() + ".parameters", tool.name());
            calls.add(notation.call(tool.name(), arguments));
        }
        var one = rules.add("call", String.join(" | ", calls), "");
        var between = Rules.literal(notation.between());
        var more =
                several
                        ? " (" + (notation.between().isEmpty() ? "" : between + " ") + one + ")*"
                        : "";
        return rules.text(
                (notation.before().isEmpty() ? "" : Rules.literal(notation.before()) + " ")
                        + one
                        + more
                        + (notation.after().isEmpty()
                                ? ""
                                : " " + Rules.literal(notation.after())));
    }

    private static Json withType(Json parameters) {
        boolean bare = parameters instanceof Json.Obj object && object.isEmpty();
        return bare ? Json.Obj.of("type", "object", "properties", Json.Obj.EMPTY) : parameters;
    }
}
