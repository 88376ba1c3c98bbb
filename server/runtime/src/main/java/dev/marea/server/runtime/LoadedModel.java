package dev.marea.server.runtime;

import java.util.List;
import java.util.function.Consumer;

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
 *   <li>Columns: a model with {@link ModelMetadata#columns()} also takes one tensor of shape {@code
 *       [n]} or {@code [n, 1]} for each of them by its name, in any order and of its own type, as a
 *       data frame has them; V1 instances that are objects with these names become such tensors.
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

    /**
     * Answers in parts, each given when it is there; returns after the last. A model that does not
     * stream gives one.
     */
    default void stream(List<Tensor> inputs, Asked asked, Consumer<List<Tensor>> part)
            throws BadInput {
        part.accept(predict(inputs, asked));
    }

    /** Whether {@link #stream} gives more than predict would. */
    default boolean streams() {
        return false;
    }

    /**
     * Whether a row's answer never depends on the rows beside it, so that rows of several requests
     * are joined without being told to. True of every table's model; a graph's first dimension may
     * be time, or anything, and its owner must say that it is a batch.
     */
    default boolean rowsAreIndependent() {
        return true;
    }

    /** Threads that one prediction keeps busy: so many fewer predictions run at once. */
    default int threads() {
        return 1;
    }

    /** Memory that it holds, heap and native, as well as can be known. */
    long bytes();

    /** Frees what the garbage collector cannot see; a second call does nothing. */
    @Override
    void close();
}
