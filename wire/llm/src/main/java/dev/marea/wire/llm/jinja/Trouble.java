package dev.marea.wire.llm.jinja;

/** A failure on its way to the template's edge, where it learns its line. */
final class Trouble extends RuntimeException {
    private static final long serialVersionUID = 1;

    final TemplateError.Kind kind;
    private final String text;

    Trouble(TemplateError.Kind kind, String text) {
        super(text, null, false, false);
        this.kind = kind;
        this.text = text;
    }

    Trouble(String text) {
        this(TemplateError.Kind.FAILED, text);
    }

    String text() {
        return text;
    }
}
