package dev.marea.server.runtime.lightgbm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.runtime.Examples;
import dev.marea.server.runtime.LoadFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real models with a line changed so that a walk would never end, or leave its arrays. */
class HostileModelTest {
    @TempDir Path scratch;

    private static String text(String example) throws IOException {
        return Files.readString(
                Examples.modelFile(LightgbmExamples.ROOT.resolve(example)), StandardCharsets.UTF_8);
    }

    /** The example with the first line of a key replaced. */
    private static String with(String example, String key, String value) throws IOException {
        var text = text(example);
        int from = text.indexOf("\n" + key + "=") + 1;
        assertThat(from).as(key).isPositive();
        return text.substring(0, from)
                + key
                + "="
                + value
                + text.substring(text.indexOf('\n', from));
    }

    private Throwable refusal(String text) throws IOException {
        var file = Files.writeString(scratch.resolve("model.txt"), text);
        try {
            new LightgbmRuntime().load(file).close();
            return new AssertionError("it loads");
        } catch (LoadFailure refused) {
            return refused;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    num_leaves        | 2000000000   | leaf_value needs 2000000000 numbers, has fewer
                    num_leaves        | 3            | leaf_value needs 3 numbers, has 2
                    num_leaves        | 99999999999  | num_leaves holds '99999999999', not a whole number of 32 bits
                    num_leaves        | -1           | num_leaves is -1
                    num_leaves        | two          | num_leaves holds 'two', not a whole number
                    split_feature     | 6            | split_feature has 6, not in 0..5
                    split_feature     | -1           | split_feature has -1, not in 0..5
                    left_child        | 1            | split 0 has the child 1, of 1 splits and 2 leaves
                    left_child        | 0            | has the child 0 twice, or a circle
                    left_child        | -2           | has the child -2 twice, or a circle
                    right_child       | -3           | split 0 has the child -3
                    right_child       | -2147483648  | split 0 has the child -2147483648
                    left_child        | -1 -1        | left_child needs 1 numbers, has more
                    left_child        |              | left_child needs 1 numbers, has fewer
                    threshold         | nan          | threshold holds NaN
                    threshold         | 0x1p3        | threshold holds '0x1p3', not a number
                    threshold         | 1.0d         | threshold holds '1.0d', not a number
                    decision_type     | 14           | decision_type 14 is unknown
                    decision_type     | 3            | wants the set
                    leaf_value        | 1            | leaf_value needs 2 numbers, has fewer
                    max_feature_idx   | 2147483647   | max_feature_idx is 2147483647
                    max_feature_idx   | 7            | feature_names holds 6 for 8 features
                    num_class         | 5            | num_tree_per_iteration and num_class (5) differ
                    num_class         | 1000000      | num_class is 1000000, not in 1..100000
                    objective         | astrology    | the objective 'objective=astrology' is unknown
                    objective         | multiclass num_class:9 | the objective's num_class:9 is not num_class=1
                    objective         | binary sigmoid:0 | the objective 'objective=binary sigmoid:0' is unknown
                    version           | v9           | version v9 is unknown; v2, v3 and v4 are
                    tree_sizes        | 1 2          | 7 trees where tree_sizes has 2
                    """)
    void aLineThatLiesIsRefusedByItsNumber(String key, String value, String reason)
            throws Exception {
        assertThat(refusal(with("stumps", key, value == null ? "" : value)))
                .isInstanceOf(LoadFailure.class)
                .hasMessageMatching("(?s).*model.txt, line [0-9]+: .*")
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    cat_boundaries | 0 5        | cat_boundaries
                    cat_threshold  | 1          | cat_threshold
                    num_cat        | 2000000000 | cat_boundaries needs 2000000001 numbers, has fewer
                    num_cat        | 2147483647 | num_cat is 2147483647
                    """)
    void aSetOfCategoriesOutOfBoundsIsRefused(String key, String value, String reason)
            throws Exception {
        assertThat(refusal(with("categorical", key, value)))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    num_features  | 2000000000 | num_features needs
                    leaf_features | 99         | leaf_features
                    leaf_coeff    | 1          | leaf_coeff needs
                    is_linear     | 2          | is_linear is 2, not in 0..1
                    """)
    void aLinearLeafOutOfBoundsIsRefused(String key, String value, String reason) throws Exception {
        assertThat(refusal(with("linear", key, value)))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aCircleDeepInATreeIsRefused() throws Exception {
        var text = text("deep");
        int from = text.indexOf("\nleft_child=") + "\nleft_child=".length();
        // The root's left child becomes its right child's, and what hung there hangs in the air.
        var line = text.substring(from, text.indexOf('\n', from));
        var changed = line.replaceFirst("^[0-9-]+ [0-9-]+", "1 1");
        assertThat(refusal(text.replace(line, changed)))
                .hasMessageContaining("Tree=0 has the child 1 twice, or a circle");
    }

    @Test
    void aFileCutAnywhereIsRefusedOrWhole() throws Exception {
        var text = text("pandas");
        int whole = text.indexOf("end of trees") + "end of trees".length();
        for (int length = 0; length < whole; length += 41) {
            assertThat(refusal(text.substring(0, length))).isInstanceOf(LoadFailure.class);
        }
    }

    @Test
    void whatIsNoModelSaysWhatAModelBeginsWith() throws Exception {
        assertThat(refusal("")).hasMessageContaining("the file is empty");
        assertThat(refusal("\n")).hasMessageContaining("begins with 'tree'");
        assertThat(refusal("treehouse\n")).hasMessageContaining("begins with 'tree'");
    }

    /** Whatever a byte becomes, the outcome is a model or a reason. */
    @Test
    void damagedBytesNeverLeaveTheReader() throws Exception {
        for (var example : new String[] {"categorical", "linear", "pandas", "stumps"}) {
            var bytes = text(example).getBytes(StandardCharsets.UTF_8);
            for (int seed = 0; seed < 300; seed++) {
                var random = new Random(seed);
                var damaged = bytes.clone();
                for (int i = 0; i < 1 + seed % 5; i++) {
                    damaged[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                assertThatCode(() -> readAndAsk(damaged))
                        .as("%s, seed %d", example, seed)
                        .doesNotThrowAnyException();
            }
        }
    }

    private static void readAndAsk(byte[] bytes) {
        try {
            var booster = Booster.read(bytes);
            booster.predict(new double[2 * booster.columns()], 2);
        } catch (BadModel refused) {
            assertThat(refused.line()).isPositive();
        }
    }

    @Test
    void theFileMayHaveLineEndsOfWindows() throws Exception {
        assertThatCode(() ->
                        Booster.read(
                                text("binary")
                                        .replace("\n", "\r\n")
                                        .getBytes(StandardCharsets.UTF_8)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() ->
                        Booster.read("tree\r\nversion=v4\r\n".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(BadModel.class);
    }
}
