package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import dev.marea.server.runtime.sklearn.Estimator.ByMethod;
import java.util.ArrayList;
import java.util.List;

/** The tensors of an estimator that answers each method in its own way. */
final class Answers {
    private Answers() {}

    /** The tensor of its first method. */
    static TensorSpec spec(String name, ByMethod estimator) {
        if (estimator.methods().getFirst() != Method.PREDICT) {
            return TensorSpec.of(name, Datatype.FP64, -1, estimator.step().columnsOut());
        }
        var datatype =
                estimator.labels().isEmpty()
                        ? Datatype.FP64
                        : estimator.labels().getFirst().datatype();
        return estimator.flat()
                ? TensorSpec.of(name, datatype, -1)
                : TensorSpec.of(name, datatype, -1, estimator.step().columnsOut());
    }

    static List<Tensor> of(String name, ByMethod estimator, Method method, Data rows)
            throws BadInput {
        var found = estimator.way(method).orElseThrow().apply(rows).dense();
        return switch (method) {
            case PREDICT -> List.of(prediction(name, estimator, found));
            case PREDICT_PROBA ->
                    estimator.apart()
                            ? apart(name, estimator.labels(), found)
                            : List.of(table(name, found));
            case DECISION_FUNCTION ->
                    List.of(found.columns() == 1 ? flat(name, found) : table(name, found));
            case TRANSFORM, EXPLAIN ->
                    List.of(isPrediction(estimator) ? flat(name, found) : table(name, found));
        };
    }

    /** Whether transform is predict by another name. */
    private static boolean isPrediction(ByMethod estimator) {
        return estimator.flat()
                && estimator.way(Method.TRANSFORM).equals(estimator.way(Method.PREDICT));
    }

    private static Tensor prediction(String name, ByMethod estimator, Matrix found) {
        var labels = estimator.labels();
        if (labels.isEmpty()) {
            return estimator.flat() ? flat(name, found) : table(name, found);
        }
        if (estimator.flat()) {
            return labels.getFirst().pick(name, places(found, 0));
        }
        return labelled(name, labels, found);
    }

    private static int[] places(Matrix found, int column) {
        var places = new int[found.rows()];
        for (int row = 0; row < places.length; row++) {
            places[row] = (int) found.at(row, column);
        }
        return places;
    }

    /** Labels of one type, a column each. */
    private static Tensor labelled(String name, List<Classes> labels, Matrix found) {
        var columns = new ArrayList<Elements>(labels.size());
        for (int k = 0; k < labels.size(); k++) {
            columns.add(labels.get(k).picked(places(found, k)));
        }
        return new Tensor(
                name,
                labels.getFirst().datatype(),
                new int[] {found.rows(), found.columns()},
                LabelColumns.interleaved(columns, found.rows()));
    }

    /** A tensor for each of the labels, by number: name, name-1, name-2. */
    private static List<Tensor> apart(String name, List<Classes> labels, Matrix found) {
        var tensors = new ArrayList<Tensor>(labels.size());
        int from = 0;
        for (int k = 0; k < labels.size(); k++) {
            int width = labels.get(k).count();
            var some = new double[found.rows() * width];
            for (int row = 0; row < found.rows(); row++) {
                System.arraycopy(
                        found.values(), row * found.columns() + from, some, row * width, width);
            }
            tensors.add(
                    Tensor.of(
                            k == 0 ? name : name + "-" + k, new int[] {found.rows(), width}, some));
            from += width;
        }
        return List.copyOf(tensors);
    }

    private static Tensor table(String name, Matrix matrix) {
        return Tensor.of(name, new int[] {matrix.rows(), matrix.columns()}, matrix.values());
    }

    private static Tensor flat(String name, Matrix matrix) {
        return Tensor.of(name, new int[] {matrix.rows()}, matrix.values());
    }
}
