package dev.marea.server.runtime;

import java.util.List;

/**
 * A model in memory, ready to answer. Any number of threads may ask at once.
 *
 * <p>How a door makes tensors:
 *
 * <ul>
 *   <li>V2: one tensor for each input of the request, as sent. A model with one input takes it
 *       under any name; a model with several finds them by name. scikit-learn takes every number
 *       type, a graph only the stated one.
 *   <li>V1 {@code instances}: one tensor for the model's single input, in the datatype that {@link
 *       ModelMetadata#inputs()} states, shaped by the nesting of the lists ({@code [n, features]});
 *       ragged lists are the door's to refuse, a wrong width is ours. Instances that are objects
 *       carry one value for each named input.
 *   <li>V1 {@code predictions}: the first output, nested along its shape.
 * </ul>
 *
 * <p>The first dimension of every tensor is the batch: rows of several requests may be joined and
 * the answer split again, unless an input's first dimension is fixed.
 */
public interface LoadedModel extends AutoCloseable {
    ModelMetadata metadata();

    /**
     * Answers. The inputs are not changed; the outputs are the caller's.
     *
     * @throws BadInput when the request does not fit the model; the model goes on
     * @throws InferenceFailure when the model fails on inputs that fit
     */
    List<Tensor> predict(List<Tensor> inputs, Asked asked) throws BadInput;

    /** Frees what the garbage collector cannot see; a second call does nothing. */
    @Override
    void close();
}
