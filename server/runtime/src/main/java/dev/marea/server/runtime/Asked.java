package dev.marea.server.runtime;

import java.util.List;
import java.util.Optional;

/**
 * How a model is asked.
 *
 * @param method empty: the model's own first method (predict for a predictor)
 * @param outputs the wanted outputs in the wanted order; empty: all of them
 */
public record Asked(Optional<Method> method, List<String> outputs) {
    /** The model's own method, every output. */
    public static final Asked PLAINLY = new Asked(Optional.empty(), List.of());

    public Asked {
        outputs = List.copyOf(outputs);
    }

    public static Asked of(Method method) {
        return new Asked(Optional.of(method), List.of());
    }
}
