package dev.marea.server.llama.schedule;

import dev.marea.server.llama.ffm.Adapter;
import dev.marea.server.llama.ffm.NativeContext;
import dev.marea.server.llama.ffm.Vocabulary;
import dev.marea.server.llama.talk.Gauges;
import dev.marea.server.llama.talk.News;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes answers, all of them together: a step reads some of the prompts and makes one token of
 * every answer.
 */
public final class Scheduler {
    private final NativeContext context;
    private final Outbox outbox;
    private final Limits limits;
    private final Slots slots;
    private final Writer writer;
    private final Adapters adapters;
    private final Admission admission;
    private final Queue queue = new Queue();
    private final Share share = new Share();

    /** The longest running first. */
    private final List<Answer> running = new ArrayList<>();

    private final float[] logits;
    private long preempted;
    private long asked;
    private long hit;
    private long steps;
    private long stepTokens;

    public Scheduler(
            NativeContext context,
            Vocabulary vocabulary,
            Map<String, Adapter> adapters,
            Outbox outbox,
            Limits limits) {
        this.context = context;
        this.outbox = outbox;
        this.limits = limits;
        this.adapters = new Adapters(context, adapters);
        slots = new Slots(context, limits.sequences(), limits.wholeOnly());
        writer = new Writer(vocabulary, limits.lengthMax(), outbox);
        admission = new Admission(queue, slots, running, limits.active(), context.cells());
        logits = new float[vocabulary.size()];
    }

    /**
     * What a scheduler keeps to.
     *
     * @param sequences that the context has, at least as many as answers at once
     * @param active answers at once
     * @param waiting requests beyond these are refused
     * @param lengthMax of prompt and answer
     * @param wholeOnly whether sequences cannot be cut or shared
     */
    public record Limits(
            int sequences, int active, int waiting, int lengthMax, boolean wholeOnly) {}

    public boolean isIdle() {
        return running.isEmpty() && queue.size() == 0;
    }

    public void add(Generation generation) {
        if (queue.size() >= limits.waiting()) {
            fail(generation, News.Why.BUSY, queue.size() + " requests are waiting already");
        } else if (generation.wanted().choices() > limits.active()) {
            fail(generation, News.Why.BAD_REQUEST, "n must be at most " + limits.active());
        } else if (!adapters.has(generation.wanted().adapter())) {
            fail(
                    generation,
                    News.Why.BAD_REQUEST,
                    "there is no adapter '" + generation.wanted().adapter() + "'");
        } else {
            queue.add(generation);
        }
    }

    public void cancel(long id) {
        queue.remove(id).ifPresent(Generation::close);
        for (var answer : List.copyOf(running)) {
            if (answer.of.id() == id) {
                end(answer);
            }
        }
    }

    /** One step, if there is anything to do. */
    public void step() {
        admit();
        var turn = adapters.turn(running);
        if (turn.isEmpty()) {
            return;
        }
        fill(turn);
        long begun = System.nanoTime();
        var step = context.decode();
        switch (step) {
            case DONE -> {
                steps++;
                stepTokens += context.batch().size();
                share.took(context.batch().size(), (System.nanoTime() - begun) / 1e6);
                turn.forEach(this::proceed);
            }
            case FULL -> makeRoom();
            case FAILED -> failAll();
        }
    }

    public Gauges gauges() {
        return new Gauges(
                running.size(),
                queue.size(),
                Math.min(1, (double) slots.cellsBusy() / context.cells()),
                preempted,
                asked,
                hit,
                steps,
                stepTokens);
    }

    private void admit() {
        for (var next = admission.next(); next.isPresent(); next = admission.next()) {
            var answer = next.get();
            running.add(answer);
            if (answer.made == 0) {
                int known = answer.held().tokens.size();
                asked += answer.tokens.size();
                hit += known;
                outbox.tell(new News.Read(answer.of.id(), answer.tokens.size(), known));
            }
        }
    }

    private void fill(List<Answer> turn) {
        context.batch().clear();
        turn.forEach(Answer::outside);
        var going = turn.stream().filter(answer -> !answer.reads()).toList();
        going.forEach(answer -> add(answer, 1));
        var reading = turn.stream().filter(Answer::reads).toList();
        int budget = share.budget(context.batch().room(), !going.isEmpty());
        Share.parts(reading, budget).forEach(part -> add(part.answer(), part.tokens()));
    }

    private void add(Answer answer, int tokens) {
        var slot = answer.held();
        int from = slot.tokens.size();
        int lastPlace = -1;
        for (int i = from; i < from + tokens; i++) {
            boolean last = i == answer.tokens.size() - 1;
            int place = context.batch().add(answer.tokens.at(i), i, slot.sequence(), last);
            lastPlace = last ? place : -1;
        }
        answer.inside(tokens, lastPlace);
    }

    private void proceed(Answer answer) {
        answer.read();
        if (answer.place() < 0 || answer.of.failed) {
            return;
        }
        for (var each : forked(answer)) {
            context.logits(answer.place(), logits);
            try {
                switch (writer.say(each, logits)) {
                    case GOES_ON -> {}
                    case ENDED -> end(each);
                    case STUCK ->
                            failRunning(
                                    each.of,
                                    News.Why.BAD_REQUEST,
                                    "the grammar allows no further token of this model");
                }
            } catch (GrammarRules.TooSlow slow) {
                failRunning(each.of, News.Why.BAD_REQUEST, String.valueOf(slow.getMessage()));
            }
            if (each.of.failed) {
                return;
            }
        }
    }

    /** It, and the other choices of its request, which begin now that the prompt is read. */
    private List<Answer> forked(Answer answer) {
        if (!answer.forks()) {
            return List.of(answer);
        }
        for (int choice = 1; choice < answer.of.wanted().choices(); choice++) {
            var other = new Answer(answer.of, choice, new TokenList(answer.of.prompt()));
            other.slot = slots.fork(answer.held());
            answer.of.answers.add(other);
            running.add(other);
        }
        return List.copyOf(answer.of.answers);
    }

    private void end(Answer answer) {
        running.remove(answer);
        slots.release(answer.held());
        admission.oneEnded();
        answer.of.answers.remove(answer);
        if (answer.of.answers.isEmpty()) {
            answer.of.close();
        }
    }

    /**
     * What is remembered goes first; then the youngest answer waits, and reads itself again later.
     */
    private void makeRoom() {
        if (slots.makeRoom()) {
            return;
        }
        var youngest = running.getLast();
        if (running.size() == 1) {
            failRunning(youngest.of, News.Why.ENGINE, "one answer fills the whole context");
            return;
        }
        slots.drop(youngest.held());
        youngest.slot = null;
        running.remove(youngest);
        queue.pause(youngest);
        admission.closeUntilOneEnds();
        preempted++;
    }

    private void failAll() {
        for (var answer : List.copyOf(running)) {
            failRunning(answer.of, News.Why.ENGINE, "llama.cpp failed in a step");
        }
        slots.forgetAll();
    }

    private void failRunning(Generation generation, News.Why why, String message) {
        if (generation.failed) {
            return;
        }
        generation.failed = true;
        List.copyOf(generation.answers).stream().filter(running::contains).forEach(this::end);
        queue.remove(generation.id());
        fail(generation, why, message);
    }

    private void fail(Generation generation, News.Why why, String message) {
        generation.close();
        outbox.tell(new News.Failed(generation.id(), why, message));
    }
}
