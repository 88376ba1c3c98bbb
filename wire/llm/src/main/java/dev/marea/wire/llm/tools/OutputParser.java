package dev.marea.wire.llm.tools;

import java.util.List;

/**
 * Reads a model's text as it comes. However the text is cut into pieces, the deltas add up to the
 * same reasoning, content and calls. One parser reads one answer.
 */
public interface OutputParser {
    List<OutputDelta> feed(String text);

    /** The text has ended: what was held back because it might have become a tag is told now. */
    List<OutputDelta> end();
}
