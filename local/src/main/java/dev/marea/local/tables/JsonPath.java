package dev.marea.local.tables;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of JSONPath that printer columns and scale paths use: fields, quoted fields, indexes,
 * {@code [*]} and filters that compare one field with a literal. Yields the first hit.
 */
public final class JsonPath {
    private static final Pattern STEP =
            Pattern.compile(
                    "\\.(?<field>(?:\\\\.|[^.\\[\\]\\\\])+)"
                            + "|\\[\\s*(?<index>-?\\d+)\\s*]"
                            + "|\\[\\s*'(?<quoted>[^']*)'\\s*]"
                            + "|\\[\\s*\"(?<quoted2>[^\"]*)\"\\s*]"
                            + "|(?<all>\\[\\*])"
                            + "|\\[\\?\\(\\s*@\\.(?<key>[\\w.-]+)\\s*(?<op>==|!=)\\s*"
                            + "(?:'(?<text>[^']*)'|\"(?<text2>[^\"]*)\"|(?<bare>[\\w.-]+))\\s*\\)]");

    private sealed interface Step {
        record Field(String name) implements Step {}

        record Index(int at) implements Step {}

        record All() implements Step {}

        record Filter(List<String> key, boolean equal, String literal) implements Step {}
    }

    private final List<Step> steps;

    private JsonPath(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    public static JsonPath parse(String path) {
        var steps = new ArrayList<Step>();
        var matcher =
                STEP.matcher(path.startsWith(".") || path.startsWith("[") ? path : "." + path);
        int at = 0;
        while (matcher.lookingAt()) {
            steps.add(step(matcher));
            at = matcher.end();
            matcher.region(at, matcher.regionEnd());
        }
        if (at != matcher.regionEnd()) {
            throw new IllegalArgumentException("cannot read the JSON path " + path + " from " + at);
        }
        return new JsonPath(steps);
    }

    private static Step step(Matcher matcher) {
        return group(matcher, "field")
                .<Step>map(name -> new Step.Field(name.replaceAll("\\\\(.)", "$1")))
                .or(() -> group(matcher, "quoted").map(Step.Field::new))
                .or(() -> group(matcher, "quoted2").map(Step.Field::new))
                .or(() -> group(matcher, "index").map(at -> new Step.Index(Integer.parseInt(at))))
                .or(() -> group(matcher, "key").map(key -> filter(key, matcher)))
                .orElseGet(Step.All::new);
    }

    private static Step filter(String key, Matcher matcher) {
        var literal =
                group(matcher, "text")
                        .or(() -> group(matcher, "text2"))
                        .or(() -> group(matcher, "bare"));
        return new Step.Filter(
                List.of(key.split("\\.", -1)),
                group(matcher, "op").filter("=="::equals).isPresent(),
                literal.orElse(""));
    }

    private static Optional<String> group(Matcher matcher, String name) {
        return Optional.ofNullable(matcher.group(name));
    }

    public Optional<Json> first(Json document) {
        return first(document, 0).filter(value -> !(value instanceof Json.Null));
    }

    private Optional<Json> first(Json here, int depth) {
        if (depth == steps.size()) {
            return Optional.of(here);
        }
        return switch (steps.get(depth)) {
            case Step.Field(var name) -> here.at(name).flatMap(next -> first(next, depth + 1));
            case Step.Index(var at) ->
                    item(here.list(), at).flatMap(next -> first(next, depth + 1));
            case Step.All() -> firstOf(here.list(), depth);
            case Step.Filter filter ->
                    firstOf(here.list().stream().filter(i -> passes(filter, i)).toList(), depth);
        };
    }

    private static Optional<Json> item(List<Json> items, int at) {
        int index = at < 0 ? items.size() + at : at;
        return index >= 0 && index < items.size()
                ? Optional.of(items.get(index))
                : Optional.empty();
    }

    private Optional<Json> firstOf(List<Json> items, int depth) {
        return items.stream().flatMap(item -> first(item, depth + 1).stream()).findFirst();
    }

    private static boolean passes(Step.Filter filter, Json item) {
        var value = item.at(filter.key().toArray(String[]::new)).map(JsonPath::plain);
        return value.isPresent() && value.get().equals(filter.literal()) == filter.equal();
    }

    private static String plain(Json value) {
        return value instanceof Json.Str(var text) ? text : value.toString();
    }

    /** The path as field names, for writing; empty if it has other steps. */
    public Optional<List<String>> fieldNames() {
        return steps.stream().allMatch(step -> step instanceof Step.Field)
                ? Optional.of(steps.stream().map(step -> ((Step.Field) step).name()).toList())
                : Optional.empty();
    }
}
