package dev.marea.server.runtime.pickle;

import static dev.marea.server.runtime.pickle.PickleBytes.pickle;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.runtime.LoadFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;
import org.tukaani.xz.XZOutputStream;

/** Files that hide what they are: compressed, nested, broken on purpose, of another format. */
class HostileFileTest {
    private static final Path FILE = Path.of("model.joblib");

    private static PyValue read(byte[] bytes) throws LoadFailure {
        return PickleReader.open(FILE, bytes, PickleLimits.DEFAULT).root();
    }

    private static byte[] packed(Compression how, byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var out = packer(how, packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private static OutputStream packer(Compression how, OutputStream out) throws IOException {
        return switch (how) {
            case GZIP -> new GZIPOutputStream(out);
            case ZLIB -> new DeflaterOutputStream(out);
            case BZIP2 -> new BZip2CompressorOutputStream(out);
            case LZ4 -> new FramedLZ4CompressorOutputStream(out);
            case XZ -> new XZOutputStream(out, new LZMA2Options(0));
            case LZMA -> new LZMAOutputStream(out, new LZMA2Options(0), -1);
        };
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void whatIsCompressedIsReadAsWhatItHolds(Compression how) throws Exception {
        assertThat(read(packed(how, pickle().text("潮").stop()))).isEqualTo(new PyValue.Text("潮"));
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void codeIsRefusedInAnyCompression(Compression how) throws Exception {
        var code = pickle().global("posix", "system").text("id").op(Opcodes.TUPLE1);
        var bytes = packed(how, code.op(Opcodes.REDUCE).stop());
        assertThatThrownBy(() -> read(bytes)).hasMessageContaining("refers to posix.system");
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void aSmallFileThatHoldsTooMuchIsRefusedBeforeItIsUnpacked(Compression how) throws Exception {
        var limits = new PickleLimits(1 << 20, 1000, 1000, 1 << 20, 2);
        var bomb = packed(how, new byte[8 << 20]);
        assertThat(bomb.length).isLessThan(1 << 18);
        assertThatThrownBy(() -> PickleReader.open(FILE, bomb, limits))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("holds more than 1048576 bytes");
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void aDamagedStreamIsReadOrRefusedAndNeverFailsOtherwise(Compression how) throws Exception {
        var whole = packed(how, pickle().text("tide ".repeat(200)).stop());
        var random = new Random(7);
        for (int i = 0; i < 400; i++) {
            var damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                read(damaged);
            } catch (LoadFailure refused) {
                assertThat(refused).hasMessageStartingWith("model.joblib, byte ");
            }
        }
    }

    @Test
    void compressionInsideCompressionIsNotUnpackedAgain() throws Exception {
        var twice = packed(Compression.GZIP, packed(Compression.GZIP, pickle().integer(1).stop()));
        assertThatThrownBy(() -> read(twice)).isInstanceOf(LoadFailure.class);
    }

    @Test
    void aDictionaryOfGigabytesIsNotMade() throws Exception {
        var bytes = packed(Compression.LZMA, pickle().integer(1).stop());
        bytes[4] = (byte) 0x80; // the header asks for 2 GiB
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("the lzma stream is damaged");
    }

    /** Ways to code that security papers have shown; none of these names is data. */
    @ParameterizedTest
    @CsvSource({
        "os, system",
        "nt, system",
        "builtins, eval",
        "builtins, exec",
        "builtins, compile",
        "builtins, __import__",
        "builtins, open",
        "builtins, map",
        "operator, attrgetter",
        "operator, methodcaller",
        "pkgutil, resolve_name",
        "importlib, import_module",
        "runpy, run_path",
        "types, CodeType",
        "pickle, loads",
        "_pickle, loads",
        "joblib, load",
        "joblib.numpy_pickle, load",
        "numpy, load",
        "numpy.testing._private.utils, runstring",
        "socket, create_connection",
        "webbrowser, open",
        "asyncio, create_subprocess_shell",
        "timeit, timeit",
        "cProfile, run",
        "pip, main",
        "ctypes, CDLL",
        "torch, load",
        "pandas, read_pickle",
        "_io, open",
        "bdb, Bdb",
        "xgboost, XGBClassifier.load_model",
        "sklearn, utils.os.system"
    })
    void aNameThatRunsSomethingIsRefusedByName(String module, String name) {
        var bytes =
                pickle().text(module)
                        .text(name)
                        .op(Opcodes.STACK_GLOBAL)
                        .text("touch /tmp/canary")
                        .op(Opcodes.TUPLE1)
                        .op(Opcodes.REDUCE)
                        .stop();
        assertThatThrownBy(() -> read(bytes))
                .hasMessageContaining("refers to " + module + "." + name)
                .hasMessageContaining("which is not data");
    }

    @Test
    void aStreamThatBreaksAfterItsPayloadNeverGetsThere() {
        var bytes =
                pickle().global("posix", "system")
                        .text("id")
                        .op(Opcodes.TUPLE1)
                        .op(Opcodes.REDUCE)
                        .op(0xf7)
                        .op(0xf7)
                        .stop();
        assertThatThrownBy(() -> read(bytes)).hasMessageContaining("refers to posix.system");
    }

    @Test
    void aPickleInsideThePickleIsOnlyBytes() throws Exception {
        var inner = pickle().global("posix", "system").stop();
        var bytes = pickle().op(Opcodes.SHORT_BINBYTES).u1(inner.length).raw(inner).stop();
        assertThat(read(bytes).kind()).isEqualTo(inner.length + " bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PK\u0003\u0004", "7z\u00bc\u00af'\u001c", "\u0093NUMPY", "ZF0x1c"})
    void anotherFormatIsNamedWhateverTheFileIsCalled(String magic) {
        assertThatThrownBy(() -> read((magic + "and more").getBytes(ISO_8859_1)))
                .hasMessageStartingWith("model.joblib, byte 0: this is ")
                .hasMessageContaining("save ");
    }
}
