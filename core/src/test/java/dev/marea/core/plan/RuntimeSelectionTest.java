package dev.marea.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.plan.RuntimeChoice.Chosen;
import dev.marea.core.plan.RuntimeChoice.NoneFits;
import dev.marea.core.spec.ModelFormat;
import dev.marea.core.spec.Protocol;
import dev.marea.core.spec.ServingRuntime;
import dev.marea.core.spec.Workload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuntimeSelectionTest {
    /**
     * name, namespace, formats ({@code name[:version][/priority][-]}, minus: no autoSelect),
     * protocols.
     */
    private static final String[] INSTALLED = {
        "sklearnserver . sklearn:1/1 v1,v2",
        "mlserver . sklearn:0/2,sklearn:1/2,mlflow:1/1 v2",
        "predictiveserver . sklearn:1/3- v1,v2",
        "triton . onnx:1/1,tensorflow:2/1,pytorch:1- v2,grpc-v2",
        "tfserving . tensorflow:2/2 v1,grpc-v1",
        "vllm . vLLM:1/1 none",
        "own-old team-a xgboost:1 v1",
        "own-high team-a xgboost:1/1 v1",
        "xgbserver . xgboost:1/9 v1,v2",
        "off! . lightgbm:4/1 v1",
        "twin-a . paddle:2/1 v1",
        "twin-b . paddle:2/1 v1",
    };

    @ParameterizedTest
    @CsvSource({
        // format, runtime, protocol, namespace -> chosen
        "sklearn, , , default, sklearnserver", // v1 comes first though mlserver's priority is
        // higher
        "sklearn, , v2, default, mlserver", // the higher priority wins
        "sklearn:1, , v1, default, sklearnserver",
        "sklearn:0, , , default, mlserver", // an exact version
        "onnx, , , default, triton", // no v1 at all: KServe finds none here
        "mlflow, , , default, mlserver",
        "tensorflow, , , default, tfserving",
        "tensorflow, , grpc-v2, default, triton",
        "sklearn, predictiveserver, , default, predictiveserver", // named, so autoSelect is no
        // matter
        "pytorch, triton, , default, triton",
        "vLLM, , v2, default, vllm", // one that declares no protocol speaks them all
        "xgboost, , , default, xgbserver",
        "xgboost, , , team-a, own-high", // the namespace's own come first, whatever the priority
        "paddle, , , default, twin-b", // the newer of equals
    })
    void chooses(
            String format,
            @Nullable String runtime,
            @Nullable String protocol,
            String namespace,
            String chosen) {
        assertThat(choose(format, runtime, protocol, namespace))
                .isInstanceOfSatisfying(
                        Chosen.class, c -> assertThat(c.runtime().name()).isEqualTo(chosen));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sklearn | nope | | RuntimeNotRecognized | no ServingRuntime or ClusterServingRuntime is named nope; there are: mlserver, ",
                "lightgbm | off | | RuntimeDisabled | runtime off is disabled",
                "sklearn | triton | | NoSupportingRuntime | runtime triton cannot serve this model: it serves onnx:1, tensorflow:2, pytorch:1, not sklearn",
                "sklearn:7 | | | NoSupportingRuntime | no runtime serves model format sklearn:7",
                "lightgbm | | | NoSupportingRuntime | off: it is disabled",
                "pytorch | | | NoSupportingRuntime | triton: it takes pytorch only when it is named (autoSelect is false)",
                "onnx | | v1 | NoSupportingRuntime | triton: it speaks v2, grpc-v2, not v1",
                "xgboost | own-high | | RuntimeNotRecognized | is named own-high",
            })
    void saysWhyNoneFits(
            String format,
            @Nullable String runtime,
            @Nullable String protocol,
            String reason,
            String message) {
        assertThat(choose(format, runtime, protocol, "default"))
                .isInstanceOfSatisfying(
                        NoneFits.class,
                        none -> {
                            assertThat(none.reason().wireName()).isEqualTo(reason);
                            assertThat(none.message()).contains(message);
                        });
    }

    @Test
    void aMessageListsEveryCandidateWithItsReason() {
        var none = (NoneFits) choose("nope", null, null, "default");
        assertThat(none.message())
                .contains("sklearnserver: ", "mlserver: ", "twin-b: ")
                .doesNotContain("own-high");
    }

    @Test
    void aPredictorWithoutAModelGetsARuntimeOfManyAndNoOtherDoes() {
        var runtimes = runtimes();
        runtimes.add(
                new ServingRuntime(
                        "many",
                        Optional.empty(),
                        false,
                        true,
                        false,
                        List.of(offered("sklearn:1/9")),
                        java.util.Set.of(Protocol.V1, Protocol.V2),
                        Instant.EPOCH));
        var none =
                new Workload.Model(
                        format("sklearn"), Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(RuntimeSelection.choose(none, "default", runtimes))
                .isInstanceOfSatisfying(
                        Chosen.class, c -> assertThat(c.runtime().name()).isEqualTo("many"));
        assertThat(RuntimeSelection.choose(model("sklearn", null, null), "default", runtimes))
                .isInstanceOfSatisfying(
                        Chosen.class,
                        c -> assertThat(c.runtime().name()).isEqualTo("sklearnserver"));
        assertThat(RuntimeSelection.choose(model("sklearn", "many", null), "default", runtimes))
                .isInstanceOfSatisfying(
                        NoneFits.class, n -> assertThat(n.message()).contains("storageUri"));
    }

    @Test
    void anEmptyClusterIsNamedAsSuch() {
        var none = RuntimeSelection.choose(model("sklearn", null, null), "default", List.of());
        assertThat(((NoneFits) none).message()).contains("there is no ServingRuntime");
    }

    @Test
    void theProtocolComesFromTheRuntimeWhenTheModelNamesNone() {
        var runtimes = runtimes();
        assertThat(RuntimeSelection.protocol(model("onnx", null, null), named(runtimes, "triton")))
                .isEqualTo(Protocol.V2);
        assertThat(RuntimeSelection.protocol(model("x", null, null), named(runtimes, "vllm")))
                .isEqualTo(Protocol.V1);
        assertThat(RuntimeSelection.protocol(model("x", null, "v2"), named(runtimes, "mlserver")))
                .isEqualTo(Protocol.V2);
    }

    private static RuntimeChoice choose(
            String format, @Nullable String runtime, @Nullable String protocol, String namespace) {
        return RuntimeSelection.choose(model(format, runtime, protocol), namespace, runtimes());
    }

    private static Workload.Model model(
            String format, @Nullable String runtime, @Nullable String protocol) {
        return new Workload.Model(
                format(format),
                Optional.of("file:///models/m"),
                Optional.ofNullable(runtime),
                Optional.ofNullable(protocol).flatMap(Protocol::of));
    }

    private static ModelFormat format(String text) {
        var parts = text.split(":", -1);
        return new ModelFormat(
                parts[0], parts.length > 1 ? Optional.of(parts[1]) : Optional.empty());
    }

    private static ServingRuntime named(List<ServingRuntime> runtimes, String name) {
        return runtimes.stream().filter(r -> r.name().equals(name)).findFirst().orElseThrow();
    }

    private static List<ServingRuntime> runtimes() {
        var runtimes = new ArrayList<ServingRuntime>();
        for (var line : INSTALLED) {
            var parts = line.split(" ", -1);
            runtimes.add(
                    new ServingRuntime(
                            parts[0].replace("!", ""),
                            parts[1].equals(".") ? Optional.empty() : Optional.of(parts[1]),
                            parts[0].endsWith("!"),
                            false,
                            false,
                            Arrays.stream(parts[2].split(",", -1))
                                    .map(RuntimeSelectionTest::offered)
                                    .toList(),
                            Arrays.stream(parts[3].split(",", -1))
                                    .flatMap(p -> Protocol.of(p).stream())
                                    .collect(Collectors.toCollection(java.util.HashSet::new)),
                            Instant.ofEpochSecond(runtimes.size())));
        }
        return runtimes;
    }

    private static ServingRuntime.Format offered(String text) {
        var auto = !text.endsWith("-");
        var parts = text.replace("-", "").split("/", -1);
        return new ServingRuntime.Format(
                format(parts[0]),
                auto,
                parts.length > 1
                        ? OptionalInt.of(Integer.parseInt(parts[1]))
                        : OptionalInt.empty());
    }
}
