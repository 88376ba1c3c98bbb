package dev.marea.server.tensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RawTensorsTest {
    private static final Map<Datatype, Elements> TWO =
            Map.ofEntries(
                    Map.entry(Datatype.BOOL, new Elements.Bools(new boolean[] {true, false})),
                    Map.entry(Datatype.INT8, new Elements.Bytes(new byte[] {-1, 127})),
                    Map.entry(Datatype.UINT8, new Elements.Bytes(new byte[] {-1, 127})),
                    Map.entry(Datatype.INT16, new Elements.Shorts(new short[] {-2, 300})),
                    Map.entry(Datatype.UINT16, new Elements.Shorts(new short[] {-2, 300})),
                    Map.entry(Datatype.FP16, new Elements.Shorts(new short[] {0x3c00, 1})),
                    Map.entry(Datatype.BF16, new Elements.Shorts(new short[] {0x3f80, 1})),
                    Map.entry(Datatype.INT32, new Elements.Ints(new int[] {-3, 70_000})),
                    Map.entry(Datatype.UINT32, new Elements.Ints(new int[] {-3, 70_000})),
                    Map.entry(Datatype.INT64, new Elements.Longs(new long[] {-4, 1L << 40})),
                    Map.entry(Datatype.UINT64, new Elements.Longs(new long[] {-4, 1L << 40})),
                    Map.entry(Datatype.FP32, new Elements.Floats(new float[] {1.5f, -0f})),
                    Map.entry(Datatype.FP64, new Elements.Doubles(new double[] {1e300, -0.0})),
                    Map.entry(Datatype.BYTES, new Elements.Texts(new String[] {"", "tide ≈"})));

    @ParameterizedTest
    @EnumSource
    void whatIsWrittenIsReadAgain(Datatype datatype) throws Refused {
        var tensor =
                new Tensor(
                        "x", datatype, new int[] {2, 1}, Objects.requireNonNull(TWO.get(datatype)));
        var bytes = ByteBuffer.wrap(RawTensors.write(tensor)).asReadOnlyBuffer();
        assertThat(RawTensors.read("x", datatype, new int[] {2, 1}, bytes)).isEqualTo(tensor);
    }

    @Test
    void numbersAreLittleEndianWhereverTheyLie() throws Refused {
        var message = new byte[] {9, 9, 9, 1, 2, 0, 0, 9};
        var tensor =
                RawTensors.read("x", Datatype.INT32, new int[] {1}, ByteBuffer.wrap(message, 3, 4));
        assertThat(tensor)
                .isEqualTo(
                        new Tensor(
                                "x",
                                Datatype.INT32,
                                new int[] {1},
                                new Elements.Ints(new int[] {513})));
    }

    @Test
    void bytesThatAreNoTextStayBytes() throws Refused {
        var png = new byte[] {(byte) 0x89, 'P', 'N', 'G'};
        var raw = strings(png, "caption".getBytes(StandardCharsets.UTF_8));
        var tensor = RawTensors.read("x", Datatype.BYTES, new int[] {2}, raw);
        assertThat(tensor.elements()).isInstanceOf(Elements.Blobs.class);
        assertThat(ByteBuffer.wrap(RawTensors.write(tensor))).isEqualTo(raw);
    }

    @Test
    void theReplacementCharacterItselfIsText() throws Refused {
        var raw = strings("\uFFFD".getBytes(StandardCharsets.UTF_8));
        assertThat(RawTensors.read("x", Datatype.BYTES, new int[] {1}, raw))
                .isEqualTo(Tensor.of("x", new int[] {1}, "\uFFFD"));
    }

    @Test
    void aWrongLengthNamesBoth() {
        assertThatThrownBy(() ->
                        RawTensors.read(
                                "x", Datatype.FP32, new int[] {2, 2}, ByteBuffer.allocate(15)))
                .isInstanceOf(Refused.class)
                .hasMessage("input 'x' of shape [2, 2] and datatype FP32 needs 16 bytes, has 15");
    }

    @Test
    void aHugeShapeReservesNothing() {
        int most = Integer.MAX_VALUE;
        for (var datatype : Datatype.values()) {
            assertThatThrownBy(() ->
                            RawTensors.read(
                                    "x", datatype, new int[] {most}, ByteBuffer.allocate(8)))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("has 8");
        }
        assertThatThrownBy(() ->
                        RawTensors.read(
                                "x",
                                Datatype.INT8,
                                new int[] {most, most, most, most},
                                ByteBuffer.allocate(8)))
                .hasMessageContaining("has more than " + most + " elements");
    }

    @Test
    void aStringLongerThanTheRestIsRefused() {
        var raw = ByteBuffer.wrap(new byte[] {-1, -1, -1, -1, 'a'});
        assertThatThrownBy(() -> RawTensors.read("x", Datatype.BYTES, new int[] {1}, raw))
                .isInstanceOf(Refused.class)
                .hasMessage("input 'x': element 0 says 4294967295 bytes, only 1 are left");
    }

    @Test
    void aStringMoreOrLessIsRefused() {
        var two = strings(new byte[] {'a'}, new byte[] {'b'});
        assertThatThrownBy(
                        () -> RawTensors.read("x", Datatype.BYTES, new int[] {1}, two.duplicate()))
                .hasMessage("input 'x' of shape [1] has 5 bytes after its last element");
        var cut = ByteBuffer.wrap(new byte[] {3, 0, 0, 0, 'a', 'b', 'c', 0, 0});
        assertThatThrownBy(() -> RawTensors.read("x", Datatype.BYTES, new int[] {2}, cut))
                .hasMessage("input 'x': element 1 has no length, only 2 bytes are left");
    }

    @Test
    void dimensionsAreAtLeastOne() throws Refused {
        assertThat(Shapes.dimension("x", 7)).isEqualTo(7);
        for (long wrong : new long[] {0, -1, 1L << 31, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> Shapes.dimension("x", wrong))
                    .hasMessage(
                            "input 'x' has the dimension %d; each must be 1..2147483647"
                                    .formatted(wrong));
        }
    }

    @Test
    void aNameComesOnceAndNotTooOften() throws Refused {
        var names = Names.ofOutputs();
        names.add("a");
        assertThatThrownBy(() -> names.add("a")).hasMessage("output 'a' comes twice");
        for (int i = 1; i < Names.MAX; i++) {
            names.add("n" + i);
        }
        assertThatThrownBy(() -> names.add("z")).hasMessage("'outputs' has more than 256 entries");
    }

    private static ByteBuffer strings(byte[]... values) {
        int size = 0;
        for (var value : values) {
            size += 4 + value.length;
        }
        var raw = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        for (var value : values) {
            raw.putInt(value.length).put(value);
        }
        return raw.flip();
    }
}
