package dev.marea.server.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Examples;
import dev.marea.server.runtime.InferenceFailure;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import dev.marea.server.runtime.TensorsAgree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxRuntimeTest {
    private static final double TOLERANCE = 1e-6;

    @TempDir Path scratch;

    private static LoadedModel load(String example) throws LoadFailure {
        return new OnnxRuntime().load(Examples.ROOT.resolve(example).resolve("model.onnx"));
    }

    private static Tensor iris() {
        var rows = Examples.expected(Examples.ROOT.resolve("onnx-iris")).at("inputs", "X");
        var doubles = ((Elements.Doubles) Examples.rows(rows.orElseThrow()).elements()).values();
        var floats = new float[doubles.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) doubles[i];
        }
        return Tensor.of("X", new int[] {floats.length / 4, 4}, floats);
    }

    private static List<Tensor> types() {
        return List.of(
                Tensor.of("a", new int[] {2, 2}, 1f, 2, 3, 4),
                Tensor.of("b", new int[] {2, 2}, 0.5f, 0.25f, 1, -1),
                Tensor.of("count", new int[] {3}, 1L, 2, 3),
                new Tensor(
                        "flag",
                        Datatype.BOOL,
                        new int[] {2},
                        new Elements.Bools(new boolean[] {true, false})),
                Tensor.of("word", new int[] {2}, "marea", "潮"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"onnx-iris", "onnx-iris-zipmap"})
    void answersAsThePythonRuntimeDoesWithAndWithoutZipMap(String example) throws Exception {
        try (var model = load(example)) {
            var outputs = model.predict(List.of(iris()), Asked.PLAINLY);
            var expected = Examples.expected(Examples.ROOT.resolve(example)).object("answers");
            assertThat(outputs)
                    .extracting(Tensor::name)
                    .containsExactlyElementsOf(expected.fields().keySet());
            for (var output : outputs) {
                TensorsAgree.check(output, expected.at(output.name()).orElseThrow(), TOLERANCE);
            }
        }
    }

    @Test
    void everyTypeComesAndGoes() throws Exception {
        try (var model = load("onnx-types")) {
            var outputs = model.predict(types(), Asked.PLAINLY);
            assertThat(outputs)
                    .containsExactly(
                            Tensor.of("sum", new int[] {2, 2}, 1.5f, 2.25f, 4, 3),
                            Tensor.of("total", new int[0], 6.0),
                            new Tensor(
                                    "inverse",
                                    Datatype.BOOL,
                                    new int[] {2},
                                    new Elements.Bools(new boolean[] {false, true})),
                            Tensor.of("echo", new int[] {2}, "marea", "潮"));
        }
    }

    @Test
    void metadataIsTheGraphs() throws Exception {
        try (var model = load("onnx-types")) {
            assertThat(model.metadata().platform()).isEqualTo("onnx");
            assertThat(model.metadata().inputs())
                    .containsExactly(
                            TensorSpec.of("a", Datatype.FP32, -1, 2),
                            TensorSpec.of("b", Datatype.FP32, -1, 2),
                            TensorSpec.of("count", Datatype.INT64, -1),
                            TensorSpec.of("flag", Datatype.BOOL, 2),
                            TensorSpec.of("word", Datatype.BYTES, -1));
        }
    }

    @Test
    void givesTheAskedOutputsInTheAskedOrder() throws Exception {
        try (var model = load("onnx-types")) {
            var asked = new Asked(Optional.empty(), List.of("echo", "sum"));
            assertThat(model.predict(types(), asked))
                    .extracting(Tensor::name)
                    .containsExactly("echo", "sum");
        }
    }

    @Test
    void aRequestThatDoesNotFitIsTheCallersToMend() throws Exception {
        try (var model = load("onnx-types")) {
            refuses(
                    model,
                    without("word"),
                    "word",
                    "is missing; the model takes a, b, count, flag, word");
            refuses(
                    model,
                    with(Tensor.of("a", new int[] {4}, 1f, 2, 3, 4)),
                    "a",
                    "[-1, 2], has [4]");
            refuses(model, with(Tensor.of("a", new int[] {1, 4}, 1f, 2, 3, 4)), "a", "has [1, 4]");
            refuses(
                    model,
                    with(Tensor.of("a", new int[] {2, 2}, 1.0, 2, 3, 4)),
                    "a",
                    "must be FP32, is FP64");
            refuses(
                    model,
                    with(Tensor.of("b", new int[] {1, 2}, 1f, 2)),
                    "b",
                    "has 1 for the dimension 'n', another input has 2");
            refuses(
                    model,
                    with(Tensor.of("count", new int[] {0}, new long[0])),
                    "count",
                    "at least one element");
            var more = new ArrayList<>(types());
            more.add(Tensor.of("other", new int[] {1}, 1f));
            refuses(model, more, "other", "is not taken");
            assertThat(model.predict(types(), Asked.PLAINLY)).hasSize(4);
        }
    }

    @Test
    void refusesOutputsAndMethodsThatItLacks() throws Exception {
        try (var model = load("onnx-types")) {
            assertThatThrownBy(() ->
                            model.predict(types(), new Asked(Optional.empty(), List.of("nope"))))
                    .isInstanceOf(BadInput.class)
                    .hasMessageContaining("the model gives sum, total, inverse, echo");
            assertThatThrownBy(() -> model.predict(types(), Asked.of(Method.PREDICT_PROBA)))
                    .isInstanceOf(BadInput.class);
        }
    }

    private static void refuses(
            LoadedModel model, List<Tensor> inputs, String field, String reason) {
        assertThatThrownBy(() -> model.predict(inputs, Asked.PLAINLY))
                .isInstanceOfSatisfying(
                        BadInput.class, bad -> assertThat(bad.field()).isEqualTo(field))
                .hasMessageContaining(reason);
    }

    private static List<Tensor> with(Tensor other) {
        return types().stream().map(t -> t.name().equals(other.name()) ? other : t).toList();
    }

    private static List<Tensor> without(String name) {
        return types().stream().filter(t -> !t.name().equals(name)).toList();
    }

    @Test
    void manyThreadsAskAtOnce() throws Exception {
        try (var model = load("onnx-iris");
                var threads = Executors.newFixedThreadPool(4)) {
            var once = model.predict(List.of(iris()), Asked.PLAINLY);
            Callable<List<Tensor>> ask = () -> model.predict(List.of(iris()), Asked.PLAINLY);
            for (var answer : threads.invokeAll(Collections.nCopies(200, ask))) {
                assertThat(answer.get()).isEqualTo(once);
            }
        }
    }

    @Test
    void aClosedModelSaysSoAndClosingTwiceIsNoHarm() throws Exception {
        var model = load("onnx-iris");
        model.close();
        model.close();
        assertThatThrownBy(() -> model.predict(List.of(iris()), Asked.PLAINLY))
                .isInstanceOf(InferenceFailure.class)
                .hasMessageContaining("unloaded");
    }

    @Test
    void anEmptyOrMissingFileFailsWithAReason() throws Exception {
        var empty = Files.createFile(scratch.resolve("model.onnx"));
        assertThatThrownBy(() -> new OnnxRuntime().load(empty))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("the file is empty");
        assertThatThrownBy(() -> new OnnxRuntime().load(scratch.resolve("none.onnx")))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("cannot be read");
    }

    @Test
    void damagedFilesFailOrAnswerAndNeverCrash() throws Exception {
        var good = Files.readAllBytes(Examples.ROOT.resolve("onnx-iris").resolve("model.onnx"));
        var random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 60; i++) {
            var bad = i % 2 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int flips = 0; i % 2 == 1 && flips < 5; flips++) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            }
            var file = Files.write(scratch.resolve("damaged-" + i + ".onnx"), bad);
            try (var model = new OnnxRuntime().load(file)) {
                model.predict(List.of(iris()), Asked.PLAINLY);
            } catch (LoadFailure failure) {
                assertThat(failure.getMessage()).contains(file.toString());
                refused++;
            } catch (BadInput | InferenceFailure changedGraph) {
                assertThat(changedGraph.getMessage()).isNotEmpty();
            }
        }
        assertThat(refused).isGreaterThan(25);
    }
}
