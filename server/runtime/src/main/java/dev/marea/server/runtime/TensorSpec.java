package dev.marea.server.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a model takes or gives under one name. A dimension of -1 may have any size; an empty shape
 * is a scalar.
 */
public record TensorSpec(String name, Datatype datatype, List<Integer> shape) {
    public TensorSpec {
        shape = List.copyOf(shape);
    }

    public static TensorSpec of(String name, Datatype datatype, int... shape) {
        return new TensorSpec(
                name, datatype, Arrays.stream(shape).boxed().collect(Collectors.toList()));
    }
}
