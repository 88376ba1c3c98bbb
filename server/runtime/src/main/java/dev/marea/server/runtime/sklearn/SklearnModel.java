package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import dev.marea.server.runtime.sklearn.Estimator.Classifier;
import dev.marea.server.runtime.sklearn.Estimator.Clusterer;
import dev.marea.server.runtime.sklearn.Estimator.Regressor;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A fitted estimator behind the seam: tensors in, tensors out, the library's own refusals. */
final class SklearnModel implements LoadedModel {
    /** KServe's names for the tensors of a model that names none. */
    private static final String INPUT = "input-0";

    private static final String OUTPUT = "output-0";

    /** 512 MiB: a small request must not become a large answer. */
    private static final long ANSWER_ELEMENTS_MAX = 1L << 26;

    private final Estimator estimator;
    private final ModelMetadata metadata;
    private final long bytes;

    SklearnModel(Estimator estimator, Map<String, String> facts, long bytes) {
        this.bytes = bytes;
        this.estimator = estimator;
        this.metadata =
                new ModelMetadata(
                        "sklearn",
                        List.of(
                                TensorSpec.of(
                                        INPUT, Datatype.FP64, -1, estimator.step().columnsIn())),
                        List.of(output()),
                        List.of(),
                        estimator.methods(),
                        facts);
    }

    private TensorSpec output() {
        int columns = estimator.step().columnsOut();
        return switch (estimator) {
            case Classifier c -> TensorSpec.of(OUTPUT, c.classes().datatype(), -1);
            case Regressor r ->
                    r.flat()
                            ? TensorSpec.of(OUTPUT, Datatype.FP64, -1)
                            : TensorSpec.of(OUTPUT, Datatype.FP64, -1, columns);
            case Clusterer _ -> TensorSpec.of(OUTPUT, Datatype.INT32, -1);
            case Transformer _ -> TensorSpec.of(OUTPUT, Datatype.FP64, -1, columns);
        };
    }

    @Override
    public ModelMetadata metadata() {
        return metadata;
    }

    @Override
    public List<Tensor> predict(List<Tensor> inputs, Asked asked) throws BadInput {
        var method = method(asked);
        var step = estimator.step();
        var rows = Rows.of(inputs, step.columnsIn());
        step.accepts().check(rows, inputs.getFirst().name());
        if ((long) rows.rows() * Math.max(step.columnsOut(), 2) > ANSWER_ELEMENTS_MAX) {
            throw new BadInput(
                    inputs.getFirst().name(),
                    "may have at most %d rows for this model, has %d"
                            .formatted(
                                    ANSWER_ELEMENTS_MAX / Math.max(step.columnsOut(), 2),
                                    rows.rows()));
        }
        return List.of(answer(method, step.apply(rows)));
    }

    private Method method(Asked asked) throws BadInput {
        for (var output : asked.outputs()) {
            if (!output.equals(OUTPUT)) {
                throw new BadInput("outputs", "has '" + output + "'; the model gives " + OUTPUT);
            }
        }
        var method = asked.method().orElse(metadata.methods().getFirst());
        if (!metadata.methods().contains(method)) {
            throw new BadInput(
                    method.wireName(),
                    "is not what this model answers; it answers "
                            + metadata.methods().stream()
                                    .map(Method::wireName)
                                    .collect(Collectors.joining(", ")));
        }
        return method;
    }

    private Tensor answer(Method method, Matrix scores) {
        return switch (estimator) {
            case Classifier c ->
                    switch (method) {
                        case PREDICT_PROBA -> table(c.link().probabilities(scores));
                        case DECISION_FUNCTION ->
                                scores.columns() == 1 ? flat(scores) : table(scores);
                        case PREDICT, TRANSFORM, EXPLAIN ->
                                c.classes().pick(OUTPUT, c.choice().of(scores));
                    };
            case Regressor r -> r.flat() ? flat(scores) : table(scores);
            case Clusterer _ ->
                    method == Method.TRANSFORM ? table(scores) : clusters(Choice.lowest(scores));
            case Transformer _ -> table(scores);
        };
    }

    private static Tensor table(Matrix matrix) {
        return Tensor.of(OUTPUT, new int[] {matrix.rows(), matrix.columns()}, matrix.values());
    }

    private static Tensor flat(Matrix matrix) {
        return Tensor.of(OUTPUT, new int[] {matrix.rows()}, matrix.values());
    }

    private static Tensor clusters(int[] chosen) {
        return new Tensor(
                OUTPUT, Datatype.INT32, new int[] {chosen.length}, new Elements.Ints(chosen));
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        // Nothing but arrays.
    }
}
