package dev.marea.server.predict;

import dev.marea.server.models.Lease;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * One request for a prediction, whatever protocol it came in. It is read once, when its model is at
 * hand, and ends with exactly one of {@link #answer}, {@link #ended} and {@link #refuse}, on
 * whatever thread has it.
 */
public interface Call {
    String model();

    Optional<String> version();

    /** How large the request is; a small one may be read where it came in. */
    int bodyBytes();

    /** Reads the request for this model. */
    Question read(Lease model) throws Refused, BadInput;

    /** Writes the answer. */
    void answer(Lease model, Question question, List<Tensor> outputs);

    void refuse(Refused why);

    /** Whether nobody waits for the answer any more: it is dropped before it costs anything. */
    boolean isUnwanted();

    /** When the answer is worth nothing any more, by {@link System#nanoTime()}; empty: never. */
    default Optional<Long> deadline() {
        return Optional.empty();
    }

    /**
     * Whether the answer is wanted in parts, as they come: {@link #part} and then {@link #ended}.
     */
    default boolean isStreamed() {
        return false;
    }

    /** One part of a streamed answer. */
    default void part(Lease model, Question question, List<Tensor> outputs) {
        throw new IllegalStateException("this call is not streamed");
    }

    /** A streamed answer has had its last part. */
    default void ended() {
        throw new IllegalStateException("this call is not streamed");
    }
}
