package dev.marea.server.runtime.sklearn;

/** What a step takes in a column, or gives in it. */
enum Takes {
    NUMBERS,
    /** Text, in which a value may be missing. */
    TEXTS,
    /** Either of the two, as it comes: a column that is only handed on. */
    EITHER,
    /** Never looked at: it may be anything, and absent. */
    NOTHING;

    /** Whether two steps can share a column. */
    boolean agrees(Takes other) {
        return isOpen() || other.isOpen() || this == other;
    }

    private boolean isOpen() {
        return this == NOTHING || this == EITHER;
    }

    /** What two steps that share a column and agree take together. */
    Takes with(Takes other) {
        return this == NOTHING || (this == EITHER && other != NOTHING) ? other : this;
    }
}
