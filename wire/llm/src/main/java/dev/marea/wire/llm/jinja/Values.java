package dev.marea.wire.llm.jinja;

/** The values that are needed again and again. */
final class Values {
    static final Value NONE = new Value.None();
    static final Value TRUE = new Value.Bool(true);
    static final Value FALSE = new Value.Bool(false);
    static final Value EMPTY_TEXT = new Value.Str("");

    private Values() {}
}
