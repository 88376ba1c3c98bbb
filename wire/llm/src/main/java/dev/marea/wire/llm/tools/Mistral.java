package dev.marea.wire.llm.tools;

import java.util.List;
import java.util.Optional;

/** Mistral's calls: a list of objects (older models), or a name and its arguments (newer). */
final class Mistral implements Body {
    static final String TAG = "[TOOL_CALLS]";

    private final String said;
    private Optional<Body> form = Optional.empty();

    Mistral(String said) {
        this.said = said;
    }

    @Override
    public int read(CharSequence text, boolean end, Calls calls) {
        if (form.isEmpty()) {
            int at = Texts.skipSpace(text, 0);
            if (at == text.length() && !end) {
                return 0;
            }
            boolean json = at == text.length() || text.charAt(at) == '[' || text.charAt(at) == '{';
            form =
                    Optional.of(
                            json
                                    ? new JsonCalls(said, List.of())
                                    : new NamedJson(said, List.of("[ARGS]"), List.of()));
        }
        return form.get().read(text, end, calls);
    }

    @Override
    public boolean done() {
        return form.isPresent() && form.get().done();
    }
}
