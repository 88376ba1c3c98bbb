package dev.marea.server.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Examples;
import dev.marea.server.runtime.InferenceFailure;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import dev.marea.server.runtime.TensorsAgree;
import dev.marea.wire.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs as people have them, with the answers of the real runtime; and graphs that mean harm. */
class OnnxGraphsTest {
    private static final double TOLERANCE = 1e-5;
    private static final Path ROOT = Examples.ROOT.resolve("onnx");

    @TempDir private Path scratch;

    @ParameterizedTest
    @ValueSource(
            strings = {"unsigned", "half", "sequence", "external", "text", "forest", "residual"})
    void answersAsThePythonRuntimeDoes(String example) throws Exception {
        var directory = ROOT.resolve(example);
        var expected = Examples.expected(directory);
        try (var model = new OnnxRuntime().load(directory.resolve("model.onnx"))) {
            var inputs = new ArrayList<Tensor>();
            for (var spec : model.metadata().inputs()) {
                inputs.add(tensor(spec, expected.object("inputs").at(spec.name()).orElseThrow()));
            }
            var outputs = model.predict(inputs, Asked.PLAINLY);
            assertThat(outputs)
                    .hasSize(expected.object("answers").fields().size())
                    .hasSize(model.metadata().outputs().size());
            for (var output : outputs) {
                TensorsAgree.check(
                        output,
                        expected.object("answers").at(output.name()).orElseThrow(),
                        TOLERANCE);
            }
        }
    }

