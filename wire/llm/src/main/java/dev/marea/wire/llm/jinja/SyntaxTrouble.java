package dev.marea.wire.llm.jinja;

/** A template that cannot be read, and where. */
final class SyntaxTrouble extends RuntimeException {
    private static final long serialVersionUID = 1;

    final int line;
    private final String text;

    SyntaxTrouble(int line, String text) {
        super(text, null, false, false);
        this.line = line;
        this.text = text;
    }

    String text() {
        return text;
    }
}
