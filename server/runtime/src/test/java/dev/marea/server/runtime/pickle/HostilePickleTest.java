package dev.marea.server.runtime.pickle;

import static dev.marea.server.runtime.pickle.PickleBytes.pickle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.marea.server.runtime.Examples;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.sklearn.SklearnRuntime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that want to run, grow or confuse: each is refused, with the place and the reason. */
class HostilePickleTest {
    private static final Path FILE = Path.of("model.pkl");

    @TempDir Path scratch;

    private static PyValue read(byte[] bytes) throws LoadFailure {
        return PickleReader.open(FILE, bytes, PickleLimits.DEFAULT).root();
    }

    static Stream<Arguments> attempts() {
        return Stream.of(
                arguments(
                        "os.system by REDUCE",
                        pickle().global("posix", "system")
                                .text("id")
                                .op(Opcodes.TUPLE1)
                                .op(Opcodes.REDUCE)
                                .stop(),
                        "GLOBAL",
                        "the pickle refers to posix.system, which is not data"),
                arguments(
                        "os.system by STACK_GLOBAL",
                        pickle().text("os")
                                .text("system")
                                .op(Opcodes.STACK_GLOBAL)
                                .text("id")
                                .op(Opcodes.TUPLE1)
                                .op(Opcodes.REDUCE)
                                .stop(),
                        "STACK_GLOBAL",
                        "refers to os.system"),
                arguments(
                        "os.system by INST",
                        pickle().op(Opcodes.MARK)
                                .text("id")
                                .op(Opcodes.INST, "os\nsystem\n")
                                .stop(),
                        "INST",
                        "refers to os.system"),
                arguments(
                        "os.system by OBJ",
                        pickle().op(Opcodes.MARK)
                                .global("os", "system")
                                .text("id")
                                .op(Opcodes.OBJ)
                                .stop(),
                        "GLOBAL",
                        "refers to os.system"),
                arguments(
                        "subprocess.Popen by NEWOBJ",
                        pickle().global("subprocess", "Popen")
                                .text("id")
                                .op(Opcodes.TUPLE1)
                                .op(Opcodes.NEWOBJ)
                                .stop(),
                        "GLOBAL",
                        "refers to subprocess.Popen"),
                arguments(
                        "subprocess.Popen by NEWOBJ_EX",
                        pickle().global("subprocess", "Popen")
                                .op(Opcodes.EMPTY_TUPLE)
                                .op(Opcodes.EMPTY_DICT)
                                .op(Opcodes.NEWOBJ_EX)
                                .stop(),
                        "GLOBAL",
                        "refers to subprocess.Popen"),
                arguments(
                        "eval",
                        pickle().global("__builtin__", "eval").stop(),
                        "GLOBAL",
                        "__builtin__.eval"),
                arguments(
                        "getattr",
                        pickle().global("builtins", "getattr").stop(),
                        "GLOBAL",
                        "builtins.getattr"),
                arguments(
                        "a class of one's own",
                        pickle().global("__main__", "Mine").stop(),
                        "GLOBAL",
                        "__main__.Mine"),
                arguments(
                        "a dotted name through an allowed package",
                        pickle().text("sklearn.utils")
                                .text("os.system")
                                .op(Opcodes.STACK_GLOBAL)
                                .stop(),
                        "STACK_GLOBAL",
                        "sklearn.utils.os.system"),
                arguments(
                        "a look-alike package",
                        pickle().global("sklearnx", "Evil").stop(),
                        "GLOBAL",
                        "sklearnx.Evil"),
                arguments(
                        "numpy's own loader",
                        pickle().global("numpy", "load").stop(),
                        "GLOBAL",
                        "numpy.load"),
                arguments(
                        "a persistent id as text",
                        pickle().op(Opcodes.PERSID, "x\n").stop(),
                        "PERSID",
                        "persistent id"),
                arguments(
                        "a persistent id",
                        pickle().text("x").op(Opcodes.BINPERSID).stop(),
                        "BINPERSID",
                        "persistent id"),
                arguments(
                        "an extension code",
                        pickle().op(Opcodes.EXT1).u1(7).stop(),
                        "EXT1",
                        "extension code"),
                arguments(
                        "buffers elsewhere",
                        pickle().op(Opcodes.NEXT_BUFFER).stop(),
                        "NEXT_BUFFER",
                        "outside the pickle"),
                arguments(
                        "a call of no class",
                        pickle().text("os").op(Opcodes.EMPTY_TUPLE).op(Opcodes.REDUCE).stop(),
                        "REDUCE",
                        "needs a class to call"),
                arguments(
                        "bytes of 2^63",
                        pickle().op(Opcodes.BINBYTES8).i8(Long.MAX_VALUE).stop(),
                        "BINBYTES8",
                        "wants 9223372036854775807 bytes where 1 are left"),
                arguments(
                        "bytes of a negative length",
                        pickle().op(Opcodes.BYTEARRAY8).i8(-1).stop(),
                        "BYTEARRAY8",
                        "wants 18446744073709551615 bytes"),
                arguments(
                        "a string of 4 GiB",
                        pickle().op(Opcodes.BINUNICODE).i4(-1).stop(),
                        "BINUNICODE",
                        "wants 4294967295 bytes"),
                arguments(
                        "an endless integer",
                        pickle().op(Opcodes.LONG4).i4(Integer.MAX_VALUE).stop(),
                        "LONG4",
                        "an integer of 2147483647 bytes"),
                arguments(
                        "an integer of a million digits",
                        pickle().op(Opcodes.LONG, "9".repeat(1_000_000) + "L\n").stop(),
                        "LONG",
                        "a line of 1000001 bytes"),
                arguments(
                        "no integer",
                        pickle().op(Opcodes.INT, "x\n").stop(),
                        "INT",
                        "'x' is no integer"),
                arguments(
                        "no UTF-8",
                        pickle().op(Opcodes.SHORT_BINUNICODE).u1(1).u1(0xff).stop(),
                        "SHORT_BINUNICODE",
                        "not UTF-8"),
                arguments(
                        "a forgotten memo",
                        pickle().op(Opcodes.BINGET).u1(3).stop(),
                        "BINGET",
                        "nothing is remembered as 3"),
                arguments(
                        "an empty stack",
                        pickle().op(Opcodes.TUPLE3).stop(),
                        "TUPLE3",
                        "needs 3 values"),
                arguments("no mark", pickle().op(Opcodes.TUPLE).stop(), "TUPLE", "no mark is open"),
                arguments(
                        "a mark left open",
                        pickle().op(Opcodes.NONE).op(Opcodes.MARK).stop(),
                        "STOP",
                        "still open"),
                arguments(
                        "an item for a tuple",
                        pickle().op(Opcodes.EMPTY_TUPLE).op(Opcodes.NONE).op(Opcodes.APPEND).stop(),
                        "APPEND",
                        "a tuple takes no more items"),
                arguments(
                        "a key without a value",
                        pickle().op(Opcodes.EMPTY_DICT)
                                .op(Opcodes.MARK)
                                .op(Opcodes.NONE)
                                .op(Opcodes.SETITEMS)
                                .stop(),
                        "SETITEMS",
                        "a key without a value"),
                arguments(
                        "a state for a number",
                        pickle().integer(1).op(Opcodes.EMPTY_DICT).op(Opcodes.BUILD).stop(),
                        "BUILD",
                        "takes no state"),
                arguments(
                        "protocol 9",
                        pickle().op(Opcodes.PROTO).u1(9).stop(),
                        "PROTO",
                        "protocol 9"),
                arguments("no opcode", pickle().op(0xf7).stop(), "0xf7", "no opcode"),
                arguments(
                        "more after the end",
                        pickle().op(Opcodes.NONE)
                                .raw(pickle().op(Opcodes.NONE).stop())
                                .op(Opcodes.NONE)
                                .stop(),
                        "STOP",
                        "2 bytes follow the end"),
                arguments(
                        "a dtype of nothing",
                        pickle().global("numpy", "dtype")
                                .text("V0")
                                .op(Opcodes.TUPLE1)
                                .op(Opcodes.REDUCE)
                                .stop(),
                        "REDUCE",
                        "the dtype 'V0'"),
                arguments(
                        "a dtype of all memory",
                        pickle().global("numpy", "dtype")
                                .text("U999999999")
                                .op(Opcodes.TUPLE1)
                                .op(Opcodes.REDUCE)
                                .stop(),
                        "REDUCE",
                        "the dtype 'U999999999'"),
                arguments(
                        "an array larger than its bytes",
                        array(1000, 1000),
                        "REDUCE",
                        "do not fill an array of f8 of shape [1000, 1000]"),
                arguments(
                        "an array whose size overflows",
                        array(Integer.MAX_VALUE, Integer.MAX_VALUE),
                        "REDUCE",
                        "do not fill"),
                arguments(
                        "damaged zlib",
                        new byte[] {0x78, (byte) 0x9c, 1, 2, 3},
                        "",
                        "the zlib stream is damaged"),
                arguments(
                        "damaged gzip",
                        new byte[] {0x1f, (byte) 0x8b, 8, 0, 0},
                        "",
                        "the gzip stream is damaged"),
                arguments("nothing", new byte[0], "", "the file is empty"));
    }

