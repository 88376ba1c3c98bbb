package dev.marea.wire.llm.tools;

import java.util.List;

/** A model that neither thinks aloud nor calls tools: everything is content. */
final class PlainText implements OutputParser {
    @Override
    public List<OutputDelta> feed(String text) {
        return text.isEmpty() ? List.of() : List.of(new OutputDelta.Content(text));
    }

    @Override
    public List<OutputDelta> end() {
        return List.of();
    }
}
