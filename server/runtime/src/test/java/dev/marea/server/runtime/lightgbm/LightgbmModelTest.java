package dev.marea.server.runtime.lightgbm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Examples;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LightgbmModelTest {
    private static LoadedModel load(String example) throws Exception {
        return new LightgbmRuntime()
                .load(Examples.modelFile(LightgbmExamples.ROOT.resolve(example)));
    }

    private static double[] ask(LoadedModel model, Tensor... inputs) throws BadInput {
        var answer = model.predict(List.of(inputs), Asked.PLAINLY).getFirst();
        return ((Elements.Doubles) answer.elements()).values();
    }

    @Test
    void saysWhatItIs() throws Exception {
        try (var model = load("multiclass")) {
            var said = model.metadata();
            assertThat(said.platform()).isEqualTo("lightgbm");
            assertThat(said.inputs())
                    .containsExactly(TensorSpec.of("input-0", Datatype.FP64, -1, 6));
            assertThat(said.outputs())
                    .containsExactly(TensorSpec.of("output-0", Datatype.FP64, -1, 3));
            assertThat(said.columns()).hasSize(6).startsWith("Column_0", "Column_1");
            assertThat(said.methods()).containsExactly(Method.PREDICT);
            assertThat(said.facts())
                    .containsEntry("objective", "multiclass")
                    .containsEntry("iterations", "6")
                    .containsEntry("text_version", "v4");
            assertThat(model.bytes()).isPositive();
        }
    }

    @Test
    void oneTensorOrOneForEachColumnGiveTheSame() throws Exception {
        try (var model = load("regression")) {
            double[] row = {0.5, 3, 0, 1e5, Double.NaN, 2};
            var whole = ask(model, Tensor.of("anything", new int[] {1, 6}, row));
            var columns = new Tensor[6];
            for (int i = 0; i < 6; i++) {
                columns[5 - i] = Tensor.of("Column_" + i, new int[] {1}, row[i]);
            }
            assertThat(ask(model, columns)).containsExactly(whole);
        }
    }

    @Test
    void categoriesAreNamedByColumnAndCodedInATable() throws Exception {
        try (var model = load("pandas")) {
            var named =
                    ask(
                            model,
                            Tensor.of("colour", new int[] {2, 1}, "blue", "no colour"),
                            Tensor.of("age", new int[] {2}, 33L, 44L),
                            Tensor.of("size", new int[] {2}, 5L, 3L),
                            Tensor.of("income", new int[] {2}, 0.25, -1));
            var coded =
                    ask(
                            model,
                            Tensor.of(
                                    "input-0",
                                    new int[] {2, 4},
                                    33,
                                    2,
                                    2,
                                    0.25,
                                    44,
                                    Double.NaN,
                                    Double.NaN,
                                    -1));
            assertThat(named).containsExactly(coded);
        }
    }

    /** As the Python package does: an array of integers is turned into single precision. */
    @Test
    void wholeNumbersAreTakenAsTheLibraryTakesThem() throws Exception {
        try (var model = load("regression")) {
            var longs = Tensor.of("x", new int[] {1, 6}, 1L, 2L, 0L, 16_777_217L, 1L, 1L);
            var doubles = Tensor.of("x", new int[] {1, 6}, 1, 2, 0, 16_777_216, 1, 1);
            assertThat(ask(model, longs)).containsExactly(ask(model, doubles));
        }
    }

    @Test
    void whatDoesNotFitIsRefusedByName() throws Exception {
        try (var model = load("pandas")) {
            refuses(
                    model,
                    "'x' must have 4 columns, has 3",
                    Tensor.of("x", new int[] {1, 3}, 1, 2, 3));
            refuses(
                    model,
                    "'x' must have the shape [n, 4], has [4]: put the row into a list",
                    Tensor.of("x", new int[] {4}, 1, 2, 3, 4));
            refuses(
                    model,
                    "'x' must have at least one row",
                    Tensor.of("x", new int[] {0, 4}, new double[0]));
            refuses(
                    model,
                    "'x' must hold numbers, holds text",
                    Tensor.of("x", new int[] {1, 4}, "1", "red", "2", "3"));
            refuses(
                    model,
                    "'inputs' lack the column 'colour'",
                    Tensor.of("age", new int[] {1}, 1.0),
                    Tensor.of("size", new int[] {1}, 1.0));
            refuses(
                    model,
                    "'shoe' is no column of this model: age, colour, size, income",
                    Tensor.of("age", new int[] {1}, 1.0),
                    Tensor.of("shoe", new int[] {1}, 1.0));
            refuses(
                    model,
                    "'age' is there twice",
                    Tensor.of("age", new int[] {1}, 1.0),
                    Tensor.of("age", new int[] {1}, 1.0));
            refuses(
                    model,
                    "'size' must have the shape [1] or [1, 1], has [2]",
                    Tensor.of("age", new int[] {1}, 1.0),
                    Tensor.of("size", new int[] {2}, 1.0, 2.0));
            refuses(
                    model,
                    "'colour' must hold text, the names of its 5 categories",
                    Tensor.of("colour", new int[] {1}, 1.0));
            refuses(model, "'inputs' must be one tensor of shape [n, 4]");
        }
    }

    private static void refuses(LoadedModel model, String reason, Tensor... inputs) {
        assertThatThrownBy(() -> model.predict(List.of(inputs), Asked.PLAINLY))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining(reason);
    }

    @Test
    void answersOnlyWhatItHas() throws Exception {
        try (var model = load("stumps")) {
            var row = List.of(Tensor.of("x", new int[] {1, 6}, new double[6]));
            assertThatThrownBy(() -> model.predict(row, Asked.of(Method.PREDICT_PROBA)))
                    .hasMessageContaining("it answers predict");
            assertThatThrownBy(
                            () -> model.predict(row, new Asked(Optional.empty(), List.of("other"))))
                    .hasMessageContaining("the model gives output-0");
        }
    }
}
