package dev.marea.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.marea.server.models.Lease;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.tensors.RawStrings;
import dev.marea.server.tensors.RawTensors;
import dev.marea.wire.proto.inference.InferTensorContents;
import dev.marea.wire.proto.inference.ModelInferResponse;
import java.util.List;

/** Writes what a model answered. */
final class InferAnswer {
    /** Triton's request for a last, empty response of a stream; it is not told back. */
    static final String EMPTY_FINAL = "triton_enable_empty_final_response";

    private InferAnswer() {}

    /** An answer without tensors: whose it is, and to what. */
    static ModelInferResponse.Builder begin(Lease model, InferRequest request) {
        var answer =
                ModelInferResponse.newBuilder()
                        .setModelName(model.model())
                        .setModelVersion(model.version())
                        .setId(request.id());
        if (!request.parameters().isEmpty()) {
            answer.putAllParameters(request.parameters()).removeParameters(EMPTY_FINAL);
        }
        return answer;
    }

    /**
     * Raw for those who sent raw, and where a datatype has no other form: Triton's clients read
     * nothing else, KServe's read what they sent.
     */
    static ModelInferResponse.Builder of(Lease model, InferRequest request, List<Tensor> outputs) {
        var answer = begin(model, request);
        boolean raw = request.isRaw() || needRaw(outputs);
        for (var tensor : outputs) {
            var output =
                    answer.addOutputsBuilder()
                            .setName(tensor.name())
                            .setDatatype(tensor.datatype().name());
            for (int dimension : tensor.shape()) {
                output.addShape(dimension);
            }
            if (raw) {
                answer.addRawOutputContents(
                        UnsafeByteOperations.unsafeWrap(RawTensors.write(tensor)));
            } else {
                output.setContents(contents(tensor));
            }
        }
        return answer;
    }

    private static boolean needRaw(List<Tensor> outputs) {
        for (var output : outputs) {
            if (output.datatype() == Datatype.FP16 || output.datatype() == Datatype.BF16) {
                return true;
            }
        }
        return false;
    }

    private static InferTensorContents contents(Tensor tensor) {
        var contents = InferTensorContents.newBuilder();
        boolean unsigned = tensor.datatype().name().startsWith("U");
        switch (tensor.elements()) {
            case Elements.Bools(var values) -> {
                for (boolean value : values) {
                    contents.addBoolContents(value);
                }
            }
            case Elements.Bytes(var values) -> {
                for (byte value : values) {
                    add(contents, unsigned, unsigned ? Byte.toUnsignedInt(value) : value);
                }
            }
            case Elements.Shorts(var values) -> {
                for (short value : values) {
                    add(contents, unsigned, unsigned ? Short.toUnsignedInt(value) : value);
                }
            }
            case Elements.Ints(var values) -> {
                for (int value : values) {
                    add(contents, unsigned, value);
                }
            }
            case Elements.Longs(var values) -> {
                for (long value : values) {
                    if (unsigned) {
                        contents.addUint64Contents(value);
                    } else {
                        contents.addInt64Contents(value);
                    }
                }
            }
            case Elements.Floats(var values) -> {
                for (float value : values) {
                    contents.addFp32Contents(value);
                }
            }
            case Elements.Doubles(var values) -> {
                for (double value : values) {
                    contents.addFp64Contents(value);
                }
            }
            case Elements.Texts(var values) -> {
                for (var value : values) {
                    contents.addBytesContents(bytes(RawStrings.bytes(value)));
                }
            }
            case Elements.Blobs(var values) -> {
                for (var value : values) {
                    contents.addBytesContents(bytes(value));
                }
            }
        }
        return contents.build();
    }

    private static void add(InferTensorContents.Builder contents, boolean unsigned, int value) {
        if (unsigned) {
            contents.addUintContents(value);
        } else {
            contents.addIntContents(value);
        }
    }

    private static ByteString bytes(byte[] value) {
        return UnsafeByteOperations.unsafeWrap(value);
    }
}
