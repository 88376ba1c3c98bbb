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
import dev.marea.server.runtime.sklearn.Estimator.ByMethod;
import dev.marea.server.runtime.sklearn.Estimator.Classifier;
import dev.marea.server.runtime.sklearn.Estimator.Clusterer;
import dev.marea.server.runtime.sklearn.Estimator.Regressor;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A fitted estimator behind the seam: tensors in, tensors out, the library's own refusals. */
final class SklearnModel implements LoadedModel {
    private static final String OUTPUT = "output-0";

    private final Estimator estimator;
    private final Intake intake;
    private final int answerWidth;
    private final ModelMetadata metadata;
    private final long bytes;

    /**
     * @param columns the names of the data frame that it was fitted on; empty if it was none
     */
    SklearnModel(Estimator estimator, List<String> columns, Map<String, String> facts, long bytes) {
        this.bytes = bytes;
        this.estimator = estimator;
        this.intake = new Intake(estimator.step(), columns);
        this.answerWidth = estimator.width();
        this.metadata =
                new ModelMetadata(
                        "sklearn",
                        intake.specs(),
                        List.of(output()),
                        intake.columns(),
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
            case Transformer _ ->
                    TensorSpec.of(
                            OUTPUT, givesText() ? Datatype.BYTES : Datatype.FP64, -1, columns);
            case ByMethod b -> Answers.spec(OUTPUT, b);
        };
    }

    private boolean givesText() {
        var step = estimator.step();
        return step.columnsOut() > 0 && step.gives(0) == Takes.TEXTS;
    }

    @Override
    public ModelMetadata metadata() {
        return metadata;
    }

    @Override
    public List<Tensor> predict(List<Tensor> inputs, Asked asked) throws BadInput {
        var method = method(asked);
        var rows = intake.read(inputs);
        Data.room(rows.rows(), answerWidth);
        return estimator instanceof ByMethod several
                ? Answers.of(OUTPUT, several, method, rows)
                : List.of(answer(method, rows));
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

    private Tensor answer(Method method, Data rows) throws BadInput {
        return switch (estimator) {
            case Classifier c -> classified(c, method, c.scores(rows));
            case Regressor r -> r.flat() ? flat(r.scores(rows)) : table(r.scores(rows));
            case Clusterer c ->
                    method == Method.TRANSFORM
                            ? table(c.scores(rows))
                            : clusters(Choice.lowest(c.scores(rows)));
            case Transformer t -> transformed(t.step().apply(rows), rows);
            case ByMethod _ -> throw new IllegalStateException("answered by its ways");
        };
    }

    private static Tensor classified(Classifier c, Method method, Matrix scores) {
        return switch (method) {
            case PREDICT_PROBA -> table(c.link().probabilities(scores));
            case DECISION_FUNCTION -> scores.columns() == 1 ? flat(scores) : table(scores);
            case PREDICT, TRANSFORM, EXPLAIN -> c.classes().pick(OUTPUT, c.choice().of(scores));
        };
    }

    @SuppressWarnings("ReferenceEquality") // whether it is the request's own array
    private static Tensor transformed(Data made, Data given) throws BadInput {
        if (made instanceof Table table && !table.isNumeric()) {
            return texts(table);
        }
        var numbers = made.dense();
        // The answer is the caller's, who may write to it; the request is not.
        return table(
                made == given
                        ? new Matrix(numbers.rows(), numbers.columns(), numbers.values().clone())
                        : numbers);
    }

    private static Tensor texts(Table table) throws BadInput {
        int columns = table.columns();
        var all = new String[table.rows() * columns];
        for (int column = 0; column < columns; column++) {
            var cells = table.texts(column);
            for (int row = 0; row < cells.length; row++) {
                all[row * columns + column] = cells[row];
            }
        }
        return Tensor.of(OUTPUT, new int[] {table.rows(), columns}, all);
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
