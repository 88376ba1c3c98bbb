package dev.marea.server.llama.door;

import dev.marea.server.llama.talk.Prompt;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps control tokens that a user wrote from acting. A template's answer is one text in which
 * nobody can tell any more who wrote a part; so the names of control tokens are marked in messages
 * before, and what is marked is no control token after.
 */
final class Quoting {
    /**
     * Characters that no text has: they are of no language, and taken out where someone sends them.
     */
    private static final char OPEN = '\uE0F0';

    private static final char CLOSE = '\uE0F1';

    private final Map<Character, List<String>> byFirst = new HashMap<>();

    Quoting(List<String> control) {
        for (var name : control) {
            byFirst.computeIfAbsent(name.charAt(0), _ -> new ArrayList<>()).add(name);
        }
        // The longest first: one name may begin with another.
        byFirst.values().forEach(names -> names.sort((a, b) -> b.length() - a.length()));
    }

    List<Json.Obj> marked(List<Json.Obj> objects) {
        return objects.stream().map(object -> (Json.Obj) marked(object)).toList();
    }

    private Json marked(Json value) {
        return switch (value) {
            case Json.Str(var text) -> new Json.Str(marked(text));
            case Json.Arr(var items) -> new Json.Arr(items.stream().map(this::marked).toList());
            case Json.Obj(var fields) -> {
                var marked = new LinkedHashMap<String, Json>();
                fields.forEach((name, field) -> marked.put(name, marked(field)));
                yield new Json.Obj(marked);
            }
            case Json.Int _, Json.Dec _, Json.Bool _, Json.Null _ -> value;
        };
    }

    String marked(String text) {
        StringBuilder out = null;
        int copied = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            var name = c == OPEN || c == CLOSE ? "" : nameAt(text, i, c);
            if (name == null) {
                continue;
            }
            out = out == null ? new StringBuilder(text.length() + 16) : out;
            out.append(text, copied, i);
            if (!name.isEmpty()) {
                out.append(OPEN).append(name).append(CLOSE);
            }
            int length = Math.max(1, name.length());
            copied = i + length;
            i = copied - 1;
        }
        return out == null ? text : out.append(text, copied, text.length()).toString();
    }

    private @org.jspecify.annotations.Nullable String nameAt(String text, int at, char first) {
        for (var name : byFirst.getOrDefault(first, List.of())) {
            if (text.startsWith(name, at)) {
                return name;
            }
        }
        return null;
    }

    /** The parts of a rendered text. */
    static List<Prompt.Part> parts(String rendered) {
        var parts = new ArrayList<Prompt.Part>();
        int from = 0;
        for (int open = rendered.indexOf(OPEN); open >= 0; open = rendered.indexOf(OPEN, from)) {
            int close = rendered.indexOf(CLOSE, open);
            close = close < 0 ? rendered.length() : close;
            add(parts, rendered.substring(from, open), true);
            add(parts, rendered.substring(open + 1, close), false);
            from = Math.min(rendered.length(), close + 1);
        }
        add(parts, rendered.substring(from), true);
        return parts;
    }

    private static void add(List<Prompt.Part> parts, String text, boolean control) {
        // A template may have taken one of the two away.
        var bare = text.indexOf(CLOSE) < 0 ? text : text.replace(String.valueOf(CLOSE), "");
        if (!bare.isEmpty()) {
            parts.add(new Prompt.Part(bare, control));
        }
    }

    /** A rendered text as a person reads it. */
    static String bare(String rendered) {
        return rendered.replace(String.valueOf(OPEN), "").replace(String.valueOf(CLOSE), "");
    }
}
