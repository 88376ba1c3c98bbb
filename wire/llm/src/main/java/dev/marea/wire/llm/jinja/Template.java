package dev.marea.wire.llm.jinja;

import dev.marea.wire.json.Json;
import java.time.ZonedDateTime;
import java.util.List;

/**
 * A Jinja template, read once and rendered often. It sees data and a handful of functions; it can
 * reach nothing else, load nothing, and is stopped when it wants too much.
 */
public final class Template {
    private final List<Node> body;
    private final TemplateLimits limits;

    private Template(List<Node> body, TemplateLimits limits) {
        this.body = body;
        this.limits = limits;
    }

    public static Template compile(String source, TemplateLimits limits) throws TemplateError {
        if (source.length() > limits.sourceCharsMax()) {
            throw new TemplateError(
                    TemplateError.Kind.OVER_BUDGET,
                    1,
                    "the template has %d characters; at most %d are taken"
                            .formatted(source.length(), limits.sourceCharsMax()));
        }
        try {
            return new Template(BodyParser.parse(source), limits);
        } catch (SyntaxTrouble trouble) {
            throw new TemplateError(TemplateError.Kind.SYNTAX, trouble.line, trouble.text());
        }
    }

    /** The template's text for these variables; {@code now} is what strftime_now tells. */
    public String render(Json.Obj variables, ZonedDateTime now) throws TemplateError {
        long size = size(variables);
        var meter = new Meter(limits.steps(size), limits.output(size), limits.depthMax());
        var rendering = new Rendering(meter, now);
        var globals = new Scope(null);
        new Globals(rendering).define(globals);
        var interpreter = new Interpreter(rendering);
        try {
            variables.fields().forEach((name, value) -> globals.set(name, Value.of(value)));
            return interpreter.render(body, new Scope(globals));
        } catch (Trouble trouble) {
            throw new TemplateError(trouble.kind, interpreter.line(), trouble.text());
        }
    }

    private static long size(Json value) {
        return switch (value) {
            case Json.Obj(var fields) ->
                    fields.entrySet().stream()
                            .mapToLong(e -> e.getKey().length() + size(e.getValue()) + 4)
                            .sum();
            case Json.Arr(var items) -> items.stream().mapToLong(i -> size(i) + 2).sum();
            case Json.Str(var text) -> text.length() + 2L;
            case Json.Int _, Json.Dec _, Json.Bool _, Json.Null _ -> 8;
        };
    }
}
