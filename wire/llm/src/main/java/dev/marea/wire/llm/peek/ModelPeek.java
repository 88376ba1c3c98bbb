package dev.marea.wire.llm.peek;

/**
 * Looks for the model's name in a body that comes in pieces, without keeping the body. Offsets
 * count bytes from the body's start; they enclose what must be replaced to name another model.
 */
public sealed interface ModelPeek permits JsonPeek, FormPeek {
    /** What is known so far. */
    sealed interface Seen {
        record NotYet() implements Seen {}

        record Model(String name, long start, long end) implements Seen {}

        /** The body ended, or cannot be read on, without one; the text says why. */
        record None(String why) implements Seen {}
    }

    Seen feed(byte[] bytes, int from, int length);

    /** How the name of another model is written in the place of this one's. */
    String written(String name);

    /** Whether the body has asked for a stream so far. */
    boolean asksForStream();

    /** Whether a body that begins like this asks for a stream, as far as it has come. */
    static boolean asksForStream(byte[] beginning) {
        var peek = new JsonPeek(JsonPeek.NO_FIELD);
        peek.feed(beginning, 0, beginning.length);
        return peek.asksForStream();
    }

    /**
     * For a body of this content type; a form without its boundary is read as JSON, and refused.
     */
    static ModelPeek of(String contentType) {
        var boundary = FormPeek.boundary(contentType);
        return boundary.isEmpty() ? new JsonPeek("model") : new FormPeek(boundary);
    }
}
