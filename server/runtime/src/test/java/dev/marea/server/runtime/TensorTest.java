package dev.marea.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TensorTest {
    @Test
    void shapeTypeAndElementsMustAgree() {
        assertThatThrownBy(() -> Tensor.of("x", new int[] {2, 2}, 1.0, 2.0))
                .hasMessage("tensor 'x' of shape [2, 2] needs 4 elements, has 2");
        assertThatThrownBy(() -> Tensor.of("x", new int[] {-1}, 1.0))
                .hasMessageContaining("negative dimension");
        assertThatThrownBy(() ->
                        new Tensor(
                                "x",
                                Datatype.FP32,
                                new int[] {1},
                                new Elements.Doubles(new double[1])))
                .hasMessage("tensor 'x' is FP32 but holds Doubles");
    }

    @Test
    void equalityIsByContent() {
        var one = Tensor.of("x", new int[] {2}, 1.0, 2.0);
        assertThat(one)
                .isEqualTo(Tensor.of("x", new int[] {2}, 1.0, 2.0))
                .hasSameHashCodeAs(Tensor.of("x", new int[] {2}, 1.0, 2.0))
                .isNotEqualTo(Tensor.of("x", new int[] {2}, 1.0, 3.0))
                .isNotEqualTo(Tensor.of("y", new int[] {2}, 1.0, 2.0))
                .isNotEqualTo(Tensor.of("x", new int[] {1, 2}, 1.0, 2.0));
    }

    @Test
    void aScalarIsOneRow() {
        assertThat(Tensor.of("x", new int[0], 5.0).rows()).isEqualTo(1);
        assertThat(Tensor.of("x", new int[] {0, 3}, new double[0]).rows()).isZero();
    }

    @Test
    void datatypesAreKnownByTheirWireNames() {
        assertThat(Datatype.named("fp32")).contains(Datatype.FP32);
        assertThat(Datatype.named("FLOAT")).isEmpty();
    }
}
