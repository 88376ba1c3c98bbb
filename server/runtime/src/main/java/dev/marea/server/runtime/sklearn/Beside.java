package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import java.util.ArrayList;
import java.util.List;

/** Several steps that are asked the same rows, and what their answers give together. */
record Beside(List<Step> parts, int columnsOut, Merge merge) implements Step {

    /** Takes one answer a part, with as many rows as were asked. */
    @FunctionalInterface
    interface Merge {
        Matrix of(List<Matrix> answers) throws BadInput;
    }

    Beside {
        parts = List.copyOf(parts);
    }

    /** The answers' columns one after another. */
    static Beside joined(List<? extends Step> parts) {
        int columns = parts.stream().mapToInt(Step::columnsOut).sum();
        return new Beside(List.copyOf(parts), columns, Beside::columns);
    }

    /** The sum of the answers, each times its weight, by their number or weight altogether. */
    static Beside mean(List<? extends Step> parts, double[] weights, double by) {
        return new Beside(
                List.copyOf(parts),
                parts.getFirst().columnsOut(),
                answers -> weighted(answers, weights, by));
    }

    private static Matrix weighted(List<Matrix> answers, double[] weights, double by) {
        var sums = new double[answers.getFirst().values().length];
        for (int part = 0; part < answers.size(); part++) {
            var values = answers.get(part).values();
            for (int i = 0; i < sums.length; i++) {
                sums[i] += values[i] * weights[part];
            }
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= by;
        }
        return new Matrix(answers.getFirst().rows(), answers.getFirst().columns(), sums);
    }

    private static Matrix columns(List<Matrix> answers) {
        int rows = answers.getFirst().rows();
        int columns = answers.stream().mapToInt(Matrix::columns).sum();
        var all = new double[Math.multiplyExact(rows, columns)];
        int to = 0;
        for (var answer : answers) {
            for (int row = 0; row < rows; row++) {
                System.arraycopy(
                        answer.values(),
                        row * answer.columns(),
                        all,
                        row * columns + to,
                        answer.columns());
            }
            to += answer.columns();
        }
        return new Matrix(rows, columns, all);
    }

    @Override
    public int columnsIn() {
        return parts.getFirst().columnsIn();
    }

    /** What the parts agree on; whoever joined them has seen to it that they do. */
    @Override
    public Takes takes(int column) {
        var takes = parts.getFirst().takes(column);
        for (var part : parts) {
            takes = takes.with(part.takes(column));
        }
        return takes;
    }

    @Override
    public boolean takesDocuments() {
        return parts.getFirst().takesDocuments();
    }

    /** What every part takes. */
    @Override
    public Accepts accepts() {
        var accepts = parts.getFirst().accepts();
        for (var part : parts) {
            accepts = accepts.and(part.accepts());
        }
        return accepts;
    }

    @Override
    public Matrix apply(Data rows) throws BadInput {
        Data.room(rows.rows(), columnsOut);
        var answers = new ArrayList<Matrix>(parts.size());
        for (var part : parts) {
            answers.add(part.apply(rows).dense());
        }
        return merge.of(answers);
    }
}
