package dev.marea.wire.llm.tools;

import java.util.function.BiPredicate;

/** A call that is read once its end tag has come. */
final class MarkedCalls implements Body {
    private final String said;
    private final String end;
    private final BiPredicate<String, Calls> reader;
    private boolean done;

    /** The reader says whether the text between the tags was a call; else it was said. */
    MarkedCalls(String said, String end, BiPredicate<String, Calls> reader) {
        this.said = said;
        this.end = end;
        this.reader = reader;
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public int read(CharSequence text, boolean over, Calls calls) {
        int at = Texts.indexOf(text, end, 0);
        if (at < 0 && !over) {
            return 0;
        }
        done = true;
        int length = at < 0 ? text.length() : at;
        var inside = text.subSequence(0, length).toString();
        int next = at < 0 ? length : at + end.length();
        if (!reader.test(inside, calls)) {
            calls.content(said + inside + (at < 0 ? "" : end));
        }
        return next;
    }
}
