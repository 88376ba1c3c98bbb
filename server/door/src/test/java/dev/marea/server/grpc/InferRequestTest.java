package dev.marea.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Tensor;
import dev.marea.wire.proto.inference.InferParameter;
import dev.marea.wire.proto.inference.InferTensorContents;
import dev.marea.wire.proto.inference.ModelInferRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InferRequestTest {
    private static ModelInferRequest.Builder two(
            String datatype, InferTensorContents.Builder contents) {
        var request = ModelInferRequest.newBuilder().setModelName("m");
        request.addInputsBuilder()
                .setName("x")
                .setDatatype(datatype)
                .addShape(2)
                .setContents(contents);
        return request;
    }

    private static InferTensorContents.Builder contents() {
        return InferTensorContents.newBuilder();
    }

    private static InferRequest read(ModelInferRequest.Builder request) throws Refused {
        return InferRequest.of(request.build().toByteArray());
    }

    private static Elements elements(ModelInferRequest.Builder request) throws Refused {
        return read(request).readInputs().getFirst().elements();
    }

    private static void refused(ModelInferRequest.Builder request, String message) {
        assertThatThrownBy(() -> read(request).readInputs())
                .isInstanceOf(Refused.class)
                .hasMessage(message)
                .returns(Refused.Why.BAD_INPUT, e -> ((Refused) e).why());
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FP16", "BF16"})
    void valuesComeOutOfTheFieldOfTheirType(Datatype datatype) throws Refused {
        var contents = contents();
        var wanted =
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
                        contents.addAllIntContents(List.of(Integer.MIN_VALUE, 7));
                        yield new Elements.Ints(new int[] {Integer.MIN_VALUE, 7});
                    }
                    case INT64 -> {
                        contents.addAllInt64Contents(List.of(Long.MIN_VALUE, 7L));
                        yield new Elements.Longs(new long[] {Long.MIN_VALUE, 7});
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
                        contents.addBytesContents(ByteString.copyFromUtf8("ä"));
                        contents.addBytesContents(ByteString.EMPTY);
                        yield new Elements.Texts(new String[] {"ä", ""});
                    }
                    case FP16, BF16 -> throw new AssertionError();
                };
        var request = two(datatype.name(), contents);
        assertThat(read(request).readInputs())
                .containsExactly(new Tensor("x", datatype, new int[] {2}, wanted));
    }

    @Test
    void whatIsSaidBesideTensorsIsKept() throws Refused {
        var request =
                read(
                        two("FP32", contents().addFp32Contents(1).addFp32Contents(2))
                                .setModelVersion("3")
                                .setId("id-1")
                                .putParameters("p", parameter(true))
                                .addOutputs(
                                        ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                                                .setName("y")
                                                .putParameters("binary_data", parameter(true))));
        assertThat(request.model()).isEqualTo("m");
        assertThat(request.version()).contains("3");
        assertThat(request.id()).isEqualTo("id-1");
        assertThat(request.parameters()).containsEntry("p", parameter(true));
        assertThat(request.readOutputs()).containsExactly(new InferOutput("y", 0));
    }

    private static InferParameter parameter(boolean value) {
        return InferParameter.newBuilder().setBoolParam(value).build();
    }

    @Test
    void valuesMayComeOneByOneAndInParts() throws IOException, Refused {
        var one = contents().addFp32Contents(1).build();
        var two = new ByteArrayOutputStream();
        var out = CodedOutputStream.newInstance(two);
        out.writeFloat(InferTensorContents.FP32_CONTENTS_FIELD_NUMBER, 2);
        out.flush();
        var input = new ByteArrayOutputStream();
        out = CodedOutputStream.newInstance(input);
        out.writeString(1, "x");
        out.writeString(2, "FP32");
        out.writeInt64(3, 2); // a shape that is not packed
        out.writeMessage(5, one);
        out.writeByteArray(5, two.toByteArray());
        out.writeInt32(99, 5); // a field of a later day
        out.flush();
        var message = new ByteArrayOutputStream();
        out = CodedOutputStream.newInstance(message);
        out.writeByteArray(5, input.toByteArray());
        out.writeString(1, "m");
        out.flush();
        assertThat(InferRequest.of(message.toByteArray()).readInputs())
                .containsExactly(Tensor.of("x", new int[] {2}, 1f, 2f));
    }

    @Test
    void rawContentsAreReadByTheirDatatype() throws Refused {
        var request = two("FP16", contents()).addRawInputContents(bytes(0, 0x3c, 1, 0));
        request.getInputsBuilder(0).clearContents();
        assertThat(read(request).isRaw()).isTrue();
        assertThat(elements(request))
                .isInstanceOfSatisfying(
                        Elements.Shorts.class,
                        shorts ->
                                assertThat(shorts.values())
                                        .containsExactly((short) 0x3c00, (short) 1));
    }

    private static ByteString bytes(int... values) {
        var bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return ByteString.copyFrom(bytes);
    }

    @Test
    void rawContentsAreForAllInputsOrForNone() {
        var request = two("FP32", contents()).addRawInputContents(bytes(0, 0, 0, 0, 0, 0, 0, 0));
        request.getInputsBuilder(0).clearContents();
        request.addInputs(request.getInputs(0).toBuilder().setName("y"));
        refused(
                request,
                "'raw_input_contents' has 1 entries for 2 inputs; give one for each or none");
        var both =
                two("FP32", contents().addFp32Contents(1).addFp32Contents(2))
                        .addRawInputContents(bytes(0, 0, 0, 0, 0, 0, 0, 0));
        refused(both, "input 'x' has 'contents' beside 'raw_input_contents'; give one of them");
    }

    @Test
    void aRawLengthMustFit() {
        var request = two("FP32", contents()).addRawInputContents(bytes(0, 0, 0, 0, 0));
        request.getInputsBuilder(0).clearContents();
        refused(request, "input 'x' of shape [2] and datatype FP32 needs 8 bytes, has 5");
    }

    @Test
    void halfFloatsHaveNoField() {
        refused(
                two("BF16", contents()),
                "input 'x' is BF16, which has no 'contents'; use 'raw_input_contents'");
    }

    @Test
    void theFieldMustBeTheDatatypes() {
        refused(
                two("FP64", contents().addFp32Contents(1)),
                "input 'x' is FP64 and takes 'fp64_contents', it has 'fp32_contents'");
    }

    @Test
    void aValueMustFitTheDatatype() {
        refused(
                two("INT8", contents().addIntContents(1).addIntContents(300)),
                "input 'x': element 1 is 300, not INT8");
        refused(
                two("UINT16", contents().addUintContents(-1).addUintContents(0)),
                "input 'x': element 0 is 4294967295, not UINT16");
    }

    @Test
    void theCountMustBeTheShapes() {
        refused(
                two("FP32", contents().addFp32Contents(1)),
                "input 'x' of shape [2] needs 2 elements, 'fp32_contents' has 1");
        refused(
                two("INT64", contents().addAllInt64Contents(List.of(1L, 2L, 3L))),
                "input 'x' of shape [2] needs 2 elements, 'int64_contents' has 3");
    }

    @Test
    void aShapeMustBePossible() {
        var request = two("FP32", contents());
        request.getInputsBuilder(0).clearShape().addShape(16).addShape((1L << 60) + 2);
        refused(
                request,
                "input 'x' has the dimension 1152921504606846978; each must be 1..2147483647");
        request.getInputsBuilder(0).clearShape().addShape(Integer.MAX_VALUE);
        refused(
                request,
                "input 'x' of shape [2147483647] needs 2147483647 elements,"
                        + " 'fp32_contents' has 0");
        request.getInputsBuilder(0).addShape(Integer.MAX_VALUE);
        refused(
                request,
                "input 'x' of shape [2147483647, 2147483647] has more than 2147483647 elements");
        request.getInputsBuilder(0).clearShape();
        for (int i = 0; i < 40; i++) {
            request.getInputsBuilder(0).addShape(1);
        }
        refused(request, "input 'x' has more than 16 dimensions");
    }

    @Test
    void namesAreGivenOnce() {
        var request = two("FP32", contents().addFp32Contents(1).addFp32Contents(2));
        request.addInputs(request.getInputs(0));
        refused(request, "input 'x' comes twice");
        refused(two("FP31", contents()), unknown());
        var nameless = two("FP32", contents());
        nameless.getInputsBuilder(0).clearName();
        refused(nameless, "'inputs[0]' has no 'name'");
        refused(
                ModelInferRequest.newBuilder(),
                "'inputs' is missing or empty: a list of tensors is needed");
    }

    private static String unknown() {
        return "input 'x' has the unknown datatype 'FP31'; known are " + List.of(Datatype.values());
    }

    @Test
    void sharedMemoryIsNotOffered() {
        var request = two("FP32", contents().addFp32Contents(1).addFp32Contents(2));
        request.addOutputsBuilder()
                .setName("y")
                .putParameters("shared_memory_region", InferParameter.getDefaultInstance());
        request.getInputsBuilder(0)
                .putParameters("shared_memory_region", InferParameter.getDefaultInstance());
        assertThatThrownBy(() -> read(request).readOutputs())
                .hasMessage("output 'y' asks for shared memory, which is not offered");
        assertThatThrownBy(() -> read(request).readInputs())
                .hasMessage("input 'x' lies in shared memory; send it in the request");
    }

    @Test
    void aNumberOfClassesIsPositive() throws Refused {
        var request = ModelInferRequest.newBuilder();
        var output = request.addOutputsBuilder().setName("y");
        output.putParameters(
                "classification", InferParameter.newBuilder().setInt64Param(3).build());
        assertThat(read(request).readOutputs()).containsExactly(new InferOutput("y", 3));
        output.putParameters(
                "classification", InferParameter.newBuilder().setInt64Param(-1).build());
        assertThatThrownBy(() -> read(request).readOutputs())
                .hasMessage("output 'y' has the classification -1; it must be a number of classes");
    }

    @Test
    void thirtyMillionEmptyInputsAreRefusedByTheirNumber() {
        var bytes = new byte[60_000_000];
        for (int i = 0; i < bytes.length; i += 2) {
            bytes[i] = 5 << 3 | 2;
        }
        assertThatThrownBy(() -> InferRequest.of(bytes))
                .hasMessage("'inputs' has more than 256 entries");
    }

    @Test
    void damagedMessagesAreRefusedAndNothingElse() {
        var whole =
                two("BYTES", contents().addAllBytesContents(List.of(bytes(1, 2), bytes(3))))
                        .putParameters("p", parameter(true))
                        .setId("id")
                        .build()
                        .toByteArray();
        long seed = 20_261_125;
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            var damaged = whole.clone();
            for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                var request = InferRequest.of(damaged);
                request.readInputs();
                request.readOutputs();
            } catch (Refused expected) {
                assertThat(expected.message()).isNotEmpty();
            } catch (RuntimeException bug) {
                throw new AssertionError("seed " + seed + ", round " + i, bug);
            }
        }
    }

    @Test
    void groupsThatNestForEverAreRefused() {
        var groups = new byte[1_000_000];
        java.util.Arrays.fill(groups, (byte) (9 << 3 | 3));
        assertThatThrownBy(() -> InferRequest.of(groups)).isInstanceOf(Refused.class);
    }
}
