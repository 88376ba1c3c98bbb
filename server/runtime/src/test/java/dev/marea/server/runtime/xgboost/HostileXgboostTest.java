package dev.marea.server.runtime.xgboost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.runtime.LoadFailure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A damaged or hostile file becomes a reason, and nothing else: no crash, no hang, no memory. */
class HostileXgboostTest {
    private static final Path FILE = Path.of("model");
    private static final Duration SOON = Duration.ofSeconds(10);

    /** Two trees of three nodes, two columns. */
    private static final String MODEL =
            """
            {"learner":{"attributes":{},"feature_names":["a","b"],"feature_types":[],
             "gradient_booster":{"model":{"gbtree_model_param":{"num_parallel_tree":"1","num_trees":"2"},
              "iteration_indptr":[0,1,2],"tree_info":[0,0],"trees":[
              {"default_left":[1,0,0],"id":0,"left_children":[1,-1,-1],"right_children":[2,-1,-1],
               "split_indices":[0,0,0],"split_conditions":[5E-1,-1E0,1E0],
               "categories":[],"categories_nodes":[],"categories_segments":[],"categories_sizes":[],
               "split_type":[0,0,0],"tree_param":{"num_nodes":"3","size_leaf_vector":"1"}},
              {"default_left":[0,0,0],"id":1,"left_children":[1,-1,-1],"right_children":[2,-1,-1],
               "split_indices":[1,0,0],"split_conditions":[0E0,2E0,3E0],
               "categories":[1,2],"categories_nodes":[0],"categories_segments":[0],"categories_sizes":[2],
               "split_type":[1,0,0],"tree_param":{"num_nodes":"3","size_leaf_vector":"1"}}]},
             "name":"gbtree"},
             "learner_model_param":{"base_score":"5E-1","num_class":"0","num_feature":"2","num_target":"1"},
             "objective":{"name":"reg:squarederror"}},"version":[2,1,0]}
            """;

