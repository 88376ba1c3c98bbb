package dev.marea.server.runtime.sklearn;

/** What a step takes in a column, or gives in it. */
enum Takes {
    NUMBERS,
    /** Text, in which a value may be missing. */
    TEXTS,
    /** Never looked at: it may be anything, and absent. */
    NOTHING;

    /** What two steps that share a column take together, or empty-handed NUMBERS against TEXTS. */
    boolean agrees(Takes other) {
        return this == other || this == NOTHING || other == NOTHING;
    }

    Takes with(Takes other) {
        return this == NOTHING ? other : this;
    }
}
