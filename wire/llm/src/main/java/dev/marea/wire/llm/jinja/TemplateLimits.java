package dev.marea.wire.llm.jinja;

/**
 * What a template may cost. Steps and output grow with the input, so that a long conversation is
 * rendered and a hostile template is still stopped.
 */
public record TemplateLimits(int sourceCharsMax, long stepsBase, long outputBase, int depthMax) {
    public static final TemplateLimits DEFAULT =
            new TemplateLimits(512 << 10, 1_000_000, 64 << 10, 100);

    long steps(long inputChars) {
        return stepsBase + inputChars;
    }

    /** JSON inside a prompt is escaped and indented; four times the input leaves room for that. */
    long output(long inputChars) {
        return outputBase + 4 * inputChars;
    }
}
