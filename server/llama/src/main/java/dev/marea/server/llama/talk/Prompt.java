package dev.marea.server.llama.talk;

import java.util.List;

/** What a model reads. */
public sealed interface Prompt {
    /**
     * A text in parts.
     *
     * @param addSpecial with what the model wants at its beginning and end
     */
    record Text(List<Part> parts, boolean addSpecial) implements Prompt {
        public Text {
            parts = List.copyOf(parts);
        }

        public static Text of(String text) {
            return new Text(List.of(new Part(text, false)), true);
        }
    }

    /** Ids that the caller knows. */
    record Tokens(int[] ids) implements Prompt {}

    /**
     * @param control whether names of control tokens in it become those tokens: true of a template,
     *     never of what a user wrote
     */
    record Part(String text, boolean control) {}
}
