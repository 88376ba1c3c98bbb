package dev.marea.wire.llm.tools;

import java.util.ArrayList;
import java.util.List;

/** Thoughts between {@code <think>} and {@code </think>} before everything else. */
final class Thoughts implements OutputParser {
    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";

    private enum State {
        BEFORE,
        THINKING,
        AFTER,
        ANSWERING
    }

    private final OutputParser answer;
    private final StringBuilder buffer = new StringBuilder();
    private State state;
    private boolean anyThought;

    Thoughts(OutputParser answer, boolean opened) {
        this.answer = answer;
        this.state = opened ? State.THINKING : State.BEFORE;
    }

    @Override
    public List<OutputDelta> feed(String text) {
        buffer.append(text);
        var deltas = new ArrayList<OutputDelta>();
        while (step(false, deltas)) {}
        return deltas;
    }

    @Override
    public List<OutputDelta> end() {
        var deltas = new ArrayList<OutputDelta>();
        while (step(true, deltas)) {}
        deltas.addAll(answer.end());
        return deltas;
    }

    private boolean step(boolean end, List<OutputDelta> deltas) {
        return switch (state) {
            case BEFORE -> before(end);
            case THINKING -> thinking(end, deltas);
            case AFTER -> after(end);
            case ANSWERING -> {
                deltas.addAll(answer.feed(buffer.toString()));
                buffer.setLength(0);
                yield false;
            }
        };
    }

    private boolean before(boolean end) {
        int at = Texts.skipSpace(buffer, 0);
        if (buffer.length() - at >= OPEN.length() && Texts.mayBegin(buffer, at, OPEN)) {
            buffer.delete(0, at + OPEN.length());
            state = State.THINKING;
            return true;
        }
        if (!end && Texts.mayBegin(buffer, at, OPEN)) {
            return false;
        }
        state = State.ANSWERING;
        return true;
    }

    private boolean thinking(boolean end, List<OutputDelta> deltas) {
        int close = buffer.indexOf(CLOSE);
        int sure =
                close >= 0
                        ? close
                        : end ? buffer.length() : Texts.beforeAnyTag(buffer, List.of(CLOSE));
        int from = anyThought ? 0 : Math.min(Texts.skipSpace(buffer, 0), sure);
        int told = Math.max(from, Texts.withoutTrailingSpace(buffer, sure));
        if (told > from) {
            anyThought = true;
            deltas.add(new OutputDelta.Reasoning(buffer.substring(from, told)));
        }
        if (close < 0) {
            buffer.delete(0, end ? buffer.length() : told);
            return false;
        }
        buffer.delete(0, close + CLOSE.length());
        state = State.AFTER;
        return true;
    }

    /** The empty lines between thoughts and answer belong to neither. */
    private boolean after(boolean end) {
        int at = Texts.skipSpace(buffer, 0);
        buffer.delete(0, at);
        if (buffer.isEmpty() && !end) {
            return false;
        }
        state = State.ANSWERING;
        return true;
    }
}
