package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a model takes, and a request's tensors as the rows that its first step takes: one tensor for
 * all columns, or one for each.
 */
final class Intake {
    /** KServe's names for the tensors of a model that names none. */
    private static final String INPUT = "input-0";

    private static final String POSITION = "input-";

    private final Step step;
    private final List<String> names;
    private final Takes[] kinds;
    private final boolean texts;
    private final boolean mixed;
    private final boolean open;
    private final Map<String, Integer> positions = new HashMap<>();

    /**
     * @param names of the data frame that the model was fitted on; empty if it was none
     */
    Intake(Step step, List<String> names) {
        this.step = step;
        this.names = List.copyOf(names);
        this.kinds = new Takes[step.columnsIn()];
        Arrays.setAll(kinds, step::takes);
        var kinds = List.of(this.kinds);
        this.texts = kinds.contains(Takes.TEXTS);
        this.mixed = texts && (kinds.contains(Takes.NUMBERS) || kinds.contains(Takes.EITHER));
        this.open = kinds.contains(Takes.EITHER);
        if (!names.isEmpty() || mixed) {
            for (int column = 0; column < step.columnsIn(); column++) {
                positions.put(name(column), column);
            }
        }
    }

    private String name(int column) {
        return names.isEmpty() ? POSITION + column : names.get(column);
    }

    /** One tensor where all columns have one type; else one for each that is looked at. */
    List<TensorSpec> specs() {
        if (mixed) {
            return IntStream.range(0, kinds.length)
                    .filter(column -> kinds[column] != Takes.NOTHING)
                    .mapToObj(column -> TensorSpec.of(name(column), datatype(kinds[column]), -1))
                    .toList();
        }
        var datatype = texts ? Datatype.BYTES : Datatype.FP64;
        return List.of(
                step.takesDocuments()
                        ? TensorSpec.of(INPUT, datatype, -1)
                        : TensorSpec.of(INPUT, datatype, -1, kinds.length));
    }

    private static Datatype datatype(Takes kind) {
        return kind == Takes.TEXTS ? Datatype.BYTES : Datatype.FP64;
    }

    List<String> columns() {
        return names;
    }

    /** The rows, with the numbers that the step refuses refused. */
    Data read(List<Tensor> inputs) throws BadInput {
        var rows = isByColumn(inputs) ? byColumn(inputs) : whole(inputs);
        step.accepts().check(rows, inputs.getFirst().name());
        return rows;
    }

    private boolean isByColumn(List<Tensor> inputs) {
        if (positions.isEmpty() || inputs.isEmpty()) {
            return false;
        }
        var first = inputs.getFirst();
        boolean whole = first.rank() == 2 && first.shape()[1] == kinds.length;
        return inputs.size() > 1 || (!whole && positions.containsKey(first.name()));
    }

    private static boolean isText(List<Tensor> inputs) {
        return inputs.size() == 1 && inputs.getFirst().elements() instanceof Elements.Texts;
    }

    private Data whole(List<Tensor> inputs) throws BadInput {
        if (!texts && !(open && isText(inputs))) {
            return Rows.of(inputs, kinds.length, step.takesDocuments());
        }
        var input = Rows.only(inputs, kinds.length, step.takesDocuments());
        if (!(input.elements() instanceof Elements.Texts(var values))) {
            throw new BadInput(
                    input.name(),
                    mixed
                            ? "must be text, or one tensor a column: this model takes text and numbers"
                            : "must hold text (BYTES, UTF-8), holds " + input.datatype());
        }
        var columns = new ArrayList<Table.Column>(kinds.length);
        int rows = input.rows();
        for (int column = 0; column < kinds.length; column++) {
            var cells = new String[rows];
            for (int row = 0; row < rows; row++) {
                cells[row] = values[row * kinds.length + column];
            }
            columns.add(
                    kinds[column] == Takes.NUMBERS
                            ? new Table.Numbers(Rows.parsed(cells, input.name()))
                            : new Table.Texts(cells));
        }
        return new Table(rows, columns);
    }

    private Data byColumn(List<Tensor> inputs) throws BadInput {
        int rows = inputs.getFirst().rows();
        if (rows == 0) {
            throw new BadInput(inputs.getFirst().name(), "must have at least one row");
        }
        var columns = new Table.Column[kinds.length];
        for (var input : inputs) {
            int column = column(input, rows);
            if (columns[column] != null) {
                throw new BadInput(input.name(), "is there twice");
            }
            columns[column] = cells(input, kinds[column]);
        }
        for (int column = 0; column < columns.length; column++) {
            if (columns[column] == null && kinds[column] != Takes.NOTHING) {
                throw new BadInput(
                        Data.FIELD,
                        "lack the column '%s'; the model takes %s"
                                .formatted(name(column), Texts.listed(columnNames())));
            }
            if (columns[column] == null) {
                columns[column] = new Table.Numbers(new double[rows]);
            }
        }
        var table = new Table(rows, List.of(columns));
        return table.isNumeric() && !step.keepsColumns() ? table.dense() : table;
    }

    private int column(Tensor input, int rows) throws BadInput {
        var column = positions.get(input.name());
        if (column == null) {
            throw new BadInput(
                    input.name(), "is no column of this model: " + Texts.listed(columnNames()));
        }
        boolean flat = input.rank() == 1 || (input.rank() == 2 && input.shape()[1] == 1);
        if (!flat || input.rows() != rows) {
            throw new BadInput(
                    input.name(),
                    "must have the shape [%d] or [%d, 1], has %s"
                            .formatted(rows, rows, Arrays.toString(input.shape())));
        }
        return column;
    }

    private List<String> columnNames() {
        return IntStream.range(0, kinds.length).mapToObj(this::name).toList();
    }

    private static Table.Column cells(Tensor input, Takes kind) throws BadInput {
        return switch (kind) {
            case TEXTS -> new Table.Texts(Rows.texts(input));
            case NUMBERS -> new Table.Numbers(Rows.numbersOrMissing(input));
            case EITHER ->
                    input.elements() instanceof Elements.Texts(var values)
                            ? new Table.Texts(values)
                            : new Table.Numbers(Rows.numbersOrMissing(input));
            case NOTHING -> new Table.Numbers(new double[input.rows()]);
        };
    }
}
