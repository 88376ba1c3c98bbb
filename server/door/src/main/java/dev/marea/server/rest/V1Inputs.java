package dev.marea.server.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tensors of a V1 request: rows, objects with one value for each input, or whole columns. */
final class V1Inputs {
    private V1Inputs() {}

    /** Reads the value of {@code instances} or {@code inputs}, on which the parser stands. */
    static List<Tensor> read(JsonParser json, String field, ModelMetadata model)
            throws IOException, Refused {
        if (json.currentToken() == JsonToken.START_OBJECT && field.equals("inputs")) {
            json.nextToken();
            var frame = frame(json, model);
            return frame != null ? frame.columnar(json, field) : columns(json, model);
        }
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw Refused.badInput("'" + field + "' must be a list");
        }
        return switch (json.nextToken()) {
            case END_ARRAY -> throw Refused.badInput("'" + field + "' is empty");
            case START_OBJECT -> objects(json, field, model);
            default -> rows(json, field, model);
        };
    }

    private static List<Tensor> objects(JsonParser json, String field, ModelMetadata model)
            throws IOException, Refused {
        json.nextToken();
        if (isBinary(json, model)) {
            return rows(json, field, model);
        }
        var frame = frame(json, model);
        return frame != null ? frame.records(json, field) : records(json, field, model);
    }

    /** Whether the object that the parser stands in is {@code {"b64": …}}. */
    private static boolean isBinary(JsonParser json, ModelMetadata model) throws IOException {
        return Column.B64.equals(json.currentName())
                && model.inputs().size() == 1
                && model.columns().isEmpty()
                && model.inputs().getFirst().datatype() == Datatype.BYTES;
    }

    /** A table, if the model takes one and the first name, on which the parser stands, is in it. */
    private static @Nullable V1Frame frame(JsonParser json, ModelMetadata model)
            throws IOException, Refused {
        var frame = V1Frame.of(model);
        boolean named = json.currentToken() == JsonToken.FIELD_NAME;
        boolean whole =
                named
                        && model.inputs().size() == 1
                        && model.inputs().getFirst().name().equals(json.currentName());
        return frame == null || (whole && !frame.has(json.currentName())) ? null : frame;
    }

    /** Rows for a model with one input, or with columns; the parser stands on the first row. */
    private static List<Tensor> rows(JsonParser json, String field, ModelMetadata model)
            throws IOException, Refused {
        if (model.inputs().size() == 1) {
            return List.of(rows(json, field, model.inputs().getFirst()));
        }
        var frame = V1Frame.of(model);
        if (frame == null) {
            throw Refused.badInput(
                    "'%s' must hold objects with %s: the model has %d inputs"
                            .formatted(field, names(model), model.inputs().size()));
        }
        return frame.rows(json, field);
    }

    private static Tensor rows(JsonParser json, String field, TensorSpec spec)
            throws IOException, Refused {
        // The client said "instances"; the model's own name for them means nothing to it.
        var column = Column.of(field, spec.datatype());
        var nested = new Nested(column);
        int rows = 0;
        do {
            if (json.currentToken() == JsonToken.START_OBJECT
                    && spec.datatype() != Datatype.BYTES) {
                throw Refused.badInput("'" + field + "' mixes objects and lists");
            }
            nested.read(json, 1);
            rows++;
        } while (json.nextToken() != JsonToken.END_ARRAY);
        return new Tensor(spec.name(), spec.datatype(), nested.shape(rows), column.elements());
    }

    private record Growing(TensorSpec spec, Column column, Nested nested) {
        static Map<String, Growing> all(ModelMetadata model) throws Refused {
            var inputs = new LinkedHashMap<String, Growing>();
            for (var spec : model.inputs()) {
                var column = Column.of(spec.name(), spec.datatype());
                inputs.put(spec.name(), new Growing(spec, column, new Nested(column)));
            }
            return inputs;
        }

        Tensor tensor(int[] shape) {
            return new Tensor(spec.name(), spec.datatype(), shape, column.elements());
        }
    }

    /** Objects that carry one value for each named input; the parser stands in the first. */
    private static List<Tensor> records(JsonParser json, String field, ModelMetadata model)
            throws IOException, Refused {
        var inputs = Growing.all(model);
        int rows = 0;
        while (true) {
            record(json, "%s[%d]".formatted(field, rows), inputs);
            rows++;
            var next = json.nextToken();
            if (next == JsonToken.END_ARRAY) {
                break;
            }
            if (next != JsonToken.START_OBJECT) {
                throw Refused.badInput("'" + field + "' mixes objects and lists");
            }
            json.nextToken();
        }
        var tensors = new ArrayList<Tensor>();
        for (var input : inputs.values()) {
            tensors.add(input.tensor(input.nested.shape(rows)));
        }
        return tensors;
    }

    private static void record(JsonParser json, String where, Map<String, Growing> inputs)
            throws IOException, Refused {
        int seen = 0;
        while (json.currentToken() != JsonToken.END_OBJECT) {
            var input = known(json.currentName(), inputs, where);
            json.nextToken();
            input.nested.read(json, 1);
            seen++;
            json.nextToken();
        }
        if (seen != inputs.size()) {
            throw Refused.badInput(
                    "'%s' has %d of the inputs %s".formatted(where, seen, inputs.keySet()));
        }
    }

    /** {@code "inputs": {"a": [...], "b": [...]}}: whole tensors by name. */
    private static List<Tensor> columns(JsonParser json, ModelMetadata model)
            throws IOException, Refused {
        var inputs = Growing.all(model);
        var tensors = new ArrayList<Tensor>();
        while (json.currentToken() != JsonToken.END_OBJECT) {
            var input = known(json.currentName(), inputs, "inputs");
            json.nextToken();
            input.nested.read(json, 0);
            tensors.add(input.tensor(input.nested.shape()));
            json.nextToken();
        }
        return tensors;
    }

    private static Growing known(String name, Map<String, Growing> inputs, String where)
            throws Refused {
        var input = inputs.get(name);
        if (input == null) {
            throw Refused.badInput(
                    "'%s' has '%s'; the model's inputs are %s"
                            .formatted(where, name, inputs.keySet()));
        }
        return input;
    }

    private static List<String> names(ModelMetadata model) {
        return model.inputs().stream().map(TensorSpec::name).toList();
    }
}
