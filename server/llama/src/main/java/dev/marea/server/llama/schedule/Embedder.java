package dev.marea.server.llama.schedule;

import dev.marea.server.llama.ffm.NativeContext;
import dev.marea.server.llama.talk.News;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Makes one vector of each text: as many texts in a step as it holds. */
public final class Embedder {
    private final NativeContext context;
    private final boolean encodes;
    private final int width;
    private final int sequences;
    private final int waitingMax;
    private final Outbox outbox;
    private final Deque<Text> waiting = new ArrayDeque<>();

    /**
     * @param encodes whether texts are read in both directions, and no state is left behind
     * @param width numbers of an answer
     */
    public Embedder(
            NativeContext context,
            boolean encodes,
            int width,
            int sequences,
            int waitingMax,
            Outbox outbox) {
        this.context = context;
        this.encodes = encodes;
        this.width = width;
        this.sequences = sequences;
        this.waitingMax = waitingMax;
        this.outbox = outbox;
    }

    /** A text, not longer than a step. */
    public record Text(long id, int[] tokens) {}

    public boolean isIdle() {
        return waiting.isEmpty();
    }

    public int waiting() {
        return waiting.size();
    }

    public void add(Text text) {
        if (waiting.size() >= waitingMax) {
            outbox.tell(
                    new News.Failed(
                            text.id(),
                            News.Why.BUSY,
                            waiting.size() + " texts are waiting already"));
        } else {
            waiting.add(text);
        }
    }

    public void cancel(long id) {
        waiting.removeIf(text -> text.id() == id);
    }

    public void step() {
        var texts = take();
        if (texts.isEmpty()) {
            return;
        }
        var batch = context.batch();
        batch.clear();
        for (int sequence = 0; sequence < texts.size(); sequence++) {
            var tokens = texts.get(sequence).tokens();
            for (int i = 0; i < tokens.length; i++) {
                batch.add(tokens[i], i, sequence, true);
            }
        }
        context.clear();
        var step = encodes ? context.encode() : context.decode();
        for (int sequence = 0; sequence < texts.size(); sequence++) {
            outbox.tell(answer(texts.get(sequence), sequence, step));
        }
    }

    private News answer(Text text, int sequence, NativeContext.Step step) {
        return step == NativeContext.Step.DONE
                ? new News.Vector(text.id(), context.pooled(sequence, width), text.tokens().length)
                : new News.Failed(text.id(), News.Why.ENGINE, "llama.cpp failed in a step");
    }

    private List<Text> take() {
        var texts = new ArrayList<Text>();
        int room = context.batch().capacity();
        for (var next = waiting.peek();
                next != null && next.tokens().length <= room && texts.size() < sequences;
                next = waiting.peek()) {
            room -= next.tokens().length;
            texts.add(waiting.remove());
        }
        return texts;
    }
}
