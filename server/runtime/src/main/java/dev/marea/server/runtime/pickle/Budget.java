package dev.marea.server.runtime.pickle;

import dev.marea.server.runtime.LoadFailure;

/** What one file has used so far, pickles inside it included. */
final class Budget {
    private static final String ADVICE =
            "if it is honest, export the model to ONNX or raise the limit";

    private final PickleLimits limits;
    private long objects;
    private long copiedBytes;
    private int depth;

    Budget(PickleLimits limits) {
        this.limits = limits;
    }

    PickleLimits limits() {
        return limits;
    }

    void objects(PickleInput input, long more) throws LoadFailure {
        objects += more;
        if (objects > limits.objectsMax()) {
            throw input.refusal(
                    "the pickle makes more than " + limits.objectsMax() + " objects", ADVICE);
        }
    }

    void copied(PickleInput input, long bytes) throws LoadFailure {
        copiedBytes += bytes;
        if (copiedBytes > limits.copiedBytesMax()) {
            throw input.refusal(
                    "the pickle unfolds to more than " + limits.copiedBytesMax() + " bytes",
                    ADVICE);
        }
    }

    void enter(PickleInput input) throws LoadFailure {
        if (++depth > limits.pickleDepthMax()) {
            throw input.refusal(
                    "more than " + limits.pickleDepthMax() + " pickles inside one another", ADVICE);
        }
    }

    void leave() {
        depth--;
    }
}
