package dev.marea.server.runtime.xgboost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.xgboost.Value.Group;
import dev.marea.server.runtime.xgboost.Value.Numbers;
import dev.marea.server.runtime.xgboost.Value.Scalar;
import dev.marea.server.runtime.xgboost.Value.Text;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes are written in hex, and ASCII letters between quotes. */
class UbjReaderTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'i' fe | -2",
                "'U' fe | 254",
                "'I' fffe | -2",
                "'l' 00010000 | 65536",
                "'L' 0000000100000000 | 4294967296",
                "'d' 3f000000 | 0.5",
                "'D' 3fe0000000000000 | 0.5",
                "'T' | 1",
                "'F' | 0"
            })
    void readsNumbersOfEveryWidthBigEndian(String bytes, double number) throws LoadFailure {
        assertThat(read(bytes)).isEqualTo(new Scalar(number));
    }

    @Test
    void readsTextsGroupsAndNull() throws LoadFailure {
        assertThat(read("'{L' 0000000000000001 'aSi' 03 'xyzi' 01 'bZ}'"))
                .isEqualTo(new Group(Map.of("a", new Text("xyz"), "b", Value.Nothing.NULL)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'[$i#L' 0000000000000002 01ff | 1 | -1",
                "'[$U#L' 0000000000000002 01ff | 1 | 255",
                "'[$I#i' 02 0001ffff | 1 | -1",
                "'[$l#i' 02 00000001ffffffff | 1 | -1",
                "'[$L#i' 02 0000000000000001 ffffffffffffffff | 1 | -1",
                "'[$d#i' 02 3f800000 bf800000 | 1 | -1",
                "'[$D#i' 02 3ff0000000000000 bff0000000000000 | 1 | -1",
                "'[#i' 02 'i' 01 'l' ffffffff | 1 | -1",
                "'[i' 01 'd' bf800000 ']' | 1 | -1",
                "'[Ti' ff ']' | 1 | -1"
            })
    void readsListsOfNumbersHoweverTheyAreWritten(String bytes, float first, float second)
            throws LoadFailure {
        var numbers = (Numbers) read(bytes);
        assertThat(numbers.count()).isEqualTo(2);
        assertThat(numbers.real(0)).isEqualTo(first);
        assertThat(numbers.real(1)).isEqualTo(second);
        assertThat(numbers.whole(1)).isEqualTo((long) second);
    }

    @Test
    void leavesOutWhatNobodyAsksForButChecksIt() throws LoadFailure {
        assertThat(read("'{i' 01 'ai' 01 'i' 04 'skip[$d#i' 01 3f800000 '}'"))
                .isEqualTo(new Group(Map.of("a", new Scalar(1))));
        assertThatThrownBy(() -> read("'{i' 04 'skip[$d#i' 09 3f800000 '}'"))
                .hasMessageContaining("an array of 9 where 5 bytes are left");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'SL' 4000000000000000 'abc' | byte 1: a text of 4611686018427387904 where 3 bytes are left",
                "'SL' ffffffffffffffff 'abc' | a text of -1",
                "'[$L#L' 2000000000000001 0000 | an array of 2305843009213693953 where 2 bytes are left",
                "'[#l' 3b9aca00 'i' 01 | a list of 1000000000 where 2 bytes are left",
                "'[$H#i' 01 00 | 'H' is no type of an array",
                "'[$di' 01 00 | a typed array has no count",
                "'l' 0001 | ends inside a number",
                "'{i' 01 'a' | ends where a value must begin",
                "'{i' 01 'ai' 01 'i' 01 'ai' 01 '}' | a group names 'a' twice",
                "'[Si' 01 'x' | ends where a value must begin",
                "'Hi' 01 '1' | 'H' begins no value",
                "'i' 01 02 | 1 bytes follow the model",
                "'Sd' 3f800000 | 'd' begins no length"
            })
    void refusesDamageWithItsPlace(String bytes, String reason) {
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("byte ")
                .hasMessageContaining(reason.replaceFirst("^byte \\d+: ", ""));
    }

    @Test
    void placesAreThoseOfTheFileThatHoldsTheModel() {
        var bytes = bytes("ffffffff 'Si' 09 'x'");
        var within = new ModelBytes(Path.of("m.pkl"), bytes, 4, bytes.length);
        assertThatThrownBy(() -> UbjReader.read(within, Set.of()))
                .hasMessageContaining("m.pkl, byte 5");
    }

    @Test
    void listsWithinListsHaveALimit() {
        assertThatThrownBy(() -> read("'" + "[".repeat(10_000) + "'"))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("64 deep");
    }

    private static Value read(String written) throws LoadFailure {
        var bytes = bytes(written);
        return UbjReader.read(
                new ModelBytes(Path.of("m.ubj"), bytes, 0, bytes.length), Set.of("skip"));
    }

    private static byte[] bytes(String written) {
        var hex = new StringBuilder();
        var parts = written.split("'", -1);
        for (int i = 0; i < parts.length; i++) {
            if (i % 2 == 0) {
                hex.append(parts[i].replace(" ", ""));
            } else {
                parts[i].chars().forEach(c -> hex.append("%02x".formatted(c)));
            }
        }
        return HexFormat.of().parseHex(hex);
    }
}
