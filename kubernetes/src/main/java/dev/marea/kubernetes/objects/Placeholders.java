package dev.marea.kubernetes.objects;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills {@code {{.Name}}}, {@code {{.Namespace}}}, {@code {{.Labels.x}}} and {@code
 * {{.Annotations.x}}} in a runtime's container. An absent label is the empty string, as in Go;
 * other braces, such as a chat template's, are left alone.
 */
record Placeholders(
        String name,
        String namespace,
        Map<String, String> labels,
        Map<String, String> annotations) {
    private static final Pattern PLACEHOLDER =
            Pattern.compile(
                    "\\{\\{-?\\s*\\.(?:(Name|Namespace)|(Labels|Annotations)\\.([A-Za-z0-9_]+))\\s*-?\\}\\}");

    Json fill(Json value) {
        return switch (value) {
            case Json.Str(var text) -> new Json.Str(fill(text));
            case Json.Obj(var fields) -> {
                var filled = new LinkedHashMap<String, Json>();
                fields.forEach((key, v) -> filled.put(key, fill(v)));
                yield new Json.Obj(filled);
            }
            case Json.Arr(var items) -> {
                var filled = new ArrayList<Json>();
                items.forEach(item -> filled.add(fill(item)));
                yield new Json.Arr(filled);
            }
            case Json.Int _, Json.Dec _, Json.Bool _, Json.Null _ -> value;
        };
    }

    private String fill(String text) {
        return text.contains("{{")
                ? PLACEHOLDER
                        .matcher(text)
                        .replaceAll(found -> Matcher.quoteReplacement(value(found)))
                : text;
    }

    private String value(java.util.regex.MatchResult found) {
        if (found.group(1) != null) {
            return found.group(1).equals("Name") ? name : namespace;
        }
        var from = found.group(2).equals("Labels") ? labels : annotations;
        return from.getOrDefault(found.group(3), "");
    }
}
