package dev.marea.server.predict;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.Tensor;
import java.util.List;

/** What a request asks a model, once it is read. */
public record Question(List<Tensor> inputs, Asked asked) {
    public Question {
        inputs = List.copyOf(inputs);
    }
}
