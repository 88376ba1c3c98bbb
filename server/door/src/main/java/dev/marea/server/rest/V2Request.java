package dev.marea.server.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.tensors.Names;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A V2 inference request, read.
 *
 * @param outputs the wanted ones; empty: all
 */
record V2Request(
        Optional<String> id, V2Parameters parameters, List<Tensor> inputs, List<V2Output> outputs) {
    /**
     * @param raw the bytes behind the JSON, where its binary inputs lie
     */
    static V2Request read(Bytes body, RawPart raw, String model) throws Refused {
        var request = JsonBody.read(body, json -> request(json, body, raw, model));
        raw.checkUsed();
        return request;
    }

    private static V2Request request(JsonParser json, Bytes body, RawPart raw, String model)
            throws IOException, Refused {
        Optional<String> id = Optional.empty();
        List<Tensor> inputs = List.of();
        List<V2Output> outputs = List.of();
        var parameters = V2Parameters.NONE;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            var field = json.currentName();
            json.nextToken();
            switch (field) {
                case "id" -> id = id(json);
                case "inputs" -> inputs = inputs(json, body, raw, model);
                case "outputs" -> outputs = outputs(json);
                case "parameters" -> parameters = V2Parameters.read(json, "parameters");
                default -> json.skipChildren();
            }
        }
        if (inputs.isEmpty()) {
            throw Refused.badInput("'inputs' is missing or empty: a list of tensors is needed");
        }
        return new V2Request(id, parameters, inputs, outputs);
    }

    static Optional<String> id(JsonParser json) throws IOException, Refused {
        return JsonBody.isNull(json) ? Optional.empty() : Optional.of(JsonBody.text(json, "id"));
    }

    private static List<Tensor> inputs(JsonParser json, Bytes body, RawPart raw, String model)
            throws IOException, Refused {
        var inputs = new ArrayList<Tensor>(4);
        var names = Names.ofInputs();
        list(json, "inputs");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            checkObject(json, "inputs", inputs.size());
            var input = new V2Input(body, raw, inputs.size(), model).read(json);
            names.add(input.name());
            inputs.add(input);
        }
        return inputs;
    }

    private static List<V2Output> outputs(JsonParser json) throws IOException, Refused {
        var outputs = new ArrayList<V2Output>(4);
        if (JsonBody.isNull(json)) {
            return outputs;
        }
        var names = Names.ofOutputs();
        list(json, "outputs");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            checkObject(json, "outputs", outputs.size());
            var output = V2Output.read(json, where("outputs", outputs.size()));
            names.add(output.name());
            outputs.add(output);
        }
        return outputs;
    }

    private static void list(JsonParser json, String field) throws Refused {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw Refused.badInput("'" + field + "' must be a list");
        }
    }

    private static void checkObject(JsonParser json, String field, int index) throws Refused {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw Refused.badInput("'" + where(field, index) + "' must be an object");
        }
    }

    static String where(String field, int index) {
        return field + "[" + index + "]";
    }
}
