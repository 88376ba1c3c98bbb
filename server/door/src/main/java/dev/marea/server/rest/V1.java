package dev.marea.server.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import dev.marea.wire.json.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** KServe's V1 protocol: {@code {"instances": …}} to {@code {"predictions": …}}. */
final class V1 {
    private V1() {}

    /** Reads {@code instances}, or {@code inputs} under its other name. */
    static List<Tensor> read(byte[] body, ModelMetadata model) throws Refused {
        return JsonBody.read(body, json -> inputs(json, model));
    }

    private static List<Tensor> inputs(JsonParser json, ModelMetadata model)
            throws IOException, Refused {
        List<Tensor> found = null;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            var field = json.currentName();
            json.nextToken();
            if (!field.equals("instances") && !field.equals("inputs")) {
                json.skipChildren();
            } else if (found != null) {
                throw Refused.badInput("the body has 'instances' and 'inputs'; give one of them");
            } else {
                found = payload(json, field, model);
            }
        }
        if (found == null) {
            throw Refused.badInput("'instances' is missing: {\"instances\": [...]} is needed");
        }
        return found;
    }

    private static List<Tensor> payload(JsonParser json, String field, ModelMetadata model)
            throws IOException, Refused {
        if (json.currentToken() == JsonToken.START_OBJECT && field.equals("inputs")) {
            return columns(json, model);
        }
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw Refused.badInput("'" + field + "' must be a list");
        }
        return switch (json.nextToken()) {
            case END_ARRAY -> throw Refused.badInput("'" + field + "' is empty");
            case START_OBJECT -> records(json, field, model);
            default -> List.of(rows(json, field, model));
        };
    }

    /** Rows for a model with one input; the parser stands on the first row. */
    private static Tensor rows(JsonParser json, String field, ModelMetadata model)
            throws IOException, Refused {
        if (model.inputs().size() != 1) {
            throw Refused.badInput(
                    "'%s' must hold objects with %s: the model has %d inputs"
                            .formatted(field, names(model), model.inputs().size()));
        }
        var spec = model.inputs().getFirst();
        // The client said "instances"; the model's own name for them means nothing to it.
        var column = Column.of(field, spec.datatype());
        var nested = new Nested(column);
        int rows = 0;
        do {
            if (json.currentToken() == JsonToken.START_OBJECT) {
                throw Refused.badInput("'" + field + "' mixes objects and lists");
            }
            nested.read(json, 1);
            rows++;
        } while (json.nextToken() != JsonToken.END_ARRAY);
        return new Tensor(spec.name(), spec.datatype(), nested.shape(rows), column.elements());
    }

    private record Growing(TensorSpec spec, Column column, Nested nested) {
        static Growing of(TensorSpec spec) throws Refused {
            var column = Column.of(spec.name(), spec.datatype());
            return new Growing(spec, column, new Nested(column));
        }

        Tensor tensor(int[] shape) {
            return new Tensor(spec.name(), spec.datatype(), shape, column.elements());
        }
    }

    /** Objects that carry one value for each named input; the parser stands on the first. */
    private static List<Tensor> records(JsonParser json, String field, ModelMetadata model)
            throws IOException, Refused {
        var inputs = new LinkedHashMap<String, Growing>();
        for (var spec : model.inputs()) {
            inputs.put(spec.name(), Growing.of(spec));
        }
        int rows = 0;
        do {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw Refused.badInput("'" + field + "' mixes objects and lists");
            }
            record(json, "%s[%d]".formatted(field, rows), inputs);
            rows++;
        } while (json.nextToken() != JsonToken.END_ARRAY);
        var tensors = new ArrayList<Tensor>();
        for (var input : inputs.values()) {
            tensors.add(input.tensor(input.nested.shape(rows)));
        }
        return tensors;
    }

    private static void record(JsonParser json, String where, Map<String, Growing> inputs)
            throws IOException, Refused {
        int seen = 0;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            var input = known(json.currentName(), inputs, where);
            json.nextToken();
            input.nested.read(json, 1);
            seen++;
        }
        if (seen != inputs.size()) {
            throw Refused.badInput(
                    "'%s' has %d of the inputs %s".formatted(where, seen, inputs.keySet()));
        }
    }

    /** {@code "inputs": {"a": [...], "b": [...]}}: whole tensors by name. */
    private static List<Tensor> columns(JsonParser json, ModelMetadata model)
            throws IOException, Refused {
        var inputs = new LinkedHashMap<String, Growing>();
        for (var spec : model.inputs()) {
            inputs.put(spec.name(), Growing.of(spec));
        }
        var tensors = new ArrayList<Tensor>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            var input = known(json.currentName(), inputs, "inputs");
            json.nextToken();
            input.nested.read(json, 0);
            tensors.add(input.tensor(input.nested.shape()));
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

    static byte[] write(Tensor first) {
        var bytes = new ByteArrayOutputStream(256);
        try (var out = JsonReader.FACTORY.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeFieldName("predictions");
            TensorJson.nested(first, out);
            out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
