package dev.marea.wire.llm.tools;

/** How a family of models sets its thoughts apart from its answer. */
public enum ReasoningFormat {
    NONE,
    /** Thoughts stand between {@code <think>} and {@code </think>}. */
    THINK,
    /** The prompt has opened the thoughts already; the text begins inside them. */
    THINK_OPENED;

    /** What a template and the prompt that it rendered say about thoughts. */
    public static ReasoningFormat of(String template, String prompt) {
        if (!template.contains("</think>")) {
            return NONE;
        }
        var end = prompt.stripTrailing();
        return end.endsWith("<think>") ? THINK_OPENED : THINK;
    }
}
