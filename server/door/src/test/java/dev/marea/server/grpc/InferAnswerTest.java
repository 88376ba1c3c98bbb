package dev.marea.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.marea.server.config.ModelConfig;
import dev.marea.server.models.Lease;
import dev.marea.server.models.Refused;
import dev.marea.server.models.Tally;
import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.Tensor;
import dev.marea.wire.proto.inference.InferParameter;
import dev.marea.wire.proto.inference.InferTensorContents;
import dev.marea.wire.proto.inference.ModelInferRequest;
import dev.marea.wire.proto.inference.ModelInferResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written by hand is what protobuf's own reader reads. */
class InferAnswerTest {
    private static final Lease MODEL =
            new Lease(
                    "m",
                    "3",
                    new NoModel(),
                    Optional.empty(),
                    ModelConfig.PLAIN,
                    new Tally(),
                    () -> {});

    private static final class NoModel implements LoadedModel {
        @Override
        public ModelMetadata metadata() {
            return new ModelMetadata(
                    "none", List.of(), List.of(), List.of(), List.of(Method.PREDICT), Map.of());
        }

        @Override
        public List<Tensor> predict(List<Tensor> inputs, Asked asked) {
            return inputs;
        }

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public void close() {}
    }

    private static ModelInferResponse written(ModelInferRequest request, Tensor... outputs)
            throws Refused, InvalidProtocolBufferException {
        var asked = InferRequest.of(request.toByteArray());
        var answer = InferAnswer.of(MODEL, asked, List.of(outputs));
        var bytes = new byte[answer.size()];
        answer.writeTo(bytes, 0);
        return ModelInferResponse.parseFrom(bytes);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FP16", "BF16"})
    void everyDatatypeHasItsField(Datatype datatype) throws Exception {
        var contents = InferTensorContents.newBuilder();
        var elements =
                switch (datatype) {
                    case BOOL -> {
                        contents.addAllBoolContents(List.of(true, false));
                        yield new Elements.Bools(new boolean[] {true, false});
                    }
                    case INT8 -> {
                        contents.addAllIntContents(List.of(-128, 127));
                        yield new Elements.Bytes(new byte[] {-128, 127});
                    }
                    case INT16 -> {
                        contents.addAllIntContents(List.of(-32768, 32767));
                        yield new Elements.Shorts(new short[] {-32768, 32767});
                    }
                    case INT32 -> {
                        contents.addAllIntContents(List.of(-1, 7));
                        yield new Elements.Ints(new int[] {-1, 7});
                    }
                    case INT64 -> {
                        contents.addAllInt64Contents(List.of(-1L, 7L));
                        yield new Elements.Longs(new long[] {-1, 7});
                    }
                    case UINT8 -> {
                        contents.addAllUintContents(List.of(255, 0));
                        yield new Elements.Bytes(new byte[] {-1, 0});
                    }
                    case UINT16 -> {
                        contents.addAllUintContents(List.of(65535, 0));
                        yield new Elements.Shorts(new short[] {-1, 0});
                    }
                    case UINT32 -> {
                        contents.addAllUintContents(List.of(-1, 0));
                        yield new Elements.Ints(new int[] {-1, 0});
                    }
                    case UINT64 -> {
                        contents.addAllUint64Contents(List.of(-1L, 0L));
                        yield new Elements.Longs(new long[] {-1, 0});
                    }
                    case FP32 -> {
                        contents.addAllFp32Contents(List.of(1.5f, Float.NaN));
                        yield new Elements.Floats(new float[] {1.5f, Float.NaN});
                    }
                    case FP64 -> {
                        contents.addAllFp64Contents(List.of(1.5, -0.0));
                        yield new Elements.Doubles(new double[] {1.5, -0.0});
                    }
                    case BYTES -> {
                        contents.addBytesContents(ByteString.copyFromUtf8("größe"));
                        contents.addBytesContents(ByteString.EMPTY);
                        yield new Elements.Texts(new String[] {"größe", Elements.Texts.MISSING});
                    }
                    case FP16, BF16 -> throw new AssertionError();
                };
        var answer =
                written(
                        ModelInferRequest.getDefaultInstance(),
                        new Tensor("y", datatype, new int[] {2, 1}, elements));
        assertThat(answer)
                .isEqualTo(
                        ModelInferResponse.newBuilder()
                                .setModelName("m")
                                .setModelVersion("3")
                                .addOutputs(
                                        ModelInferResponse.InferOutputTensor.newBuilder()
                                                .setName("y")
                                                .setDatatype(datatype.name())
                                                .addShape(2)
                                                .addShape(1)
                                                .setContents(contents))
                                .build());
    }

    @Test
    void halfFloatsMakeAllOfAnAnswerRaw() throws Exception {
        var half =
                new Tensor("h", Datatype.FP16, new int[] {1}, new Elements.Shorts(new short[] {1}));
        var answer =
                written(
                        ModelInferRequest.getDefaultInstance(),
                        Tensor.of("a", new int[] {1}, 1L),
                        half);
        assertThat(answer.getRawOutputContentsList())
                .extracting(ByteString::size)
                .containsExactly(8, 2);
        assertThat(answer.getOutputs(0).hasContents()).isFalse();
    }

    @Test
    void scalarsAndNothingAreTensorsToo() throws Exception {
        var answer =
                written(
                        ModelInferRequest.getDefaultInstance(),
                        Tensor.of("scalar", new int[0], 7L),
                        Tensor.of("none", new int[] {0, 4}, new float[0]));
        assertThat(answer.getOutputs(0).getShapeList()).isEmpty();
        assertThat(answer.getOutputs(0).getContents().getInt64ContentsList()).containsExactly(7L);
        assertThat(answer.getOutputs(1).getShapeList()).containsExactly(0L, 4L);
        assertThat(answer.getOutputs(1).getContents().getFp32ContentsCount()).isZero();
    }

    @Test
    void idAndParametersComeBackButNotThoseForServers() throws Exception {
        var parameters =
                Map.of(
                        "a", InferParameter.newBuilder().setStringParam("x").build(),
                        "b", InferParameter.newBuilder().setDoubleParam(-0.5).build(),
                        "c", InferParameter.newBuilder().setUint64Param(-1).build());
        var request =
                ModelInferRequest.newBuilder()
                        .setId("größe")
                        .putAllParameters(parameters)
                        .putParameters(
                                "timeout", InferParameter.newBuilder().setInt64Param(9).build())
                        .putParameters(
                                InferAnswer.EMPTY_FINAL,
                                InferParameter.newBuilder().setBoolParam(true).build())
                        .build();
        var answer = written(request, Tensor.of("y", new int[] {1}, 1.0));
        assertThat(answer.getId()).isEqualTo("größe");
        assertThat(answer.getParametersMap()).isEqualTo(parameters);
    }
}
