package dev.marea.server.rest;

import dev.marea.server.models.Lease;
import dev.marea.server.models.Refused;
import dev.marea.server.predict.MethodByOutput;
import dev.marea.server.predict.Question;
import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The Open Inference Protocol (V2), as JSON and with binary tensors behind the JSON. */
final class V2Codec implements Codec {
    /** The whole body is JSON. */
    static final int ALL_JSON = -1;

    private static final int NO_JSON = 0;

    private final int jsonBytes;
    private boolean allBinary;
    private Optional<String> id = Optional.empty();
    private V2Parameters parameters = V2Parameters.NONE;
    private List<V2Output> wanted = List.of();
    private @Nullable Method renamed;
    private Optional<Long> deadline = Optional.empty();

    /**
     * @param jsonBytes how much of the body is JSON, from the header that says so; 0: none of it,
     *     the body is the one input's bytes
     */
    V2Codec(int jsonBytes) {
        this.jsonBytes = jsonBytes;
    }

    @Override
    public Question read(Bytes body, Lease model) throws Refused {
        var facts = model.loaded().metadata();
        if (jsonBytes == NO_JSON) {
            allBinary = true;
            return new Question(List.of(RawRequest.input(body, facts)), model.asked(List.of()));
        }
        var request = request(body, model.model());
        id = request.id();
        parameters = request.parameters();
        wanted = request.outputs();
        allBinary = parameters.flag(V2Parameters.BINARY_OUTPUT);
        deadline = deadline(parameters);
        var inputs = request.inputs();
        if (parameters.contentType().equals(ContentTypes.FRAME)) {
            inputs = ContentTypes.joined(inputs, facts);
        }
        return new Question(inputs, asked(model, facts));
    }

    private V2Request request(Bytes body, String model) throws Refused {
        if (jsonBytes == ALL_JSON) {
            return V2Request.read(body, RawPart.none(), model);
        }
        if (jsonBytes > body.length()) {
            throw Refused.badInput(
                    "Inference-Header-Content-Length is %d, but the body has %d bytes"
                            .formatted(jsonBytes, body.length()));
        }
        return V2Request.read(
                body.part(0, jsonBytes),
                RawPart.of(body.part(jsonBytes, body.length() - jsonBytes)),
                model);
    }

    /** Triton's timeout, in microseconds from now; 0 means none. */
    private static Optional<Long> deadline(V2Parameters parameters) {
        var timeout = parameters.values().integer(V2Parameters.TIMEOUT);
        return timeout.isPresent() && timeout.getAsLong() > 0
                ? Optional.of(
                        System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(timeout.getAsLong()))
                : Optional.empty();
    }

    @Override
    public Optional<Long> deadline() {
        return deadline;
    }

    private Asked asked(Lease model, ModelMetadata facts) {
        var names = wanted.stream().map(V2Output::name).toList();
        var method = MethodByOutput.of(names, facts);
        if (method.isPresent()) {
            renamed = method.get();
            return Asked.of(method.get());
        }
        return model.asked(names);
    }

    @Override
    public byte[] json(Lease model, List<Tensor> outputs) throws Refused {
        return answer(outputs).json(model, id, parameters.echoed());
    }

    @Override
    public Reply reply(Lease model, List<Tensor> outputs) throws Refused {
        var answer = answer(outputs);
        boolean[] binary = binary(answer.outputs());
        return binary == null
                ? Reply.json(200, answer.json(model, id, parameters.echoed()))
                : answer.binary(model, id, parameters.echoed(), binary);
    }

    private V2Answer answer(List<Tensor> outputs) throws Refused {
        var method = renamed;
        var named = method == null ? outputs : List.of(outputs.getFirst().named(method.wireName()));
        return new V2Answer(wanted.isEmpty() ? named : asWanted(named));
    }

    private List<Tensor> asWanted(List<Tensor> outputs) throws Refused {
        var shown = new ArrayList<Tensor>(outputs.size());
        for (var output : outputs) {
            var asked = wanted(output.name());
            shown.add(asked == null ? output : asked.of(output));
        }
        return shown;
    }

    private @Nullable V2Output wanted(String output) {
        for (var asked : wanted) {
            if (asked.name().equals(output)) {
                return asked;
            }
        }
        return null;
    }

    /** Which outputs are wanted as bytes; null: none. */
    private boolean @Nullable [] binary(List<Tensor> outputs) {
        if (!allBinary && wanted.isEmpty()) {
            return null;
        }
        var binary = new boolean[outputs.size()];
        boolean any = false;
        for (int i = 0; i < binary.length; i++) {
            binary[i] = isBinary(outputs.get(i).name());
            any |= binary[i];
        }
        return any ? binary : null;
    }

    private boolean isBinary(String output) {
        var asked = wanted(output);
        return asked == null ? allBinary : asked.isBinary(allBinary);
    }
}