    private static byte[] array(int rows, int columns) {
        return pickle().global("numpy._core.numeric", "_frombuffer")
                .op(Opcodes.MARK)
                .op(Opcodes.SHORT_BINBYTES)
                .u1(8)
                .i8(0)
                .dtype("f8")
                .integer(rows)
                .integer(columns)
                .op(Opcodes.TUPLE2)
                .text("C")
                .op(Opcodes.TUPLE)
                .op(Opcodes.REDUCE)
                .stop();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attempts")
    void isRefusedWithPlaceAndReason(String name, byte[] bytes, String opcode, String reason) {
        assertThatThrownBy(() -> read(bytes))
                .as(name)
                .isInstanceOf(LoadFailure.class)
                .hasMessageMatching("(?s).+, byte \\d+: .+; .+")
                .hasMessageContaining(opcode)
                .hasMessageContaining(reason);
    }

    @Test
    void theMessageSaysWhereWhatAndWhatToDo() {
        var bytes = pickle().op(Opcodes.PROTO).u1(2).global("posix", "system").stop();
        assertThatThrownBy(() -> read(bytes))
                .hasMessage(
                        "model.pkl, byte 2: opcode GLOBAL: refused: the pickle refers to posix.system, which"
                                + " is not data; a model of your own classes or functions is code:"
                                + " export it to ONNX, or serve it with a container of your own");
    }

    @Test
    void aFileCutAtAnyByteIsRefused() throws Exception {
        for (var example :
                new String[] {
                    "sklearn-iris/model-1",
                    "sklearn-iris/model-2",
                    "parity/tree-big-endian-labels-p2"
                }) {
            var whole = Files.readAllBytes(Examples.modelFile(Examples.ROOT.resolve(example)));
            for (int length = 0; length < whole.length; length++) {
                var cut = Arrays.copyOf(whole, length);
                assertThatThrownBy(() -> read(cut))
                        .as("%s cut at %d", example, length)
                        .isInstanceOf(LoadFailure.class);
            }
        }
    }

    @Test
    void damagedFilesLoadOrAreRefusedAndNeverFailOtherwise() throws Exception {
        var random = new Random(5);
        var runtime = new SklearnRuntime();
        int refused = 0;
        for (var example :
                new String[] {
                    "sklearn-iris/model-1",
                    "parity/boosting-multi-joblib",
                    "parity/imputer-scaler-logistic",
                    "parity/forest-strings-p3"
                }) {
            var whole = Files.readAllBytes(Examples.modelFile(Examples.ROOT.resolve(example)));
            for (int round = 0; round < 60; round++) {
                var bad = whole.clone();
                for (int flips = 0; flips <= round % 3; flips++) {
                    bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
                }
                var file = Files.write(scratch.resolve("model.pkl"), bad);
                try (var model = runtime.load(file)) {
                    assertThat(model.metadata().inputs()).hasSize(1);
                } catch (LoadFailure failure) {
                    refused++;
                }
            }
        }
        assertThat(refused).isBetween(60, 220);
    }

    @Test
    void referencesAreNoCopies() throws Exception {
        // Sixty lists, each of the one before it twice: 2^60 leaves if anyone unfolded them.
        var bomb = pickle().op(Opcodes.EMPTY_LIST);
        for (int i = 0; i < 60; i++) {
            bomb.op(Opcodes.MEMOIZE)
                    .op(Opcodes.POP)
                    .op(Opcodes.MARK)
                    .op(Opcodes.BINGET)
                    .u1(i)
                    .op(Opcodes.BINGET)
                    .u1(i)
                    .op(Opcodes.LIST);
        }
        assertThat(read(bomb.stop()).kind()).isEqualTo("a list of 2");
    }

    @Test
    void copiesOfOneTextAreCounted() {
        var bomb = pickle().text("x".repeat(1 << 16)).op(Opcodes.MEMOIZE).op(Opcodes.POP);
        for (int i = 0; i < 100; i++) {
            bomb.global("_codecs", "encode")
                    .op(Opcodes.BINGET)
                    .u1(0)
                    .text("latin1")
                    .op(Opcodes.TUPLE2)
                    .op(Opcodes.REDUCE)
                    .op(Opcodes.POP);
        }
        var limits = new PickleLimits(1 << 20, 10_000, 1_000, 1 << 20, 8);
        assertThatThrownBy(
                        () -> PickleReader.open(FILE, bomb.op(Opcodes.NONE).stop(), limits).root())
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("unfolds to more than 1048576 bytes");
    }

    @Test
    void objectsStackAndMarksAreCounted() {
        var limits = new PickleLimits(1 << 20, 5_000, 1_000, 1 << 20, 8);
        var objects = pickle();
        for (int i = 0; i < 6_000; i++) {
            objects.op(Opcodes.EMPTY_LIST).op(Opcodes.POP);
        }
        assertThatThrownBy(() -> PickleReader.open(FILE, objects.stop(), limits).root())
                .hasMessageContaining("more than 5000 objects");
        var stack = pickle().raw("N".repeat(2_000).getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> PickleReader.open(FILE, stack.stop(), limits).root())
                .hasMessageContaining("more than 1000 values at once");
        var marks = pickle().raw("(".repeat(2_000).getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> PickleReader.open(FILE, marks.stop(), limits).root())
                .hasMessageContaining("more than 1000 open marks");
    }

    @Test
    void aFileAboveTheLimitIsNotRead() throws Exception {
        var file = Files.write(scratch.resolve("big.pkl"), new byte[2_000]);
        var limits = new PickleLimits(1_000, 5_000, 1_000, 1 << 20, 8);
        assertThatThrownBy(() -> PickleReader.read(file, limits))
                .hasMessageContaining("2000 bytes are more than the limit, 1000 bytes");
    }

    @Test
    void aPipelineThatHoldsItselfIsRefused() throws Exception {
        var file =
                Files.write(
                        scratch.resolve("model.pkl"),
                        pickle().global("sklearn.pipeline", "Pipeline")
                                .op(Opcodes.EMPTY_TUPLE)
                                .op(Opcodes.NEWOBJ)
                                .op(Opcodes.MEMOIZE)
                                .op(Opcodes.EMPTY_DICT)
                                .text("steps")
                                .op(Opcodes.MARK)
                                .text("self")
                                .op(Opcodes.BINGET)
                                .u1(0)
                                .op(Opcodes.TUPLE2)
                                .op(Opcodes.LIST)
                                .op(Opcodes.SETITEM)
                                .op(Opcodes.BUILD)
                                .stop());
        assertThatThrownBy(() -> new SklearnRuntime().load(file))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("more than 16 estimators inside one another");
    }
}
