package dev.marea.server.runtime.pickle;

import static dev.marea.server.runtime.pickle.PickleBytes.pickle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.PyValue.Blob;
import dev.marea.server.runtime.pickle.PyValue.Bool;
import dev.marea.server.runtime.pickle.PyValue.Int;
import dev.marea.server.runtime.pickle.PyValue.None;
import dev.marea.server.runtime.pickle.PyValue.Real;
import dev.marea.server.runtime.pickle.PyValue.Sequence;
import dev.marea.server.runtime.pickle.PyValue.Text;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PickleReaderTest {
    private static PyValue read(byte[] bytes) throws LoadFailure {
        return PickleReader.open(Path.of("model.pkl"), bytes, PickleLimits.DEFAULT).root();
    }

    @Test
    void numbersOfEveryProtocol() throws Exception {
        assertThat(read(pickle().op(Opcodes.INT, "-42\n").stop())).isEqualTo(new Int(-42));
        assertThat(read(pickle().op(Opcodes.INT, "01\n").stop())).isEqualTo(Bool.TRUE);
        assertThat(read(pickle().op(Opcodes.LONG, "99L\n").stop())).isEqualTo(new Int(99));
        assertThat(read(pickle().op(Opcodes.FLOAT, "-inf\n").stop()))
                .isEqualTo(new Real(Double.NEGATIVE_INFINITY));
        assertThat(read(pickle().op(Opcodes.BININT).i4(-7).stop())).isEqualTo(new Int(-7));
        assertThat(read(pickle().op(Opcodes.BININT2).u1(0x34).u1(0x12).stop()))
                .isEqualTo(new Int(0x1234));
        assertThat(read(pickle().op(Opcodes.LONG1).u1(2).u1(0).u1(0xff).stop()))
                .isEqualTo(new Int(-256));
        assertThat(read(pickle().op(Opcodes.LONG1).u1(0).stop())).isEqualTo(new Int(0));
        assertThat(
                        read(
                                pickle().op(Opcodes.BINFLOAT)
                                        .raw(ByteBuffer.allocate(8).putDouble(1.5).array())
                                        .stop()))
                .isEqualTo(new Real(1.5));
        assertThat(read(pickle().op(Opcodes.LONG1).u1(9).i8(0).u1(1).stop()).kind())
                .isEqualTo("an integer of 65 bits");
    }

    @Test
    void textsOfEveryProtocol() throws Exception {
        assertThat(read(pickle().op(Opcodes.UNICODE, "a\\u6f6e\\n\n").stop()))
                .isEqualTo(new Text("a潮\\n"));
        assertThat(read(pickle().text("潮").stop())).isEqualTo(new Text("潮"));
        assertThat(bytes(read(pickle().op(Opcodes.STRING, "'a\\x00\\'\\n'\n").stop())))
                .isEqualTo("a\0'\n");
    }

    private static String bytes(PyValue value) {
        var blob = (Blob) value;
        return new String(blob.bytes(), blob.from(), blob.length(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void containersAreFilledWhereTheyStand() throws Exception {
        var bytes =
                pickle().op(Opcodes.EMPTY_DICT)
                        .text("list")
                        .op(Opcodes.EMPTY_LIST)
                        .op(Opcodes.MEMOIZE)
                        .op(Opcodes.SETITEM)
                        .text("again")
                        .op(Opcodes.BINGET)
                        .u1(0)
                        .op(Opcodes.MARK)
                        .integer(1)
                        .op(Opcodes.NONE)
                        .op(Opcodes.APPENDS)
                        .op(Opcodes.SETITEM)
                        .stop();
        var dict = (PyDict) read(bytes);
        var list = (Sequence) dict.get("list").orElseThrow();
        assertThat(list.items()).containsExactly(new Int(1), None.NONE);
        assertThat(dict.get("again")).containsSame(list);
    }

    @Test
    void aCircleIsReadAndNeverWalked() throws Exception {
        var list =
                (Sequence)
                        read(
                                pickle().op(Opcodes.EMPTY_LIST)
                                        .op(Opcodes.MEMOIZE)
                                        .op(Opcodes.BINGET)
                                        .u1(0)
                                        .op(Opcodes.APPEND)
                                        .stop());
        assertThat(list.items().getFirst()).isSameAs(list);
        assertThat(list.kind()).isEqualTo("a list of 1");
    }

    @Test
    void anAllowedClassIsALabelOnItsState() throws Exception {
        var object =
                (PyObject)
                        read(
                                pickle().global("sklearn.anything", "Thing")
                                        .op(Opcodes.EMPTY_TUPLE)
                                        .op(Opcodes.NEWOBJ)
                                        .op(Opcodes.EMPTY_DICT)
                                        .text("x")
                                        .integer(3)
                                        .op(Opcodes.SETITEM)
                                        .op(Opcodes.BUILD)
                                        .stop());
        assertThat(object.type().full()).isEqualTo("sklearn.anything.Thing");
        assertThat(object.attribute("x")).contains(new Int(3));
        assertThat(object.attribute("y")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "f8, 8", "f4, 4", "f2, 2", "i1, 1", "i8, 8", "u4, 4", "b1, 1", "U3, 12", "S5, 5", "O, 8",
        "?, 1"
    })
    void dtypesByTheirShortForm(String code, int size) {
        assertThat(Dtype.parse(code))
                .hasValueSatisfying(d -> assertThat(d.layout().size()).isEqualTo(size));
        assertThat(Dtype.parse("<" + code)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"f3", "M8[ns]", "c16", "f16", "U", "V0", "i-8", "<", "''"})
    void dtypesThatWeDoNotRead(String code) {
        assertThat(Dtype.parse(code)).isEmpty();
    }

    @Test
    void columnMajorArraysComeOutRowByRow() throws Exception {
        var array = (NdArray) read(bytesArray("F", 2, 3));
        assertThat(array.longs()).containsExactly(0, 2, 4, 1, 3, 5);
        assertThat(array.doubles()).containsExactly(0, 2, 4, 1, 3, 5);
        assertThat(((NdArray) read(bytesArray("C", 2, 3))).longs())
                .containsExactly(0, 1, 2, 3, 4, 5);
    }

    private static byte[] bytesArray(String order, int rows, int columns) {
        return pickle().global("numpy.core.numeric", "_frombuffer")
                .op(Opcodes.MARK)
                .op(Opcodes.SHORT_BINBYTES)
                .u1(6)
                .raw(new byte[] {0, 1, 2, 3, 4, 5})
                .dtype("i1")
                .integer(rows)
                .integer(columns)
                .op(Opcodes.TUPLE2)
                .text(order)
                .op(Opcodes.TUPLE)
                .op(Opcodes.REDUCE)
                .stop();
    }

    @Test
    void anArrayInAnUnknownOrderIsRefused() {
        assertThatThrownBy(() -> read(bytesArray("K", 2, 3)))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("an array in the order the string 'K'");
    }

    @Test
    void scalarsBecomePlainValues() throws Exception {
        assertThat(
                        read(
                                pickle().global("numpy.core.multiarray", "scalar")
                                        .dtype("f8")
                                        .op(Opcodes.SHORT_BINBYTES)
                                        .u1(8)
                                        .i8(Double.doubleToLongBits(2.5))
                                        .op(Opcodes.TUPLE2)
                                        .op(Opcodes.REDUCE)
                                        .stop()))
                .isEqualTo(new Real(2.5));
    }
}
