package dev.marea.server.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.marea.server.models.Lease;
import dev.marea.server.models.Refused;
import dev.marea.server.predict.Question;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Triton's generate: plain values by the names of the inputs, plain values by the names of the
 * outputs. {@code text_input} is also the only text input of a model that calls it otherwise.
 */
final class GenerateCodec implements Codec {
    private static final String TEXT_INPUT = "text_input";
    private static final byte[] ID = JsonOut.ascii("\"id\":");
    private static final byte[] MODEL_NAME = JsonOut.ascii("\"model_name\":");
    private static final byte[] MODEL_VERSION = JsonOut.ascii(",\"model_version\":");

    private Optional<String> id = Optional.empty();

    @Override
    public Question read(Bytes body, Lease model) throws Refused {
        var facts = model.loaded().metadata();
        return JsonBody.read(
                body, json -> new Question(inputs(json, facts), model.asked(List.of())));
    }

    private List<Tensor> inputs(JsonParser json, ModelMetadata model) throws IOException, Refused {
        var inputs = new ArrayList<Tensor>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            var field = json.currentName();
            json.nextToken();
            var spec = spec(field, model);
            if (spec != null) {
                inputs.add(input(json, spec));
            } else if (field.equals("id")) {
                id = V2Request.id(json);
            } else {
                json.skipChildren();
            }
        }
        if (inputs.isEmpty()) {
            throw Refused.badInput(
                    "the body has none of the model's inputs: %s"
                            .formatted(model.inputs().stream().map(TensorSpec::name).toList()));
        }
        return inputs;
    }

    private static @Nullable TensorSpec spec(String field, ModelMetadata model) {
        TensorSpec text = null;
        int texts = 0;
        for (var spec : model.inputs()) {
            if (spec.name().equals(field)) {
                return spec;
            }
            if (spec.datatype() == Datatype.BYTES) {
                text = spec;
                texts++;
            }
        }
        return field.equals(TEXT_INPUT) && texts == 1 ? text : null;
    }

    /** One value or nested lists; dimensions that lack in front are 1. */
    private static Tensor input(JsonParser json, TensorSpec spec) throws IOException, Refused {
        var column = Column.of(spec.name(), spec.datatype());
        var nested = new Nested(column);
        nested.read(json, 0);
        var given = nested.shape();
        var shape = new int[Math.max(given.length, spec.shape().size())];
        Arrays.fill(shape, 1);
        System.arraycopy(given, 0, shape, shape.length - given.length, given.length);
        return new Tensor(spec.name(), spec.datatype(), shape, column.elements());
    }

    @Override
    public byte[] json(Lease model, List<Tensor> outputs) throws Refused {
        var out = JsonOut.begin().raw('{');
        if (id.isPresent()) {
            out.raw(ID).text(id.get()).raw(',');
        }
        out.raw(MODEL_NAME).text(model.model()).raw(MODEL_VERSION).text(model.version());
        for (var output : outputs) {
            out.raw(',').text(output.name()).raw(':');
            if (output.elements().length() == 1) {
                TensorJson.element(output, 0, TensorJson.Binary.OBJECT, out);
            } else {
                TensorJson.nested(output, out);
            }
        }
        return out.raw('}').finish();
    }
}