    @Test
    void unsignedInputsKeepTheirTypeInTheMetadata() throws Exception {
        try (var model = load("unsigned")) {
            assertThat(model.metadata().inputs())
                    .extracting(TensorSpec::name, TensorSpec::datatype)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("a", Datatype.UINT16),
                            org.assertj.core.groups.Tuple.tuple("b", Datatype.UINT32),
                            org.assertj.core.groups.Tuple.tuple("c", Datatype.UINT64));
        }
    }

    @Test
    void onlyAGraphThatTakesItsTimeGetsMoreThreadsThanOne() throws Exception {
        var file = ROOT.resolve("residual").resolve("model.onnx");
        var never = new OnnxRuntime(3, Duration.ofMinutes(1), Duration.ofHours(1));
        var always = new OnnxRuntime(3, Duration.ofMinutes(1), Duration.ZERO);
        try (var small = never.load(file);
                var large = always.load(file)) {
            assertThat(small.threads()).isEqualTo(1);
            assertThat(large.threads()).isEqualTo(3);
        }
    }

    @Test
    void weightsInAFileBesideTheGraphCount() throws Exception {
        try (var model = load("external")) {
            assertThat(model.bytes()).isGreaterThan(2_048);
        }
    }

    @Test
    void aGraphThatNeverEndsIsStoppedAndTheNextRequestWorks() throws Exception {
        var limited = new OnnxRuntime(1, Duration.ofMillis(200), Duration.ZERO);
        try (var model = limited.load(ROOT.resolve("endless").resolve("model.onnx"))) {
            for (int again = 0; again < 2; again++) {
                assertThatThrownBy(() ->
                                model.predict(
                                        List.of(Tensor.of("x", new int[] {1}, 1f)), Asked.PLAINLY))
                        .isInstanceOf(InferenceFailure.class)
                        .hasMessageContaining("was stopped");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil.bin", "/evil//.bin"})
    void weightsOutsideTheModelsDirectoryAreRefused(String location) throws Exception {
        Files.copy(ROOT.resolve("external").resolve("weights.bin"), scratch.resolve("evil.bin"));
        var directory = Files.createDirectory(scratch.resolve("model"));
        var graph =
                Files.readString(
                        ROOT.resolve("external").resolve("model.onnx"),
                        StandardCharsets.ISO_8859_1);
        var changed =
                Files.writeString(
                        directory.resolve("model.onnx"),
                        graph.replace("weights.bin", location),
                        StandardCharsets.ISO_8859_1);
        assertThat(changed).content(StandardCharsets.ISO_8859_1).isNotEqualTo(graph);
        refuses(changed);
    }

    @Test
    void aLinkToWeightsElsewhereIsRefused() throws Exception {
        var evil = scratch.resolve("evil.bin");
        Files.copy(ROOT.resolve("external").resolve("weights.bin"), evil);
        var directory = Files.createDirectory(scratch.resolve("model"));
        Files.copy(ROOT.resolve("external").resolve("model.onnx"), directory.resolve("model.onnx"));
        Files.createSymbolicLink(directory.resolve("weights.bin"), evil);
        refuses(directory.resolve("model.onnx"));
    }

    @Test
    void weightsThatAreCutShortWhileTheModelServesDoItNoHarm() throws Exception {
        for (var name : List.of("model.onnx", "weights.bin")) {
            Files.copy(ROOT.resolve("lookup").resolve(name), scratch.resolve(name));
        }
        try (var model = new OnnxRuntime().load(scratch.resolve("model.onnx"))) {
            Files.write(scratch.resolve("weights.bin"), new byte[0]);
            var row =
                    model.predict(List.of(Tensor.of("row", new int[] {1}, 16_383L)), Asked.PLAINLY);
            assertThat(row).containsExactly(Tensor.of("weights", new int[] {1, 2}, 7f, 7f));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 2_047})
    void weightsThatAreTooShortAreRefused(int bytes) throws Exception {
        var directory = Files.createDirectory(scratch.resolve("model"));
        Files.copy(ROOT.resolve("external").resolve("model.onnx"), directory.resolve("model.onnx"));
        Files.write(directory.resolve("weights.bin"), new byte[bytes]);
        refuses(directory.resolve("model.onnx"));
    }

    private static void refuses(Path file) {
        assertThatThrownBy(() -> new OnnxRuntime().load(file).close())
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining(file.toString());
    }

    private static dev.marea.server.runtime.LoadedModel load(String example) throws Exception {
        return new OnnxRuntime().load(ROOT.resolve(example).resolve("model.onnx"));
    }

    /** An input from JSON, in the type that the model states. */
    private static Tensor tensor(TensorSpec spec, Json nested) {
        var shape = new ArrayList<Integer>();
        var flat = new ArrayList<Json>();
        TensorsAgree.flatten(nested, 0, shape, flat);
        var dimensions = shape.stream().mapToInt(Integer::intValue).toArray();
        return new Tensor(spec.name(), spec.datatype(), dimensions, elements(spec, flat));
    }

    private static Elements elements(TensorSpec spec, List<Json> flat) {
        int n = flat.size();
        return switch (spec.datatype()) {
            case FP32 -> {
                var values = new float[n];
                for (int i = 0; i < n; i++) {
                    values[i] = (float) Examples.number(flat.get(i));
                }
                yield new Elements.Floats(values);
            }
            case FP16, UINT16 -> {
                var values = new short[n];
                for (int i = 0; i < n; i++) {
                    double value = Examples.number(flat.get(i));
                    values[i] =
                            spec.datatype() == Datatype.FP16
                                    ? Float.floatToFloat16((float) value)
                                    : (short) (int) value;
                }
                yield new Elements.Shorts(values);
            }
            case UINT32 -> {
                var values = new int[n];
                for (int i = 0; i < n; i++) {
                    values[i] = (int) (long) Examples.number(flat.get(i));
                }
                yield new Elements.Ints(values);
            }
            case UINT64 -> {
                var values = new long[n];
                for (int i = 0; i < n; i++) {
                    values[i] = new java.math.BigDecimal(Examples.number(flat.get(i))).longValue();
                }
                yield new Elements.Longs(values);
            }
            case BYTES ->
                    new Elements.Texts(
                            flat.stream()
                                    .map(text -> ((Json.Str) text).value())
                                    .toArray(String[]::new));
            default -> throw new AssertionError("no example has " + spec.datatype());
        };
    }
}
