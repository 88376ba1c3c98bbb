package dev.marea.server.runtime.xgboost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Examples;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.Runtimes;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import dev.marea.wire.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XgboostModelTest {
    private final Runtimes runtimes = new Runtimes(List.of(new XgboostRuntime()));

    @TempDir Path scratch;

    @Test
    void saysWhatItTakesAndGives() throws Exception {
        try (var model = load("new", "binary")) {
            var metadata = model.metadata();
            assertThat(metadata.platform()).isEqualTo("xgboost");
            assertThat(metadata.inputs())
                    .containsExactly(TensorSpec.of("input-0", Datatype.FP32, -1, 8));
            assertThat(metadata.outputs())
                    .containsExactly(TensorSpec.of("output-0", Datatype.FP32, -1));
            assertThat(metadata.methods()).containsExactly(Method.PREDICT);
            assertThat(metadata.columns()).isEmpty();
            assertThat(metadata.facts())
                    .isEqualTo(
                            Map.of(
                                    "xgboost_version", "3.2",
                                    "booster", "gbtree",
                                    "objective", "binary:logistic",
                                    "trees", "20"));
            assertThat(model.bytes()).isGreaterThan(1_000);
        }
        try (var model = load("new", "softprob")) {
            assertThat(model.metadata().outputs())
                    .containsExactly(TensorSpec.of("output-0", Datatype.FP32, -1, 3));
        }
        try (var model = load("old", "binary-format-linear")) {
            assertThat(model.metadata().facts())
                    .containsEntry("xgboost_version", "1.7")
                    .containsEntry("booster", "gblinear");
        }
    }

    @Test
    void takesATensorForEachColumnByName() throws Exception {
        try (var model = load("new", "named")) {
            var names = model.metadata().columns();
            assertThat(names).startsWith("age", "income", "größe", "a b").hasSize(8);
            var rows = XgboostExamples.rows(expected("new", "named"));
            var columns = new ArrayList<Tensor>();
            for (int column = 0; column < names.size(); column++) {
                columns.add(XgboostExamples.column(names.get(column), rows, column));
            }
            Collections.reverse(columns);
            assertThat(answer(model, columns)).containsExactly(theirs("new", "named"));
        }
    }

    @Test
    void takesCategoriesByTheNamesThatTheyWereTrainedWith() throws Exception {
        try (var model = load("new", "categories-named")) {
            assertThat(model.metadata().columns())
                    .containsExactly("a", "color", "kind", "code", "b", "c");
            var rows = XgboostExamples.rows(expected("new", "categories-named"));
            int known = 200; // the rest holds codes that have no name
            var some = Arrays.copyOf(rows, known);
            var columns = new ArrayList<Tensor>();
            for (int column = 0; column < 6; column++) {
                var name = model.metadata().columns().get(column);
                columns.add(
                        switch (name) {
                            case "color" ->
                                    XgboostExamples.named(
                                            name, some, column, XgboostExamples.COLORS::get);
                            case "kind" ->
                                    XgboostExamples.named(name, some, column, c -> "kind " + c);
                            case "code" ->
                                    XgboostExamples.column(name, some, column, code -> 10 * code);
                            default -> XgboostExamples.column(name, some, column);
                        });
            }
            assertThat(answer(model, columns))
                    .containsExactly(Arrays.copyOf(theirs("new", "categories-named"), known));
            columns.set(1, XgboostExamples.named("color", some, 1, _ -> "mauve"));
            assertRefused(model, columns, "holds the category 'mauve'");
            columns.set(1, XgboostExamples.named("color", some, 1, XgboostExamples.COLORS::get));
            columns.set(3, XgboostExamples.column("code", some, 3, _ -> 7));
            assertRefused(model, columns, "holds the category '7.0'");
        }
    }

    @Test
    void everyNumberTypeIsCastAsTheLibraryCasts() throws Exception {
        try (var model = load("new", "binary")) {
            var floats = Tensor.of("x", new int[] {1, 8}, new float[] {1, 2, 3, 4, 5, 6, 7, 8});
            var wanted = answer(model, List.of(floats));
            var shape = new int[] {1, 8};
            for (var same :
                    List.of(
                            Tensor.of("x", shape, 1L, 2, 3, 4, 5, 6, 7, 8),
                            Tensor.of("x", shape, 1.0, 2, 3, 4, 5, 6, 7, 8),
                            new Tensor(
                                    "x",
                                    Datatype.UINT8,
                                    shape,
                                    new Elements.Bytes(new byte[] {1, 2, 3, 4, 5, 6, 7, 8})),
                            new Tensor(
                                    "x",
                                    Datatype.INT32,
                                    shape,
                                    new Elements.Ints(new int[] {1, 2, 3, 4, 5, 6, 7, 8})),
                            new Tensor(
                                    "x",
                                    Datatype.BF16,
                                    shape,
                                    new Elements.Shorts(bfloats(1, 2, 3, 4, 5, 6, 7, 8))))) {
                assertThat(answer(model, List.of(same))).as(same.toString()).isEqualTo(wanted);
            }
        }
    }

    private static short[] bfloats(float... values) {
        var bits = new short[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (short) (Float.floatToIntBits(values[i]) >>> 16);
        }
        return bits;
    }

    @Test
    void refusesWhatDoesNotFitAndGoesOn() throws Exception {
        try (var model = load("new", "named")) {
            var row = new float[8];
            assertRefused(model, List.of(), "must hold a tensor of shape [n, 8]");
            assertRefused(
                    model,
                    List.of(Tensor.of("x", new int[] {8}, row)),
                    "must have the shape [n, 8], has [8]: put the row into a list of rows");
            assertRefused(
                    model, List.of(Tensor.of("x", new int[] {2, 4}, row)), "must have 8 columns");
            assertRefused(
                    model, List.of(Tensor.of("x", new int[] {0, 8}, new float[0])), "one row");
            assertRefused(
                    model,
                    List.of(Tensor.of("x", new int[] {1, 8}, 1e39, 0, 0, 0, 0, 0, 0, 0)),
                    "row 0, column 0 is infinite or larger");
            assertRefused(
                    model,
                    List.of(Tensor.of("x", new int[] {1, 1}, "a")),
                    "must have 8 columns, has 1");
            assertRefused(
                    model,
                    List.of(Tensor.of("age", new int[] {1}, 1f), Tensor.of("x", new int[] {1}, 1f)),
                    "is no column of this model");
            assertRefused(
                    model,
                    List.of(
                            Tensor.of("age", new int[] {1}, 1f),
                            Tensor.of("income", new int[] {2}, 1f, 2f)),
                    "has 2 rows, 'age' has 1");
            assertRefused(
                    model,
                    List.of(
                            Tensor.of("age", new int[] {1}, 1f),
                            Tensor.of("income", new int[] {1}, "much")),
                    "must hold numbers, holds text (BYTES), for which the model has no names");
            assertRefused(
                    model,
                    List.of(Tensor.of("age", new int[] {1}, 1f), Tensor.of("y", new int[] {1}, 1f)),
                    "lack the column");
            assertThat(answer(model, List.of(Tensor.of("x", new int[] {1, 8}, row)))).hasSize(1);
        }
    }

    @Test
    void answersPredictOnly() throws Exception {
        try (var model = load("new", "binary")) {
            var row = List.of(Tensor.of("x", new int[] {1, 8}, new float[8]));
            assertThatThrownBy(() -> model.predict(row, Asked.of(Method.PREDICT_PROBA)))
                    .isInstanceOf(BadInput.class)
                    .hasMessageContaining("it answers predict");
            assertThatThrownBy(
                            () -> model.predict(row, new Asked(Optional.empty(), List.of("other"))))
                    .isInstanceOf(BadInput.class)
                    .hasMessageContaining("the model gives output-0");
            assertThat(model.predict(row, Asked.of(Method.PREDICT))).hasSize(1);
        }
    }

    @Test
    void settingsInJsonBesideTheModelAreNoModel() throws Exception {
        Files.copy(XgboostExamples.model("new", "binary"), scratch.resolve("model.json"));
        Files.writeString(scratch.resolve("config.json"), "{\"owner\": \"risk\"}");
        Files.writeString(scratch.resolve("metadata.json"), "{\"version\": [1]}");
        try (var model = runtimes.load(scratch, "xgboost")) {
            assertThat(model.metadata().facts()).containsEntry("trees", "20");
        }
        Files.delete(scratch.resolve("model.json"));
        Files.delete(scratch.resolve("metadata.json"));
        assertThatThrownBy(() -> runtimes.load(scratch, "xgboost"))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("this is JSON, but no XGBoost model: it has no 'learner'");
    }

    private static LoadedModel load(String set, String name) throws LoadFailure {
        return new XgboostRuntime().load(XgboostExamples.model(set, name));
    }

    private static Json expected(String set, String name) {
        return Examples.expected(XgboostExamples.ROOT.resolve(set).resolve(name));
    }

    private static float[] theirs(String set, String name) {
        return XgboostExamples.numbers(
                expected(set, name).object("answers").at("predict").orElseThrow());
    }

    private static float[] answer(LoadedModel model, List<Tensor> inputs) throws BadInput {
        var tensor = model.predict(inputs, Asked.PLAINLY).getFirst();
        return ((Elements.Floats) tensor.elements()).values();
    }

    private static void assertRefused(LoadedModel model, List<Tensor> inputs, String reason) {
        assertThatThrownBy(() -> model.predict(inputs, Asked.PLAINLY))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining(reason);
    }
}
