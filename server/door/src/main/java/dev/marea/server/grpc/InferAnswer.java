package dev.marea.server.grpc;

import com.google.protobuf.CodedOutputStream;
import dev.marea.server.models.Lease;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.tensors.RawTensors;
import dev.marea.wire.proto.inference.InferParameter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A ModelInferResponse. Written by hand as its request is read by hand: the generated one would
 * make the protocol's whole description at the first answer, a tenth of a second on a cold start.
 */
final class InferAnswer implements Body {
    /** Triton's request for a last, empty response of a stream. */
    static final String EMPTY_FINAL = "triton_enable_empty_final_response";

    private static final int MODEL_NAME = 1;
    private static final int MODEL_VERSION = 2;
    private static final int ID = 3;
    private static final int PARAMETERS = 4;
    private static final int OUTPUTS = 5;
    private static final int RAW_OUTPUT_CONTENTS = 6;
    private static final int NOT_COUNTED = -1;

    private final Lease model;
    private final String id;
    private final Map<String, InferParameter> parameters;
    private final List<AnswerTensor> outputs;
    private final List<byte[]> raw;
    private int size = NOT_COUNTED;

    private InferAnswer(
            Lease model, InferRequest request, List<AnswerTensor> outputs, List<byte[]> raw) {
        this.model = model;
        this.id = request.id();
        this.outputs = outputs;
        this.raw = raw;
        parameters = new LinkedHashMap<>(0);
        for (var parameter : request.parameters().entrySet()) {
            if (Parameters.isCallersOwn(parameter.getKey())) {
                parameters.put(parameter.getKey(), parameter.getValue());
            }
        }
    }

    /** An answer without tensors: whose it is, and to what. */
    static InferAnswer empty(Lease model, InferRequest request) {
        return new InferAnswer(model, request, List.of(), List.of());
    }

    /**
     * Raw for those who sent raw, and where a datatype has no other form: Triton's clients read
     * nothing else, KServe's read what they sent.
     */
    static InferAnswer of(Lease model, InferRequest request, List<Tensor> tensors) {
        boolean isRaw = request.isRaw() || needRaw(tensors);
        var outputs = new ArrayList<AnswerTensor>(tensors.size());
        var raw = new ArrayList<byte[]>(isRaw ? tensors.size() : 0);
        for (var tensor : tensors) {
            outputs.add(isRaw ? AnswerTensor.bare(tensor) : AnswerTensor.withContents(tensor));
            if (isRaw) {
                raw.add(RawTensors.write(tensor));
            }
        }
        return new InferAnswer(model, request, outputs, raw);
    }

    private static boolean needRaw(List<Tensor> outputs) {
        for (var output : outputs) {
            if (output.datatype() == Datatype.FP16 || output.datatype() == Datatype.BF16) {
                return true;
            }
        }
        return false;
    }

    InferAnswer with(String name, boolean value) {
        parameters.put(name, InferParameter.newBuilder().setBoolParam(value).build());
        return this;
    }

    @Override
    public int size() {
        if (size == NOT_COUNTED) {
            size = count();
        }
        return size;
    }

    private int count() {
        int sum = textSize(MODEL_NAME, model.model()) + textSize(MODEL_VERSION, model.version());
        sum += textSize(ID, id);
        for (var parameter : parameters.entrySet()) {
            sum += new Entry(parameter.getKey(), parameter.getValue()).sizeAs(PARAMETERS);
        }
        for (var output : outputs) {
            sum = Math.addExact(sum, output.sizeAs(OUTPUTS));
        }
        for (var bytes : raw) {
            sum =
                    Math.addExact(
                            sum,
                            CodedOutputStream.computeByteArraySize(RAW_OUTPUT_CONTENTS, bytes));
        }
        return sum;
    }

    @Override
    public void writeTo(CodedOutputStream out) throws IOException {
        writeText(MODEL_NAME, model.model(), out);
        writeText(MODEL_VERSION, model.version(), out);
        writeText(ID, id, out);
        for (var parameter : parameters.entrySet()) {
            new Entry(parameter.getKey(), parameter.getValue()).writeAs(PARAMETERS, out);
        }
        for (var output : outputs) {
            output.writeAs(OUTPUTS, out);
        }
        for (var bytes : raw) {
            out.writeByteArray(RAW_OUTPUT_CONTENTS, bytes);
        }
    }

    /** An empty text is not written: so protobuf has it. */
    static int textSize(int field, String text) {
        return text.isEmpty() ? 0 : CodedOutputStream.computeStringSize(field, text);
    }

    static void writeText(int field, String text, CodedOutputStream out) throws IOException {
        if (!text.isEmpty()) {
            out.writeString(field, text);
        }
    }

    /** One entry of a map. */
    private record Entry(String key, InferParameter value) implements Body {
        @Override
        public int size() {
            return textSize(1, key) + CodedOutputStream.computeMessageSize(2, value);
        }

        @Override
        public void writeTo(CodedOutputStream out) throws IOException {
            writeText(1, key, out);
            out.writeMessage(2, value);
        }
    }
}
