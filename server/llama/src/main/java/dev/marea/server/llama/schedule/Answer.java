package dev.marea.server.llama.schedule;

import dev.marea.server.llama.sample.AnswerText;
import dev.marea.server.llama.sample.Sampler;
import org.jspecify.annotations.Nullable;

/** One choice of a request: what it has read and said. */
final class Answer {
    final Generation of;
    final int choice;
    final Sampler sampler;
    final AnswerText text;

    /** Prompt, then what was made. */
    final TokenList tokens;

    /** Null while it waits for one. */
    @Nullable Slot slot;

    /** Tokens that it has made. */
    int made;

    /** Of the step under way: how many of its tokens it reads, and where the last one stands. */
    private int part;

    private int place = -1;

    Answer(Generation of, int choice, TokenList tokens) {
        this.of = of;
        this.choice = choice;
        this.tokens = tokens;
        sampler = of.sampler(choice);
        text = new AnswerText(of.wanted().stops(), of.wanted().keepsStop());
    }

    Slot held() {
        if (slot == null) {
            throw new IllegalStateException("an answer without a slot takes no part in a step");
        }
        return slot;
    }

    /** Tokens that are not in its cells yet: one for an answer that goes on, more for a prompt. */
    int unread() {
        return tokens.size() - held().tokens.size();
    }

    boolean reads() {
        return unread() > 1 || made == 0;
    }

    /** Whether more choices begin where this one has read its prompt. */
    boolean forks() {
        return choice == 0 && made == 0 && of.answers.size() < of.wanted().choices();
    }

    /** A step begins, in which it takes no part yet. */
    void outside() {
        part = 0;
        place = -1;
    }

    /** The next tokens of it are read in this step; place is of the very last one, or -1. */
    void inside(int count, int lastPlace) {
        part = count;
        place = lastPlace;
    }

    int place() {
        return place;
    }

    /** The step was made: what it read is in its cells. */
    void read() {
        var cells = held().tokens;
        for (int i = 0; i < part; i++) {
            cells.add(tokens.at(cells.size()));
        }
        part = 0;
    }
}
