package dev.marea.server.llama.sample;

/** What may come next, as a grammar says it. */
public interface Rules {
    boolean allows(int token);

    /** Sets the logits of all that may not come to negative infinity. */
    void forbid(float[] logits);

    void accept(int token);
}
