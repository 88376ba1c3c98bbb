package dev.marea.server.grpc;

import com.google.protobuf.CodedOutputStream;
import dev.marea.server.runtime.Tensor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One output of an answer: what it is, and its values where they are not raw. */
final class AnswerTensor implements Body {
    private static final int NAME = 1;
    private static final int DATATYPE = 2;
    private static final int SHAPE = 3;
    private static final int CONTENTS = 5;

    private final Tensor tensor;
    private final @Nullable AnswerContents contents;
    private final int shapeSize;
    private final int size;

    private AnswerTensor(Tensor tensor, @Nullable AnswerContents contents) {
        this.tensor = tensor;
        this.contents = contents;
        int dimensions = 0;
        for (int dimension : tensor.shape()) {
            dimensions += CodedOutputStream.computeInt64SizeNoTag(dimension);
        }
        shapeSize = dimensions;
        size = count();
    }

    static AnswerTensor bare(Tensor tensor) {
        return new AnswerTensor(tensor, null);
    }

    static AnswerTensor withContents(Tensor tensor) {
        return new AnswerTensor(tensor, AnswerContents.of(tensor));
    }

    private int count() {
        int sum = InferAnswer.textSize(NAME, tensor.name());
        sum += InferAnswer.textSize(DATATYPE, tensor.datatype().name());
        if (shapeSize > 0) {
            sum += 1 + CodedOutputStream.computeUInt32SizeNoTag(shapeSize) + shapeSize;
        }
        return contents == null ? sum : Math.addExact(sum, contents.sizeAs(CONTENTS));
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void writeTo(CodedOutputStream out) throws IOException {
        InferAnswer.writeText(NAME, tensor.name(), out);
        InferAnswer.writeText(DATATYPE, tensor.datatype().name(), out);
        if (shapeSize > 0) {
            out.writeTag(SHAPE, 2);
            out.writeUInt32NoTag(shapeSize);
            for (int dimension : tensor.shape()) {
                out.writeInt64NoTag(dimension);
            }
        }
        if (contents != null) {
            contents.writeAs(CONTENTS, out);
        }
    }
}
