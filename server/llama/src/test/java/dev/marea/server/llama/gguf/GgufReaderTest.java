package dev.marea.server.llama.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.llama.SmallModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufReaderTest {
    @TempDir Path directory;

    private GgufFile read(byte[] bytes) throws IOException {
        return GgufReader.read(Files.write(directory.resolve("m.gguf"), bytes));
    }

    private void refused(GgufBytes file, String reason) {
        assertThatThrownBy(() -> read(file.bytes()))
                .isInstanceOf(BadGguf.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aGoodFileSaysWhatItIs() throws IOException {
        var file = read(GgufBytes.good());
        assertThat(file.architecture()).isEqualTo("llama");
        assertThat(file.own("block_count")).hasValue(2);
        assertThat(file.tensors()).hasSize(1);
        assertThat(file.dataBytes()).isEqualTo(64 * 3 * 4);
    }

    @Test
    void whatItTakesInMemoryIsKnownBeforeItIsLoaded() throws IOException {
        var file = read(GgufBytes.good());
        // Two layers, two heads of 16 keys and 16 values, two bytes each.
        assertThat(MemoryNeed.bytesPerToken(file, GgmlType.F16)).isEqualTo(2 * 2 * 32 * 2);
        assertThat(MemoryNeed.of(file, 1_000, GgmlType.F16, 32, 1).context()).isEqualTo(256_000);
        assertThat(MemoryNeed.of(file, 1_000, GgmlType.Q8_0, 32, 1).context()).isEqualTo(136_000);
    }

    @Test
    void aRealModelIsRead() throws Exception {
        var file = GgufReader.read(SmallModels.smollm2());
        assertThat(file.architecture()).isEqualTo("llama");
        assertThat(file.count("tokenizer.ggml.tokens")).isEqualTo(49_152);
        assertThat(file.text("tokenizer.chat_template").orElseThrow()).contains("im_start");
    }

    @Test
    void lengthsBeyondTheFileAreRefused() {
        refused(new GgufBytes().raw("GGUX").zeros(40), "does not begin with GGUF");
        refused(new GgufBytes().raw("GGUF").int32(9).zeros(40), "version is 9");
        refused(new GgufBytes().raw("GGUF").int32(3 << 24).zeros(40), "big-endian");
        refused(GgufBytes.head(0, Long.MIN_VALUE), "the number of keys");
        refused(GgufBytes.head(1L << 62, 0), "the number of tensors");
        refused(GgufBytes.head(0, 1).int64(1L << 62).zeros(40), "a key's length");
        refused(GgufBytes.head(0, 1).text("a").int32(8).int64(-1).zeros(40), "length");
        refused(
                GgufBytes.head(0, 1).text("a").int32(9).int32(4).int64(1L << 61).zeros(40),
                "the length of");
        refused(
                GgufBytes.head(0, 1).text("a").int32(9).int32(9).int64(1).zeros(40),
                "unknown type 9");
        refused(GgufBytes.head(0, 1).text("a").int32(77).zeros(40), "unknown type 77");
        refused(GgufBytes.head(0, 2).pair("a", 1).pair("a", 2), "comes twice");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 1 << 30})
    void anAlignmentThatIsNoneIsRefused(int alignment) {
        refused(GgufBytes.head(0, 1).pair("general.alignment", alignment), "general.alignment");
    }

    @Test
    void tensorsThatCannotBeAreRefused() {
        refused(GgufBytes.head(1, 0).text("t").int32(-1).zeros(40), "4294967295 dimensions");
        refused(tensor(1L << 40, 1L << 40, 0, 0), "larger than any file");
        refused(tensor(64, 1 << 20, 0, 0), "cut short");
        refused(tensor(64, 1, 0, 1L << 40), "cut short");
        refused(tensor(64, 1, 0, 7), "no multiple of 32");
        refused(tensor(64, 1, 4_000, 0), "unknown type 4000");
        refused(tensor(33, 1, 2, 0), "by 32");
    }

    private static GgufBytes tensor(long row, long rows, int type, long offset) {
        return GgufBytes.head(1, 0)
                .text("t")
                .int32(2)
                .int64(row)
                .int64(rows)
                .int32(type)
                .int64(offset)
                .padded()
                .zeros(256);
    }

    @Test
    void damageIsRefusedOrHarmlessButNeverSomethingElse() throws IOException {
        var good = GgufBytes.good();
        for (int seed = 0; seed < 3_000; seed++) {
            var chance = new Random(seed);
            var bytes = good.clone();
            for (int i = 0; i < 1 + chance.nextInt(4); i++) {
                bytes[chance.nextInt(bytes.length)] = (byte) chance.nextInt();
            }
            var cut = Arrays.copyOf(bytes, 1 + chance.nextInt(bytes.length));
            try {
                read(chance.nextBoolean() ? bytes : cut);
            } catch (BadGguf expected) {
                assertThat(expected.getMessage()).as("seed %d", seed).isNotEmpty();
            }
        }
    }
}
