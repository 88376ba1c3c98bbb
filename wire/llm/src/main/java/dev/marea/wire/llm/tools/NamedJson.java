package dev.marea.wire.llm.tools;

import java.util.List;

/** A name, a separator and the arguments as a JSON object, told as they come. */
final class NamedJson implements Body {
    private static final int NAME_CHARS_MAX = 512;

    private final String said;
    private final List<String> separators;
    private final List<String> ends;
    private final JsonSpan span = new JsonSpan();
    private boolean named;
    private boolean over;
    private boolean done;

    NamedJson(String said, List<String> separators, List<String> ends) {
        this.said = said;
        this.separators = separators;
        this.ends = ends;
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public int read(CharSequence text, boolean end, Calls calls) {
        int at = 0;
        if (!named) {
            int brace = Texts.indexOf(text, "{", 0);
            if (brace < 0 && !end && text.length() < NAME_CHARS_MAX) {
                return 0;
            }
            var name = name(brace < 0 ? "" : text.subSequence(0, brace).toString());
            if (name.isEmpty()) {
                done = true;
                calls.content(said);
                return 0;
            }
            named = true;
            calls.start(name, id(text.subSequence(0, brace).toString()));
            at = brace;
        }
        at = over ? at : arguments(text, at, calls);
        return over || end ? ending(text, at, end) : at;
    }

    /** What stands before the brace, less the separators and what introduces the JSON. */
    private String name(String before) {
        var name = before;
        int id = name.indexOf("[CALL_ID]");
        name = id < 0 ? name : name.substring(0, id);
        for (var separator : separators) {
            name = name.replace(separator, " ");
        }
        name = name.replace("```json", " ").strip();
        if (name.startsWith("function ")) {
            name = name.substring("function ".length()).strip();
        }
        return name.matches("[\\w.:/-]+") ? name : "";
    }

    private static String id(String before) {
        int at = before.indexOf("[CALL_ID]");
        return at < 0
                ? ""
                : before.substring(at + "[CALL_ID]".length()).replace("[ARGS]", "").strip();
    }

    private int arguments(CharSequence text, int from, Calls calls) {
        int at = from;
        while (at < text.length() && !over) {
            over = span.ends(text.charAt(at++));
        }
        calls.arguments(text.subSequence(from, at).toString());
        return at;
    }

    private int ending(CharSequence text, int from, boolean end) {
        if (ends.isEmpty()) {
            done = true;
            return from;
        }
        int at = Texts.skipSpace(text, from);
        if (at + 3 <= text.length() && Texts.mayBegin(text, at, "```")) {
            at = Texts.skipSpace(text, at + 3);
        }
        for (var tagAtEnd : ends) {
            if (text.length() - at >= tagAtEnd.length() && Texts.mayBegin(text, at, tagAtEnd)) {
                done = true;
                return at + tagAtEnd.length();
            }
        }
        int place = at;
        boolean mayCome =
                at == text.length()
                        || Texts.mayBegin(text, place, "```")
                        || ends.stream().anyMatch(one -> Texts.mayBegin(text, place, one));
        if (mayCome && !end) {
            return from;
        }
        done = true;
        return at;
    }
}
