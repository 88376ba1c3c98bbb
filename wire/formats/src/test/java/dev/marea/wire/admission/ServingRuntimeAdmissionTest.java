package dev.marea.wire.admission;

import static dev.marea.wire.kserve.Manifests.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.spec.ServingRuntime;
import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InvalidManifest;
import dev.marea.wire.kserve.OwnImages;
import dev.marea.wire.kserve.ServingRuntimes;
import dev.marea.wire.kserve.ShippedRuntimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServingRuntimeAdmissionTest {
    private static Json.Obj runtime(String name, String spec) {
        return yaml(
                """
                apiVersion: serving.kserve.io/v1alpha1
                kind: ServingRuntime
                metadata: {name: %s, namespace: demo}
                spec: %s
                """
                        .formatted(name, spec));
    }

    private static String spec(String formats, String more) {
        return "{supportedModelFormats: ["
                + formats
                + "], protocolVersions: [v2], containers: [{name: kserve-container, image: i}]"
                + more
                + "}";
    }

    private static List<FieldError> errors(KnownRuntimes known, Json.Obj object) {
        return new ServingRuntimeAdmission(known).review(Optional.empty(), object).errors();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | spec.containers: is missing",
                "{containers: []} | spec.containers: needs at least 1 entry",
                "{containers: [{name: x}]} | spec.containers: none is called kserve-container",
                "{containers: [{name: kserve-container}], supportedModelFormat: []} | spec.supportedModelFormat: unknown field, did you mean \"supportedModelFormats\"?",
                "{containers: [{name: kserve-container}], supportedModelFormats: [{version: '1'}]} | spec.supportedModelFormats[0].name: is missing",
                "{containers: [{name: kserve-container}], supportedModelFormats: [{name: a, priority: 0}]} | spec.supportedModelFormats[0].priority: must be 1 to 1000000, was 0",
                "{containers: [{name: kserve-container}], supportedModelFormats: [{name: a, autoselect: true}]} | spec.supportedModelFormats[0].autoselect: unknown field, did you mean \"autoSelect\"?",
                "{containers: [{name: kserve-container}], protocolVersions: [v9]} | spec.protocolVersions[0]: \"v9\" is not one of v1, v2, grpc-v1, grpc-v2",
                "{containers: [{name: kserve-container, env: [{name: PYTHONPATH}]}]} | spec.containers[0].env[0].name: PYTHONPATH must not be set",
                "{containers: [{name: kserve-container, env: [{name: TENSOR_PARALLEL_SIZE}]}], workerSpec: {}} | spec.containers[0].env[0].name: TENSOR_PARALLEL_SIZE is set by workerSpec",
                "{containers: [{name: kserve-container}], supportedModelFormats: [{name: a, version: '1', autoSelect: true, priority: 1}, {name: a, version: '2', autoSelect: true, priority: 2}]} | spec.supportedModelFormats[1].priority: is 2, but another version of a has 1"
            })
    void refuses(String spec, String error) {
        assertThat(errors(KnownRuntimes.NONE, runtime("r", spec)))
                .singleElement()
                .satisfies(e -> assertThat(e.field() + ": " + e.message()).startsWith(error));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: onnx, version: '1', autoSelect: true, priority: 1} | '' | 1",
                "{name: ONNX, version: '1', autoSelect: true, priority: 1} | '' | 1",
                "{name: onnx, version: '1', autoSelect: true, priority: 2} | '' | 0",
                "{name: onnx, version: '2', autoSelect: true, priority: 1} | '' | 0",
                "{name: onnx, version: '1', autoSelect: false, priority: 1} | '' | 0",
                "{name: onnx, version: '1', autoSelect: true} | '' | 0",
                "{name: onnx, version: '1', autoSelect: true, priority: 1} | ', disabled: true' | 0",
                "{name: onnx, version: '1', autoSelect: true, priority: 1} | ', multiModel: true' | 0"
            })
    void twoRuntimesMustNotClaimAFormatAlike(String format, String more, int errors)
            throws Exception {
        var other =
                ServingRuntimes.read(
                                runtime(
                                        "other",
                                        spec(
                                                "{name: onnx, version: '1', autoSelect: true, priority: 1}",
                                                "")))
                        .runtime();
        KnownRuntimes known =
                namespace -> namespace.equals(Optional.of("demo")) ? List.of(other) : List.of();
        assertThat(errors(known, runtime("mine", spec(format, more)))).hasSize(errors);
        assertThat(errors(known, runtime("other", spec(format, more)))).as("itself").isEmpty();
    }

    @Test
    void aWorkerSpecStays() {
        var format = "{name: a}";
        var before = runtime("r", spec(format, ", workerSpec: {containers: []}"));
        assertThat(
                        new ServingRuntimeAdmission(KnownRuntimes.NONE)
                                .review(Optional.of(before), runtime("r", spec(format, "")))
                                .errors())
                .extracting(FieldError::field)
                .containsExactly("spec.workerSpec");
    }

    @Test
    void theShippedRuntimesPassTheirOwnAdmissionTogether() throws Exception {
        var known = new ArrayList<ServingRuntime>();
        for (var shipped : ShippedRuntimes.all(OwnImages.of("1.2.3"))) {
            known.add(ServingRuntimes.read(shipped).runtime());
        }
        for (var shipped : ShippedRuntimes.all(OwnImages.of("1.2.3"))) {
            var verdict =
                    new ServingRuntimeAdmission(
                                    namespace -> namespace.isEmpty() ? known : List.of())
                            .review(Optional.empty(), shipped);
            assertThat(verdict).isEqualTo(Admission.Verdict.PASS);
            assertThat(shipped.list("spec", "containers").getFirst().text("image"))
                    .hasValue("marea-server:1.2.3");
        }
        assertThat(known)
                .extracting(ServingRuntime::name)
                .containsExactly(
                        "kserve-sklearnserver",
                        "kserve-lgbserver",
                        "kserve-xgbserver",
                        "marea-onnxserver",
                        "marea-javaserver",
                        "kserve-huggingfaceserver",
                        "kserve-mlserver",
                        "kserve-tritonserver",
                        "marea-multimodelserver");
        assertThat(known).allSatisfy(r -> assertThat(r.namespace()).isEmpty());
    }

    @Test
    void theMessageNamesTheRival() throws InvalidManifest {
        var format = "{name: onnx, version: '1', autoSelect: true, priority: 7}";
        var other = ServingRuntimes.read(runtime("other", spec(format, ""))).runtime();
        assertThat(errors(_ -> List.of(other), runtime("mine", spec(format, ""))))
                .containsExactly(
                        FieldError.invalid(
                                "spec.supportedModelFormats[0].priority",
                                "is 7 for onnx:1, and so it is in runtime other; give one of them another priority"));
    }
}
