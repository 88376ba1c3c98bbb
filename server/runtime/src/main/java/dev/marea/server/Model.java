package dev.marea.server;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * A model of your own in Java. Put it into a jar that names it in {@code
 * META-INF/services/dev.marea.server.Model}, put the jar into the model's directory, and serve that
 * with the model format {@code java}. Every protocol, batching, metrics and limits are then those
 * of any other model.
 *
 * <p>One instance is made, loaded once, asked by any number of threads at once, and closed once.
 * The first dimension of a tensor is the batch: rows of several requests may be joined before
 * {@link #predict} unless an input states a fixed first dimension.
 */
public interface Model extends AutoCloseable {
    /**
     * Reads what the model needs, before anything else is called. What it throws becomes the reason
     * why the service is not ready.
     *
     * @param directory where the jar lies, with whatever was put beside it
     */
    void load(Path directory) throws Exception;

    /** What it takes: name, type and shape of each input, -1 for a size that a request chooses. */
    List<TensorSpec> inputs();

    /** What it gives. */
    List<TensorSpec> outputs();

    /** Names of the columns where the one input is a table; requests may then name them. */
    default List<String> columns() {
        return List.of();
    }

    /**
     * Answers.
     *
     * @throws BadInput for what the caller can mend (400); anything else is an error of the model
     *     (500)
     */
    List<Tensor> predict(List<Tensor> inputs) throws Exception;

    /** Whether {@link #stream} gives an answer in parts. */
    default boolean streams() {
        return false;
    }

    /** Answers in parts, each sent as soon as it is given; returns after the last. */
    default void stream(List<Tensor> inputs, Consumer<List<Tensor>> part) throws Exception {
        part.accept(predict(inputs));
    }

    /** Whether {@link #explain} answers V1's {@code :explain}. */
    default boolean explains() {
        return false;
    }

    /** Explains the answer to these inputs. */
    default List<Tensor> explain(List<Tensor> inputs) throws Exception {
        throw new UnsupportedOperationException("this model gives no explanations");
    }

    /** Memory that it holds; 0 where that is not known: the size of its files is taken then. */
    default long bytes() {
        return 0;
    }

    @Override
    default void close() {}
}
