package dev.marea.wire.llm.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The deltas of one answer as they are found; numbers the calls and gives them ids. */
final class Calls {
    private final Supplier<String> ids;
    private List<OutputDelta> found = new ArrayList<>();
    private int started;
    private boolean anyArguments = true;

    Calls(Supplier<String> ids) {
        this.ids = ids;
    }

    void content(String text) {
        if (!text.isEmpty()) {
            found.add(new OutputDelta.Content(text));
        }
    }

    void reasoning(String text) {
        if (!text.isEmpty()) {
            found.add(new OutputDelta.Reasoning(text));
        }
    }

    void start(String name) {
        start(name, "");
    }

    /** {@code id} as the model gave it; empty: one of ours. */
    void start(String name, String id) {
        finish();
        found.add(new OutputDelta.CallStart(started++, id.isEmpty() ? ids.get() : id, name));
        anyArguments = false;
    }

    void arguments(String text) {
        if (!text.isEmpty()) {
            anyArguments = true;
            found.add(new OutputDelta.CallArguments(started - 1, text));
        }
    }

    /** A call whose model gave no arguments has an empty object of them. */
    void finish() {
        if (!anyArguments) {
            arguments("{}");
        }
    }

    boolean any() {
        return started > 0;
    }

    List<OutputDelta> take() {
        var taken = found;
        found = new ArrayList<>();
        return taken;
    }
}
