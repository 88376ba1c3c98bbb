package dev.marea.server.runtime.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RowsTest {
    private static Elements elements(Datatype type, int from, int count) {
        var numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = from + i;
        }
        return switch (type) {
            case BOOL -> {
                var values = new boolean[count];
                for (int i = 0; i < count; i++) {
                    values[i] = numbers[i] % 3 == 0;
                }
                yield new Elements.Bools(values);
            }
            case INT8, UINT8 -> {
                var values = new byte[count];
                for (int i = 0; i < count; i++) {
                    values[i] = (byte) numbers[i];
                }
                yield new Elements.Bytes(values);
            }
            case INT16, UINT16, FP16, BF16 -> {
                var values = new short[count];
                for (int i = 0; i < count; i++) {
                    values[i] = (short) numbers[i];
                }
                yield new Elements.Shorts(values);
            }
            case INT32, UINT32 -> {
                var values = new int[count];
                for (int i = 0; i < count; i++) {
                    values[i] = (int) numbers[i];
                }
                yield new Elements.Ints(values);
            }
            case INT64, UINT64 -> {
                var values = new long[count];
                for (int i = 0; i < count; i++) {
                    values[i] = (long) numbers[i];
                }
                yield new Elements.Longs(values);
            }
            case FP32 -> {
                var values = new float[count];
                for (int i = 0; i < count; i++) {
                    values[i] = (float) numbers[i];
                }
                yield new Elements.Floats(values);
            }
            case FP64 -> new Elements.Doubles(numbers);
            case BYTES -> {
                var values = new String[count];
                for (int i = 0; i < count; i++) {
                    values[i] = "t" + numbers[i];
                }
                yield new Elements.Texts(values);
            }
        };
    }

    private static Tensor tensor(Datatype type, int from, int... shape) {
        int count = 1;
        for (int dimension : shape) {
            count *= dimension;
        }
        return new Tensor("x", type, shape, elements(type, from, count));
    }

    @ParameterizedTest
    @EnumSource(Datatype.class)
    void whatWasJoinedIsSplitAsItWas(Datatype type) {
        var one = List.of(tensor(type, 0, 2, 3), tensor(type, 50, 2));
        var two = List.of(tensor(type, 6, 1, 3), tensor(type, 60, 1));
        var three = List.of(tensor(type, 9, 4, 3), tensor(type, 70, 4));

        var joined = Rows.joined(List.of(one, two, three));
        var split = Rows.split(joined, new int[] {2, 1, 4});

        assertThat(joined.getFirst()).isEqualTo(tensor(type, 0, 7, 3));
        assertThat(split).hasValue(List.of(one, two, three));
    }

    @Test
    void binaryStringsAreJoinedToo() {
        var one = List.of(blob((byte) 1));
        var two = List.of(blob((byte) 2));

        assertThat(Rows.split(Rows.joined(List.of(one, two)), new int[] {1, 1}))
                .hasValue(List.of(one, two));
    }

    private static Tensor blob(byte value) {
        return new Tensor(
                "x",
                Datatype.BYTES,
                new int[] {1},
                new Elements.Blobs(new byte[][] {{value, (byte) 0xff}}));
    }

    @Test
    void anOutputWithOtherRowsIsNotSplit() {
        assertThat(Rows.split(List.of(tensor(Datatype.FP64, 0, 1, 3)), new int[] {1, 1})).isEmpty();
        assertThat(Rows.split(List.of(tensor(Datatype.FP64, 0)), new int[] {1})).isEmpty();
    }

    @Test
    void anOutputWithoutColumnsIsSplit() {
        assertThat(Rows.split(List.of(tensor(Datatype.FP64, 0, 3, 0)), new int[] {1, 2}))
                .hasValue(
                        List.of(
                                List.of(tensor(Datatype.FP64, 0, 1, 0)),
                                List.of(tensor(Datatype.FP64, 0, 2, 0))));
    }

    @Test
    void onlyRequestsThatDifferInRowsAgree() {
        var one = List.of(tensor(Datatype.FP64, 0, 2, 3));

        assertThat(Rows.agree(one, List.of(tensor(Datatype.FP64, 7, 5, 3)))).isTrue();
        assertThat(Rows.agree(one, List.of(tensor(Datatype.FP32, 0, 2, 3)))).isFalse();
        assertThat(Rows.agree(one, List.of(tensor(Datatype.FP64, 0, 2, 4)))).isFalse();
        assertThat(Rows.agree(one, List.of(tensor(Datatype.FP64, 0, 2, 3, 1)))).isFalse();
        assertThat(Rows.agree(one, List.of(one.getFirst().named("y")))).isFalse();
        assertThat(Rows.agree(one, List.of(one.getFirst(), one.getFirst()))).isFalse();
        assertThat(
                        Rows.agree(
                                List.of(blob((byte) 1)),
                                List.of(Tensor.of("x", new int[] {1}, "text"))))
                .isFalse();
    }

    @Test
    void rowsAreCountedWhereAllInputsHaveThem() {
        assertThat(Rows.of(List.of(tensor(Datatype.FP64, 0, 2, 3), tensor(Datatype.INT8, 0, 2))))
                .isEqualTo(2);
        assertThat(Rows.of(List.of(tensor(Datatype.FP64, 0, 2), tensor(Datatype.FP64, 0, 3))))
                .isZero();
        assertThat(Rows.of(List.of(tensor(Datatype.FP64, 0)))).isZero();
        assertThat(Rows.of(List.of())).isZero();
    }

    @ParameterizedTest
    @CsvSource({"-1, -1, true", "1, -1, false", "-1, 3, false", "0, -1, false"})
    void aFixedFirstDimensionIsNoBatch(int input, int output, boolean free) {
        var model =
                new ModelMetadata(
                        "fake",
                        List.of(TensorSpec.of("x", Datatype.FP64, input, 3)),
                        List.of(TensorSpec.of("y", Datatype.FP64, output)),
                        List.of(),
                        List.of(Method.PREDICT),
                        Map.of());

        assertThat(Rows.areFree(model)).isEqualTo(free);
    }

    @Test
    void aScalarInputIsNoBatch() {
        var model =
                new ModelMetadata(
                        "fake",
                        List.of(
                                TensorSpec.of("x", Datatype.FP64, -1, 3),
                                TensorSpec.of("threshold", Datatype.FP64)),
                        List.of(TensorSpec.of("y", Datatype.FP64, -1)),
                        List.of(),
                        List.of(Method.PREDICT),
                        Map.of());

        assertThat(Rows.areFree(model)).isFalse();
    }
}
