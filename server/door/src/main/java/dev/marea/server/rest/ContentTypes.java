package dev.marea.server.rest;

import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.tensors.Numbers;
import dev.marea.server.tensors.RawStrings;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The meanings that MLServer's and KServe's clients give to tensors beyond their datatype. {@code
 * np} and {@code str} say no more than shape and datatype do.
 */
final class ContentTypes {
    static final String FRAME = "pd";
    static final String BASE64 = "base64";

    /** A column of a data frame that is neither all text nor all numbers: each cell is JSON. */
    private static final String JSON_CELLS = "pd_json";

    private ContentTypes() {}

    static Tensor decoded(Tensor input, String contentType) throws Refused {
        if (contentType.isEmpty() || input.datatype() != Datatype.BYTES) {
            return input;
        }
        if (!(input.elements() instanceof Elements.Texts(var values))) {
            return input;
        }
        return switch (contentType) {
            case BASE64 -> base64(input, values);
            case JSON_CELLS -> jsonCells(input, values);
            default -> input;
        };
    }

    private static Tensor base64(Tensor input, String[] values) throws Refused {
        var bytes = new byte[values.length][];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = Base64Text.bytes(input.name(), i, values[i]);
        }
        return new Tensor(input.name(), Datatype.BYTES, input.shape(), RawStrings.elements(bytes));
    }

    private static Tensor jsonCells(Tensor input, String[] values) throws Refused {
        var cells = new String[values.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] =
                    switch (cell(input, i, values[i])) {
                        case Json.Null() -> Elements.Texts.MISSING;
                        case Json.Str(var text) -> text;
                        case Json.Int number -> number.toString();
                        case Json.Dec number -> number.toString();
                        case Json.Bool flag -> flag.toString();
                        case Json.Obj _, Json.Arr _ -> throw noCell(input, i);
                    };
        }
        return Tensor.of(input.name(), input.shape(), cells);
    }

    private static Json cell(Tensor input, int element, String text) throws Refused {
        try {
            return JsonReader.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (JsonReader.MalformedJson bad) {
            throw noCell(input, element);
        }
    }

    private static Refused noCell(Tensor input, int element) {
        return Refused.badInput(
                "input '%s': element %d is no plain JSON value".formatted(input.name(), element));
    }

    /**
     * A data frame for a model that knows no column names: its columns are put side by side, as
     * pandas would.
     */
    static List<Tensor> joined(List<Tensor> columns, ModelMetadata model) throws Refused {
        boolean takesMatrix =
                model.columns().isEmpty()
                        && model.inputs().size() == 1
                        && model.inputs().getFirst().shape().size() == 2
                        && model.inputs().getFirst().datatype() != Datatype.BYTES;
        if (!takesMatrix || columns.size() == 1) {
            return columns;
        }
        int rows = columns.getFirst().rows();
        var values = new double[Math.multiplyExact(rows, columns.size())];
        for (int column = 0; column < columns.size(); column++) {
            var cells = column(columns.get(column), rows);
            for (int row = 0; row < rows; row++) {
                values[row * columns.size() + column] = Numbers.at(cells, row);
            }
        }
        return List.of(
                Numbers.tensor(
                        model.inputs().getFirst(), new int[] {rows, columns.size()}, values));
    }

    private static Tensor column(Tensor input, int rows) throws Refused {
        if (input.elements().length() != rows || input.rows() != rows) {
            throw Refused.badInput(
                    "input '%s' has %d elements, but the data frame has %d rows"
                            .formatted(input.name(), input.elements().length(), rows));
        }
        if (input.datatype() == Datatype.BYTES) {
            throw Refused.badInput(
                    "input '" + input.name() + "' holds text; this model takes numbers only");
        }
        return input;
    }
}
