package dev.marea.wire.llm.tools;

import java.util.List;
import java.util.Optional;

/** Call objects behind a tag: one, or a list of them, and perhaps an end tag. */
final class JsonCalls implements Body {
    private final String said;
    private final List<String> ends;
    private Optional<CallObject> object = Optional.empty();
    private boolean list;
    private boolean begun;
    private boolean over;
    private boolean done;

    JsonCalls(String said, List<String> ends) {
        this.said = said;
        this.ends = ends;
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public int read(CharSequence text, boolean end, Calls calls) {
        int at = 0;
        while (!done) {
            int next = object.isPresent() ? inObject(text, at) : between(text, at, end, calls);
            if (next < 0) {
                at = object.isPresent() ? text.length() : at;
                break;
            }
            at = next;
        }
        if (end && !done) {
            object.ifPresent(CallObject::cut);
            done = true;
        }
        return at;
    }

    private int inObject(CharSequence text, int at) {
        int next = object.orElseThrow().read(text, at, new StringBuilder());
        if (next >= 0) {
            object = Optional.empty();
            over = !list;
        }
        return next;
    }

    /** Between objects; -1 when more text must come first. */
    private int between(CharSequence text, int from, boolean end, Calls calls) {
        int at = Texts.skipSpace(text, from);
        if (over) {
            done = ends.isEmpty();
            return done ? from : ending(text, at, end);
        }
        if (at == text.length()) {
            done = end;
            return end ? at : -1;
        }
        char c = text.charAt(at);
        if (c == '{') {
            begun = true;
            object = Optional.of(new CallObject(calls));
            return at;
        }
        if (c == '[' && !begun) {
            begun = true;
            list = true;
            return at + 1;
        }
        if (list && (c == ',' || c == ']')) {
            over = c == ']';
            return at + 1;
        }
        return stranger(from, at, calls);
    }

    /** What follows the tag is no call: it was said, tag and all. */
    private int stranger(int from, int at, Calls calls) {
        done = true;
        if (!begun) {
            calls.content(said);
            return from;
        }
        return at;
    }

    private int ending(CharSequence text, int at, boolean end) {
        for (var tagAtEnd : ends) {
            if (text.length() - at >= tagAtEnd.length() && Texts.mayBegin(text, at, tagAtEnd)) {
                done = true;
                return at + tagAtEnd.length();
            }
        }
        boolean mayCome = ends.stream().anyMatch(tagAtEnd -> Texts.mayBegin(text, at, tagAtEnd));
        if (mayCome && !end) {
            return -1;
        }
        done = true;
        return at;
    }
}
