package dev.marea.wire.llm.tools;

/** Follows a JSON object or list letter by letter, to know where it ends. */
final class JsonSpan {
    private int depth;
    private boolean inString;
    private boolean escaped;

    /** Whether this letter was the value's last. */
    boolean ends(char c) {
        if (inString) {
            inString = escaped || c != '"';
            escaped = !escaped && c == '\\';
            return false;
        }
        switch (c) {
            case '"' -> inString = true;
            case '{', '[' -> depth++;
            case '}', ']' -> {
                depth--;
                return depth <= 0;
            }
            default -> {}
        }
        return false;
    }

    int depth() {
        return depth;
    }

    boolean inString() {
        return inString;
    }
}
