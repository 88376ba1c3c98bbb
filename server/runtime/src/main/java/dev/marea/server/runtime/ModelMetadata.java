package dev.marea.server.runtime;

import java.util.List;
import java.util.Map;

/**
 * What a loaded model says of itself.
 *
 * @param platform V2's platform, for example {@code sklearn} or {@code onnx}
 * @param inputs what it takes; the order is the order of a graph's own inputs
 * @param outputs what its first method gives
 * @param columns the names of its table's columns, in order; empty where it has no such table
 * @param methods what it can be asked; the first is the one it answers when none is named
 * @param facts for people: the library's version, the estimator, the graph's producer
 */
public record ModelMetadata(
        String platform,
        List<TensorSpec> inputs,
        List<TensorSpec> outputs,
        List<String> columns,
        List<Method> methods,
        Map<String, String> facts) {
    public ModelMetadata {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        columns = List.copyOf(columns);
        methods = List.copyOf(methods);
        facts = Map.copyOf(facts);
        if (methods.isEmpty()) {
            throw new IllegalArgumentException("a model answers at least one method");
        }
    }
}