    @Test
    void theModelThatTheseTestsDamageIsSound() throws LoadFailure {
        var booster = json(MODEL);
        assertThat(booster.predict(new float[] {0, 1, 1, 0, Float.NaN, Float.NaN}, 3))
                .containsExactly(0.5f - 1 + 3, 0.5f + 1 + 2, 0.5f - 1 + 3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "left_children\":[1,-1,-1]|left_children\":[7,-1,-1]|trees[0]: node 0 leads to node 7 of 3",
                "left_children\":[1,-1,-1]|left_children\":[-7,-1,-1]|trees[0]: node 0 leads to node -7 of 3",
                "left_children\":[1,-1,-1]|left_children\":[0,-1,-1]|node 0 leads to node 0 of 3",
                "left_children\":[1,-1,-1]|left_children\":[1,1,-1]|node 1 is reached twice",
                "left_children\":[1,-1,-1]|left_children\":[2,-1,-1]|node 2 is reached twice",
                "left_children\":[1,-1,-1]|left_children\":[]|right_children must hold 0 numbers, holds 3",
                "right_children\":[2,-1,-1]|right_children\":[2,-1]|right_children must hold 3 numbers, holds 2",
                "right_children\":[2,-1,-1]|right_children\":3|must be a list of numbers, is the number 3.0",
                "split_conditions\":[5E-1|split_conditions\":[NaN|node 0 splits at NaN",
                "split_indices\":[0|split_indices\":[2|node 0 asks for column 2 of 2",
                "split_indices\":[0|split_indices\":[-1|node 0 asks for column -1 of 2",
                "split_indices\":[0|split_indices\":[99999999999|no 32-bit number",
                "tree_info\":[0,0]|tree_info\":[0,1]|trees[1]: is for output 1 of 1",
                "tree_info\":[0,0]|tree_info\":[0]|tree_info must hold 2 numbers, holds 1",
                "iteration_indptr\":[0,1,2]|iteration_indptr\":[0,2,1]|does not count up to the 2 trees",
                "iteration_indptr\":[0,1,2]|iteration_indptr\":[0,9]|does not count up to the 2 trees",
                "categories\":[1,2]|categories\":[1]|trees[1].categories has no 2 from 0",
                "categories\":[1,2]|categories\":[1,2147483647]|holds the category 2147483647",
                "categories\":[1,2]|categories\":[1,-1]|holds the category -1",
                "categories_nodes\":[0]|categories_nodes\":[3]|categories_nodes names node 3",
                "categories_nodes\":[0]|categories_nodes\":[1]|categories_nodes names node 1",
                "categories_sizes\":[2]|categories_sizes\":[0]|categories has no 0 from 0",
                "categories_segments\":[0]|categories_segments\":[-1]|categories has no 2 from -1",
                "size_leaf_vector\":\"1|size_leaf_vector\":\"3|has no 'base_weights'",
                "num_feature\":\"2|num_feature\":\"0|0 columns",
                "num_feature\":\"2|num_feature\":\"4294967295|must be a size",
                "num_feature\":\"2|num_feature\":\"x|must be a number, is 'x'",
                "num_class\":\"0|num_class\":\"1000000000|1000000000 outputs",
                "base_score\":\"5E-1|base_score\":\"NaN|intercept (base_score) NaN does not fit",
                "base_score\":\"5E-1|base_score\":\"[1,2]|has 2 intercepts (base_score) for 1 outputs",
                "base_score\":\"5E-1|base_score\":\"half|must be a number or a list of numbers",
                "reg:squarederror|reg:gamma-ish|its objective 'reg:gamma-ish' is not known",
                "gbtree\"}|gbforest\"}|no booster that we know",
                "\"gbtree\"}|\"dart\"}|gradient_booster has no 'weight_drop'",
                "\"a\",\"b\"|\"a\"|1 feature_names for 2 columns",
                "\"a\",\"b\"|\"a\",\"a\"|one of them twice",
                "\"a\",\"b\"|\"a\",2|feature_names[1] must be a text",
                "\"learner\"|\"lerner\"|this is JSON, but no XGBoost model",
                "[2,1,0]}|[2,1,0]} x|damaged JSON",
                "[2,1,0]}|[2,1,0]|damaged JSON",
                "[2,1,0]}|[2],\"version\":[2]}|damaged JSON: Duplicate",
            })
    void whatCouldMisleadAWalkIsRefusedByItsPlace(String sound, String damaged, String reason) {
        assertThat(MODEL).contains(sound);
        assertThatThrownBy(() -> json(MODEL.replaceFirst("\\Q" + sound, damaged)))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining(reason);
    }

