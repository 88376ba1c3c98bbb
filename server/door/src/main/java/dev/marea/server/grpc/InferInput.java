package dev.marea.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.tensors.RawTensors;
import dev.marea.server.tensors.Shapes;
import java.io.IOException;
import java.util.Arrays;

/** One of a request's inputs, and its tensor. */
final class InferInput {
    private static final int NAME = 1 << 3 | 2;
    private static final int DATATYPE = 2 << 3 | 2;
    private static final int DIMENSION = 3 << 3;
    private static final int SHAPE = 3 << 3 | 2;
    private static final int PARAMETERS = 4 << 3 | 2;
    private static final int CONTENTS = 5 << 3 | 2;

    private String name = "";
    private String datatype = "";
    private final long[] dimensions = new long[Shapes.RANK_MAX + 1];
    private int rank;
    private ByteString contents = ByteString.EMPTY;
    private boolean inSharedMemory;

    private InferInput() {}

    static InferInput of(ByteString bytes, int index) throws Refused {
        var input = new InferInput();
        try {
            input.read(InferRequest.input(bytes));
        } catch (IOException bad) {
            throw Parameters.badMessage(bad);
        }
        if (input.name.isEmpty()) {
            throw Refused.badInput("'inputs[" + index + "]' has no 'name'");
        }
        return input;
    }

    private void read(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case NAME -> name = in.readStringRequireUtf8();
                case DATATYPE -> datatype = in.readStringRequireUtf8();
                case DIMENSION -> dimension(in.readInt64());
                case SHAPE -> {
                    int rest = in.pushLimit(in.readRawVarint32());
                    while (!in.isAtEnd()) {
                        dimension(in.readInt64());
                    }
                    in.popLimit(rest);
                }
                case PARAMETERS -> {
                    var key = Parameters.key(in.readBytes());
                    inSharedMemory |= key.equals("shared_memory_region");
                }
                // Parts of one message are one message: so protobuf merges them.
                case CONTENTS -> contents = contents.concat(in.readBytes());
                default -> InferRequest.skip(in, tag);
            }
        }
    }

    /** Those beyond the limit are counted only as one too many. */
    private void dimension(long size) {
        if (rank < dimensions.length) {
            dimensions[rank++] = size;
        }
    }

    String name() {
        return name;
    }

    Tensor tensor() throws Refused {
        var type = datatype();
        var shape = shape();
        return new Tensor(name, type, shape, Contents.read(name, type, shape, contents));
    }

    Tensor tensor(ByteString raw) throws Refused {
        if (!contents.isEmpty()) {
            throw Refused.badInput(
                    "input '%s' has 'contents' beside 'raw_input_contents'; give one of them"
                            .formatted(name));
        }
        return RawTensors.read(name, datatype(), shape(), raw.asReadOnlyByteBuffer());
    }

    private Datatype datatype() throws Refused {
        if (inSharedMemory) {
            throw new Refused(
                    Refused.Why.NOT_IMPLEMENTED,
                    "input '" + name + "' lies in shared memory; send it in the request");
        }
        return Datatype.named(datatype)
                .orElseThrow(() ->
                        Refused.badInput(
                                "input '%s' has the unknown datatype '%s'; known are %s"
                                        .formatted(
                                                name,
                                                datatype,
                                                Arrays.toString(Datatype.values()))));
    }

    private int[] shape() throws Refused {
        Shapes.checkRank(name, rank);
        var shape = new int[rank];
        for (int i = 0; i < rank; i++) {
            shape[i] = Shapes.dimension(name, dimensions[i]);
        }
        return shape;
    }
}
