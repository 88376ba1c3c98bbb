package dev.marea.server.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Tensor;
import dev.marea.wire.json.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** The Open Inference Protocol (V2) in JSON. */
final class V2 {
    private static final int NAMES_MAX = 256;

    private V2() {}

    record Asking(Optional<String> id, List<Tensor> inputs, List<String> outputs) {}

    static Asking read(byte[] body, String model) throws Refused {
        return JsonBody.read(body, json -> asking(json, body, model));
    }

    private static Asking asking(JsonParser json, byte[] body, String model)
            throws IOException, Refused {
        Optional<String> id = Optional.empty();
        List<Tensor> inputs = List.of();
        List<String> outputs = List.of();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            var field = json.currentName();
            json.nextToken();
            switch (field) {
                case "id" -> id = id(json);
                case "inputs" -> inputs = inputs(json, body, model);
                case "outputs" -> outputs = outputs(json);
                case "parameters" -> parameters(json, "parameters");
                default -> json.skipChildren();
            }
        }
        if (inputs.isEmpty()) {
            throw Refused.badInput("'inputs' is missing or empty: a list of tensors is needed");
        }
        return new Asking(id, inputs, outputs);
    }

    private static Optional<String> id(JsonParser json) throws IOException, Refused {
        return json.currentToken() == JsonToken.VALUE_NULL
                ? Optional.empty()
                : Optional.of(JsonBody.text(json, "id"));
    }

    private static void parameters(JsonParser json, String field) throws IOException, Refused {
        var token = json.currentToken();
        if (token != JsonToken.START_OBJECT && token != JsonToken.VALUE_NULL) {
            throw Refused.badInput("'" + field + "' must be an object");
        }
        json.skipChildren();
    }

    private static List<Tensor> inputs(JsonParser json, byte[] body, String model)
            throws IOException, Refused {
        var inputs = new ArrayList<Tensor>();
        var names = new HashSet<String>();
        list(json, "inputs");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            var where = next(json, "inputs", inputs.size());
            var input = new V2Input(body, where, model).read(json);
            if (!names.add(input.name())) {
                throw Refused.badInput("input '" + input.name() + "' comes twice");
            }
            inputs.add(input);
        }
        return inputs;
    }

    private static List<String> outputs(JsonParser json) throws IOException, Refused {
        var outputs = new ArrayList<String>();
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return outputs;
        }
        list(json, "outputs");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            var name = output(json, next(json, "outputs", outputs.size()));
            if (outputs.contains(name)) {
                throw Refused.badInput("output '" + name + "' comes twice");
            }
            outputs.add(name);
        }
        return outputs;
    }

    private static String output(JsonParser json, String where) throws IOException, Refused {
        String name = null;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            var field = json.currentName();
            json.nextToken();
            if (field.equals("name")) {
                name = JsonBody.text(json, where + ".name");
            } else {
                json.skipChildren();
            }
        }
        if (name == null) {
            throw Refused.badInput("'" + where + ".name' is missing");
        }
        return name;
    }

    private static void list(JsonParser json, String field) throws Refused {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw Refused.badInput("'" + field + "' must be a list");
        }
    }

    private static String next(JsonParser json, String field, int index) throws Refused {
        var where = "%s[%d]".formatted(field, index);
        if (index == NAMES_MAX) {
            throw Refused.badInput("'%s' has more than %d entries".formatted(field, NAMES_MAX));
        }
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw Refused.badInput("'" + where + "' must be an object");
        }
        return where;
    }

    static byte[] write(String model, String id, List<Tensor> outputs) {
        var bytes = new ByteArrayOutputStream(512);
        try (var out = JsonReader.FACTORY.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringField("model_name", model);
            out.writeStringField("id", id);
            out.writeArrayFieldStart("outputs");
            for (var output : outputs) {
                tensor(output, out);
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void tensor(Tensor tensor, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", tensor.name());
        out.writeFieldName("shape");
        out.writeArray(tensor.shape(), 0, tensor.rank());
        out.writeStringField("datatype", tensor.datatype().name());
        out.writeFieldName("data");
        TensorJson.flat(tensor, out);
        out.writeEndObject();
    }

    /** A random UUID that need not be secret, so that it does not cost a secure one. */
    static String newId() {
        var random = ThreadLocalRandom.current();
        long high = (random.nextLong() & 0xffff_ffff_ffff_0fffL) | 0x4000L;
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