    @Test
    void anInterceptThatALogLinkCannotTakeIsRefused() {
        var poisson =
                MODEL.replace("reg:squarederror", "count:poisson")
                        .replace("base_score\":\"5E-1", "base_score\":\"-1");
        assertThatThrownBy(() -> json(poisson))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("-1.0 does not fit the objective count:poisson");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "[[0],"})
    void nestingHasALimit(String opening) {
        assertRefused(("{\"learner\":" + opening.repeat(100_000)).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void emptyGroupsDoNotUnfoldToMemory() {
        var bomb = "{\"learner\":[" + "{},".repeat(3_000_000) + "{}]}";
        assertThatThrownBy(() -> json(bomb)).hasMessageContaining("more values than a model");
    }

    @Test
    void farApartCategoriesDoNotUnfoldToMemory() {
        var far = "categories\":[0,16777215],\"categories_nodes\":[0]";
        var tree =
                MODEL.substring(
                        MODEL.indexOf("{\"default_left\":[0,0,0]"),
                        MODEL.indexOf("]},\n \"name\""));
        var trees =
                (tree.replace("categories\":[1,2],\"categories_nodes\":[0]", far) + ",")
                        .repeat(200);
        var bomb =
                MODEL.replace(tree, trees + tree)
                        .replace("tree_info\":[0,0]", "tree_info\":[0" + ",0".repeat(201) + "]")
                        .replace("\"iteration_indptr\":[0,1,2],", "");
        assertThatThrownBy(() -> json(bomb))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("categories unfold to more");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "new/binary-hinge", // UBJSON
                "new/binary", // JSON
                "new/categories-sets",
                "new/vector-leaves",
                "new/dart",
                "new/linear",
                "old/binary-format",
                "old/binary-format-dart",
                "old/binary-format-linear",
                "old/binary-format-unnamed",
            })
    void damageIsRefusedOrAnswersLikeAModel(String name) throws Exception {
        var file = XgboostExamples.model(name.substring(0, 3), name.substring(4));
        var sound = Files.readAllBytes(file);
        var random = new Random(name.hashCode());
        Assertions.assertThatCode(
                        () -> {
                            for (int i = 0; i < 200; i++) {
                                tryOne(name + " flips " + i, flipped(sound, random));
                                int cut = random.nextInt(sound.length);
                                tryOne(name + " cut at " + cut, Arrays.copyOf(sound, cut));
                            }
                        })
                .doesNotThrowAnyException();
    }

    private static byte[] flipped(byte[] sound, Random random) {
        var damaged = sound.clone();
        // Most of a file is numbers; its head is where lengths and names are.
        int reach = random.nextBoolean() ? damaged.length : Math.min(600, damaged.length);
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            damaged[random.nextInt(reach)] = (byte) random.nextInt(256);
        }
        return damaged;
    }

    private static void tryOne(String what, byte[] bytes) {
        try {
            var booster = Booster.read(FILE, bytes, 0, bytes.length);
            if (booster.columns() <= 100) {
                var rows = new float[3 * booster.columns()];
                Arrays.fill(rows, booster.columns(), 2 * booster.columns(), Float.NaN);
                booster.predict(rows, 3);
            }
        } catch (LoadFailure refused) {
            assertThat(refused).as(what).hasMessageContaining("model");
        } catch (RuntimeException bug) {
            throw new AssertionError(what, bug);
        }
    }

    @Test
    void aBillionTreesInAFewBytesAreRefused() throws Exception {
        var file = XgboostExamples.model("old", "binary-format");
        var bytes = Files.readAllBytes(file);
        int count = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("gbtree") + 6;
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(count, 1_000_000_000);
        assertThatThrownBy(() -> Booster.read(FILE, bytes, 0, bytes.length))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("1000000000 trees where");
    }

    @Test
    void aLongThinTreeIsWalkedAndNotRecursed() throws Exception {
        int nodes = 200_001;
        var left = new StringBuilder();
        var right = new StringBuilder();
        for (int i = 0; i < nodes; i++) {
            boolean leaf = i % 2 == 1 || i == nodes - 1;
            left.append(i == 0 ? "" : ",").append(leaf ? -1 : i + 1);
            right.append(i == 0 ? "" : ",").append(leaf ? -1 : i + 2);
        }
        var zeros = "0" + ",0".repeat(nodes - 1);
        var model =
                MODEL.replaceFirst("\\Qleft_children\":[1,-1,-1]", "left_children\":[" + left + "]")
                        .replaceFirst(
                                "\\Qright_children\":[2,-1,-1]", "right_children\":[" + right + "]")
                        .replaceFirst(
                                "\\Qsplit_indices\":[0,0,0]", "split_indices\":[" + zeros + "]")
                        .replaceFirst("\\Qdefault_left\":[1,0,0]", "default_left\":[" + zeros + "]")
                        .replaceFirst(
                                "\\Qsplit_conditions\":[5E-1,-1E0,1E0]",
                                "split_conditions\":[" + zeros + "]");
        Assertions.assertThat(json(model).predict(new float[] {1, 0}, 1)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "## | the file is empty",
                "tree version=v4 | this is no XGBoost model",
                "bs64AAAA | base64 format",
                "binf | damaged binary model",
                "CONFIG-offset: | damaged binary model",
                "{} | has no 'learner'",
                "[1,2] | this is no XGBoost model",
                "<html></html> | this is no XGBoost model"
            })
    void whatIsNoModelIsCalledSo(String content, String reason) {
        assertThatThrownBy(() -> json(content))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining(reason);
    }

    private static void assertRefused(byte[] bytes) {
        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
                SOON,
                () ->
                        assertThatThrownBy(() -> Booster.read(FILE, bytes, 0, bytes.length))
                                .isInstanceOf(LoadFailure.class));
    }

    private static Booster json(String text) throws LoadFailure {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return Booster.read(FILE, bytes, 0, bytes.length);
    }
}
