package dev.marea.wire.llm.jinja;

/** Counts what one rendering costs, and ends it when that is too much. */
final class Meter {
    private static final int CHARS_A_STEP = 32;

    private final long stepsMax;
    private final long outputMax;
    private final int depthMax;
    private long steps;
    private int depth;

    Meter(long stepsMax, long outputMax, int depthMax) {
        this.stepsMax = stepsMax;
        this.outputMax = outputMax;
        this.depthMax = depthMax;
    }

    void step() {
        if (++steps > stepsMax) {
            throw over("the template takes more than " + stepsMax + " steps");
        }
    }

    /** Work that grows with the size of a value: copying a text, building a list. */
    void work(long size) {
        steps += size / CHARS_A_STEP;
        step();
    }

    /** Checks the size of a text before it is built, and counts the work. */
    void text(long chars) {
        fits(chars);
        work(chars);
    }

    void fits(long chars) {
        if (chars > outputMax) {
            throw over("the template makes a text of more than " + outputMax + " characters");
        }
    }

    void items(long count) {
        if (count > outputMax) {
            throw over("the template makes a list of more than " + outputMax + " items");
        }
        work(count * CHARS_A_STEP);
    }

    void enter() {
        if (++depth > depthMax) {
            throw over("the template nests deeper than " + depthMax + " calls");
        }
    }

    void leave() {
        depth--;
    }

    private static Trouble over(String text) {
        return new Trouble(TemplateError.Kind.OVER_BUDGET, text);
    }
}
