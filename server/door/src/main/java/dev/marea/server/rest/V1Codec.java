package dev.marea.server.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.marea.server.models.Lease;
import dev.marea.server.models.Refused;
import dev.marea.server.predict.Question;
import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** KServe's V1 protocol: {@code {"instances": …}} to {@code {"predictions": …}}. */
final class V1Codec implements Codec {
    private static final byte[] PREDICTIONS = JsonOut.ascii("{\"predictions\":");
    private static final byte[] EXPLANATIONS = JsonOut.ascii("{\"explanations\":");

    private final boolean explains;

    V1Codec(boolean explains) {
        this.explains = explains;
    }

    @Override
    public Question read(Bytes body, Lease model) throws Refused {
        var facts = model.loaded().metadata();
        if (explains && !facts.methods().contains(Method.EXPLAIN)) {
            throw new Refused(
                    Refused.Why.NOT_IMPLEMENTED,
                    "Model " + model.model() + " gives no explanations.");
        }
        return JsonBody.read(body, json -> question(json, model, facts));
    }

    private Question question(JsonParser json, Lease model, ModelMetadata facts)
            throws IOException, Refused {
        List<Tensor> inputs = null;
        Optional<Method> method = Optional.empty();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            var field = json.currentName();
            json.nextToken();
            switch (field) {
                case "instances", "inputs" -> {
                    if (inputs != null) {
                        throw Refused.badInput(
                                "the body has 'instances' and 'inputs'; give one of them");
                    }
                    inputs = V1Inputs.read(json, field, facts);
                }
                case "signature_name" -> method = signature(json, facts);
                default -> json.skipChildren();
            }
        }
        return new Question(checked(inputs), asked(model, method));
    }

    private static List<Tensor> checked(@Nullable List<Tensor> inputs) throws Refused {
        if (inputs == null) {
            throw Refused.badInput("'instances' is missing: {\"instances\": [...]} is needed");
        }
        if (inputs.isEmpty()) {
            throw Refused.badInput("'inputs' is empty");
        }
        return inputs;
    }

    /** The method of that name, if the model has it; TensorFlow's names mean nothing here. */
    private static Optional<Method> signature(JsonParser json, ModelMetadata facts)
            throws IOException {
        json.skipChildren();
        return json.currentToken() == JsonToken.VALUE_STRING
                ? Method.named(json.getText()).filter(facts.methods()::contains)
                : Optional.empty();
    }

    private Asked asked(Lease model, Optional<Method> method) {
        if (explains) {
            return Asked.of(Method.EXPLAIN);
        }
        return method.isPresent() ? Asked.of(method.get()) : model.asked(List.of());
    }

    @Override
    public byte[] json(Lease model, List<Tensor> outputs) throws Refused {
        var out = JsonOut.begin().raw(explains ? EXPLANATIONS : PREDICTIONS);
        if (explains && outputs.size() > 1) {
            byName(outputs, out);
        } else {
            TensorJson.nested(outputs.getFirst(), out);
        }
        return out.raw('}').finish();
    }

    private static void byName(List<Tensor> outputs, JsonOut out) throws Refused {
        char before = '{';
        for (var output : outputs) {
            out.raw(before).text(output.name()).raw(':');
            TensorJson.nested(output, out);
            before = ',';
        }
        out.raw('}');
    }
}
