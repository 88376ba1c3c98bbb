package dev.marea.core.scale;

/**
 * How many replicas a revision should have, and a sentence that tells a person why. The sentence
 * stands word for word in the event, the log and the status.
 */
public sealed interface Decision {
    /** The count that should be in force after this decision. */
    int replicas();

    String why();

    /** Nothing is to be applied: the count that was asked for stays. */
    record Keep(int replicas, String why) implements Decision {}

    /** Another count above zero. */
    record Resize(int replicas, String why) implements Decision {}

    /** From zero: a request waits, or the lower bound was raised. */
    record Wake(int replicas, String why) implements Decision {}

    /** To zero. */
    record Sleep(String why) implements Decision {
        @Override
        public int replicas() {
            return 0;
        }
    }
}
