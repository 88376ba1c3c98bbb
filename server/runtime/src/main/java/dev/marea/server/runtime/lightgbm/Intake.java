package dev.marea.server.runtime.lightgbm;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A request's tensors as rows of numbers: one tensor for all columns, in which categories stand as
 * their codes, or one for each column by its name, in which they stand as they are called.
 */
final class Intake {
    static final String INPUT = "input-0";

    private static final int NAMES_SHOWN_MAX = 20;

    private final int columns;
    private final List<String> names;
    private final Categories categories;
    private final Map<String, Integer> positions = new HashMap<>();

    Intake(Booster booster) {
        this.columns = booster.columns();
        this.names = booster.names();
        this.categories = booster.categories();
        for (int column = 0; column < names.size(); column++) {
            positions.put(names.get(column), column);
        }
    }

    /** Not to be changed: it may be the request's own array. */
    double[] read(List<Tensor> inputs) throws BadInput {
        if (inputs.isEmpty()) {
            throw new BadInput("inputs", "must be one tensor of shape [n, %d]".formatted(columns));
        }
        var first = inputs.getFirst();
        boolean byColumn =
                inputs.size() > 1 || (isColumn(first) && positions.containsKey(first.name()));
        return byColumn ? byColumn(inputs) : whole(first);
    }

    private static boolean isColumn(Tensor input) {
        return input.rank() == 1 || (input.rank() == 2 && input.shape()[1] == 1);
    }

    private double[] whole(Tensor input) throws BadInput {
        var shape = input.shape();
        if (shape.length != 2) {
            throw new BadInput(
                    input.name(),
                    "must have the shape [n, %d], has %s%s"
                            .formatted(
                                    columns,
                                    Arrays.toString(shape),
                                    shape.length == 1 ? ": put the row into a list of rows" : ""));
        }
        if (shape[1] != columns) {
            throw new BadInput(
                    input.name(), "must have %d columns, has %d".formatted(columns, shape[1]));
        }
        if (shape[0] == 0) {
            throw new BadInput(input.name(), "must have at least one row");
        }
        return Numbers.asArray(input);
    }

    private double[] byColumn(List<Tensor> inputs) throws BadInput {
        int rows = inputs.getFirst().rows();
        if (rows == 0) {
            throw new BadInput(inputs.getFirst().name(), "must have at least one row");
        }
        var out = new double[rows * columns];
        var given = new boolean[columns];
        for (var input : inputs) {
            int column = column(input, rows);
            if (given[column]) {
                throw new BadInput(input.name(), "is there twice");
            }
            given[column] = true;
            var cells = cells(input, column);
            for (int row = 0; row < rows; row++) {
                out[row * columns + column] = cells[row];
            }
        }
        for (int column = 0; column < columns; column++) {
            if (!given[column]) {
                throw new BadInput("inputs", "lack the column '" + names.get(column) + "'");
            }
        }
        return out;
    }

    private int column(Tensor input, int rows) throws BadInput {
        var column = positions.get(input.name());
        if (column == null) {
            throw new BadInput(
                    input.name(),
                    names.isEmpty()
                            ? "must be the only tensor: two of the model's columns share a name"
                            : "is no column of this model: " + listed());
        }
        if (!isColumn(input) || input.rows() != rows) {
            throw new BadInput(
                    input.name(),
                    "must have the shape [%d] or [%d, 1], has %s"
                            .formatted(rows, rows, Arrays.toString(input.shape())));
        }
        return column;
    }

    private String listed() {
        var some = names.subList(0, Math.min(NAMES_SHOWN_MAX, names.size()));
        int more = names.size() - some.size();
        return String.join(", ", some) + (more > 0 ? " and %d more".formatted(more) : "");
    }

    private double[] cells(Tensor input, int column) throws BadInput {
        return input.elements() instanceof Elements.Texts(var values)
                ? categories.codes(column, input.name(), values)
                : categories.codes(column, input.name(), Numbers.asFrame(input));
    }
}
