package dev.marea.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.tensors.Names;
import dev.marea.wire.proto.inference.InferParameter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A ModelInferRequest, read by hand: the generated reader would copy values twice, and would make
 * an object of every two bytes of a hostile request before anyone could count them. The first look
 * finds what a request is about; tensors are read later, out of the same bytes.
 */
final class InferRequest {
    private static final int MODEL_NAME = 1 << 3 | 2;
    private static final int MODEL_VERSION = 2 << 3 | 2;
    private static final int ID = 3 << 3 | 2;
    private static final int PARAMETERS = 4 << 3 | 2;
    private static final int INPUTS = 5 << 3 | 2;
    private static final int OUTPUTS = 6 << 3 | 2;
    private static final int RAW_INPUT_CONTENTS = 7 << 3 | 2;

    private final int bytes;
    private String model = "";
    private String version = "";
    private String id = "";
    private final Map<String, InferParameter> parameters = new LinkedHashMap<>(0);
    private final List<ByteString> inputs = new ArrayList<>(2);
    private final List<ByteString> outputs = new ArrayList<>(0);
    private final List<ByteString> raw = new ArrayList<>(2);

    private InferRequest(int bytes) {
        this.bytes = bytes;
    }

    static InferRequest of(byte[] message) throws Refused {
        var request = new InferRequest(message.length);
        try {
            request.look(input(UnsafeByteOperations.unsafeWrap(message)));
        } catch (InvalidProtocolBufferException bad) {
            throw Unary.badMessage(bad);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return request;
    }

    /** A reader whose byte strings are windows into these bytes. */
    static CodedInputStream input(ByteString bytes) {
        var in = bytes.newCodedInput();
        in.enableAliasing(true);
        return in;
    }

    private void look(CodedInputStream in) throws IOException, Refused {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case MODEL_NAME -> model = in.readStringRequireUtf8();
                case MODEL_VERSION -> version = in.readStringRequireUtf8();
                case ID -> id = in.readStringRequireUtf8();
                case PARAMETERS -> Parameters.add(in.readBytes(), parameters);
                case INPUTS -> add(in, inputs, "inputs");
                case OUTPUTS -> add(in, outputs, "outputs");
                case RAW_INPUT_CONTENTS -> add(in, raw, "raw_input_contents");
                default -> skip(in, tag);
            }
        }
    }

    private static void add(CodedInputStream in, List<ByteString> entries, String list)
            throws IOException, Refused {
        if (entries.size() == Names.MAX) {
            throw Refused.badInput("'%s' has more than %d entries".formatted(list, Names.MAX));
        }
        entries.add(in.readBytes());
    }

    /** A field that is not known here, or a known one of another type. */
    static void skip(CodedInputStream in, int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("a group ends that has not begun");
        }
    }

    String model() {
        return model;
    }

    Optional<String> version() {
        return Inference.version(version);
    }

    String id() {
        return id;
    }

    int bytes() {
        return bytes;
    }

    Map<String, InferParameter> parameters() {
        return parameters;
    }

    /** Whether the tensors came as raw bytes; then the answer's do too. */
    boolean isRaw() {
        return !raw.isEmpty();
    }

    List<Tensor> readInputs() throws Refused {
        if (inputs.isEmpty()) {
            throw Refused.badInput("'inputs' is missing or empty: a list of tensors is needed");
        }
        if (isRaw() && raw.size() != inputs.size()) {
            throw Refused.badInput(
                    "'raw_input_contents' has %d entries for %d inputs; give one for each or none"
                            .formatted(raw.size(), inputs.size()));
        }
        var names = Names.ofInputs();
        var tensors = new ArrayList<Tensor>(inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            var input = InferInput.of(inputs.get(i), i);
            names.add(input.name());
            tensors.add(isRaw() ? input.tensor(raw.get(i)) : input.tensor());
        }
        return tensors;
    }

    /** The wanted outputs; empty: all of them. */
    List<InferOutput> readOutputs() throws Refused {
        if (outputs.isEmpty()) {
            return List.of();
        }
        var names = Names.ofOutputs();
        var wanted = new ArrayList<InferOutput>(outputs.size());
        for (int i = 0; i < outputs.size(); i++) {
            var output = InferOutput.of(outputs.get(i), i);
            names.add(output.name());
            wanted.add(output);
        }
        return wanted;
    }
}
