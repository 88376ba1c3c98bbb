package dev.marea.server.llama.talk;

/** What a door asks of its engine. */
public sealed interface Order {
    /** The first one: the engine loads, and answers with {@link News.Ready}. */
    record Load(EngineSettings settings) implements Order {}

    record Generate(long id, Prompt prompt, Wanted wanted) implements Order {}

    /** Nobody waits for it any more. */
    record Cancel(long id) implements Order {}

    /**
     * One vector, or one score where the model ranks.
     *
     * @param second the other text of a pair, or empty
     */
    record Embed(long id, Prompt prompt, String second) implements Order {}

    record Tokenize(long id, Prompt prompt) implements Order {}

    record Detokenize(long id, int[] tokens) implements Order {}
}
