package dev.marea.server.predict;

import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.Tensor;
import java.util.List;
import java.util.Optional;

/** MLServer's clients ask for {@code predict_proba} by the name of an output. */
public final class MethodByOutput {
    private MethodByOutput() {}

    /** The method that the one wanted output names, if no output of the model has that name. */
    public static Optional<Method> of(List<String> wanted, ModelMetadata facts) {
        if (wanted.size() != 1) {
            return Optional.empty();
        }
        var name = wanted.getFirst();
        for (var output : facts.outputs()) {
            if (output.name().equals(name)) {
                return Optional.empty();
            }
        }
        return Method.named(name).filter(facts.methods()::contains);
    }

    /** What such a question is answered: the output under the name by which it was asked. */
    public static List<Tensor> renamed(Method method, List<Tensor> outputs) {
        return List.of(outputs.getFirst().named(method.wireName()));
    }
}
