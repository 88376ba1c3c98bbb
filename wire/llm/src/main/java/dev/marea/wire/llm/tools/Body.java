package dev.marea.wire.llm.tools;

/** Reads what stands behind a start tag, as far as it has come. */
interface Body {
    /** Takes what it understands from the front of the text; {@code end}: no more will come. */
    int read(CharSequence text, boolean end, Calls calls);

    /** Whether the calls are over and the text goes on as content. */
    boolean done();
}
