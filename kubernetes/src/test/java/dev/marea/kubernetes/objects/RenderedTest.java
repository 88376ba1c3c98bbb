package dev.marea.kubernetes.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.core.spec.Reason;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InferenceServices;
import dev.marea.wire.kserve.OwnImages;
import dev.marea.wire.kserve.ShippedRuntimes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenderedTest {
    private static final Json.Obj IRIS = Manifests.tree(Manifests.text("local-path"));

    @ParameterizedTest(name = "{0} = {1} needs a new revision: {2}")
    @CsvSource({
        "spec.predictor.minReplicas, 3, false",
        "spec.predictor.maxReplicas, 9, false",
        "spec.predictor.timeout, 20, false",
        "spec.predictor.containerConcurrency, 4, false",
        "spec.predictor.scaleTarget, 4, false",
        "spec.predictor.model.storageUri, file:///models/other, true",
        "spec.predictor.serviceAccountName, writer, true",
    })
    void onlyWhatRunsMakesARevision(String path, String value, boolean changes) throws Exception {
        Json wanted = value.matches("\\d+") ? Json.of(Long.parseLong(value)) : Json.of(value);
        var changed = IRIS.withAt(List.of(path.split("\\.")), wanted);
        assertThat(identity(changed).equals(identity(IRIS))).isEqualTo(!changes);
    }

    @ParameterizedTest(name = "annotation {0} needs a new revision: {1}")
    @CsvSource({
        "serving.kserve.io/stop, false",
        "serving.kserve.io/disable-auto-update, false",
        "kubectl.kubernetes.io/last-applied-configuration, false",
        "argocd.argoproj.io/tracking-id, false",
        "example.com/inject, true",
    })
    void annotationsThatSteerUsMakeNone(String name, boolean changes) throws Exception {
        var changed = IRIS.withAt(List.of("metadata", "annotations", name), Json.of("false"));
        assertThat(identity(changed).equals(identity(IRIS))).isEqualTo(!changes);
    }

    @Test
    void anUpgradeOfMareaRestartsNoModel() throws Exception {
        var newer =
                Manifests.trees(Manifests.text("runtimes").replace("server:0.1.0", "server:0.2.0"));
        assertThat(Manifests.render(IRIS, newer, "0.2.0").identity()).isEqualTo(identity(IRIS));
        var web = Manifests.tree(Manifests.text("https-step"));
        assertThat(Manifests.render(web, "0.2.0").identity())
                .as("the image of the fetch step is ours")
                .isEqualTo(Manifests.render(web, "0.1.0").identity());
    }

    @Test
    void betterDefaultsAndABetterShippedRuntimeRestartNoModel() throws Exception {
        var shipped = ShippedRuntimes.all(OwnImages.of("0.1.0")).getFirst();
        var next =
                shipped.withAt(
                        List.of("spec", "containers"),
                        Json.of(
                                List.of(
                                        ((Json.Obj) shipped.list("spec", "containers").getFirst())
                                                .with(
                                                        "image",
                                                        Json.of(
                                                                "registry.example/marea-server:2")))));
        assertThat(identity(IRIS, next, false))
                .as("another registry, another version, another place")
                .isEqualTo(identity(IRIS, shipped, true));
    }

    @Test
    void anEditOfAShippedRuntimeMakesARevision() throws Exception {
        var shipped = ShippedRuntimes.all(OwnImages.of("0.1.0")).getFirst();
        var container = (Json.Obj) shipped.list("spec", "containers").getFirst();
        for (var edited :
                List.of(
                        shipped.withAt(
                                List.of("spec", "containers"),
                                Json.of(List.of(container.with("args", Json.of(List.of("-x")))))),
                        shipped.withAt(
                                List.of("spec", "containers"),
                                Json.of(List.of(container.without("livenessProbe")))),
                        shipped.withAt(
                                List.of("spec", "nodeSelector"), Json.Obj.of("disk", "fast")))) {
            assertThat(identity(IRIS, edited, true)).isNotEqualTo(identity(IRIS, shipped, true));
        }
    }

    /** A process sees what the machine has under /tmp; a volume there would take its place. */
    @Test
    void onOneMachineNothingIsMountedOverItsOwnTemporaryFiles() throws Exception {
        var shipped = ShippedRuntimes.all(OwnImages.of("0.1.0")).getFirst();
        assertThat(rendered(IRIS, shipped, true).template().toString()).contains("\"/tmp\"");
        assertThat(rendered(IRIS, shipped, false).template().toString())
                .doesNotContain("\"/tmp\"")
                .doesNotContain("marea-tmp");
    }

    /** What is in a Secret may change at any time; a pod reads it when it starts. */
    @Test
    void aRevisionHangsOnWhichSecretsItMayUseAndWhatIsSaidOfThem() throws Exception {
        var web = Manifests.tree(Manifests.text("https-step"));
        var one = access(Map.of());
        var told = access(Map.of("serving.kserve.io/s3-endpoint", "minio:9000"));
        var others = access(Map.of("example.com/rotated-at", "today"));
        assertThat(fetched(web, StorageMeans.NONE).identity()).isEqualTo(identity(web));
        assertThat(fetched(web, one).identity()).isNotEqualTo(identity(web));
        assertThat(fetched(web, told).identity()).isNotEqualTo(fetched(web, one).identity());
        assertThat(fetched(web, others).identity()).isEqualTo(fetched(web, one).identity());
        assertThat(fetched(IRIS, one).identity())
                .as("a model that is mounted needs no Secret")
                .isEqualTo(identity(IRIS));
    }

    @Test
    void noOtherContainerSeesASecretOfTheStore() throws Exception {
        var web = Manifests.tree(Manifests.text("https-step"));
        var pod = fetched(web, access(Map.of())).template().object("spec");
        assertThat(pod.list("containers").toString()).doesNotContain("secret");
        var others =
                pod.list("initContainers").stream()
                        .filter(c -> !c.text("name").orElse("").equals("storage-initializer"))
                        .toList();
        assertThat(others.toString()).doesNotContain("secret");
        assertThat(pod.list("initContainers").getFirst().toString())
                .contains("/mnt/marea/secrets/minio");
    }

    private static StorageMeans access(Map<String, String> annotations) {
        var secret = new StorageAccess.Named("minio", annotations);
        return new StorageMeans(
                List.of(), Map.of("default", new StorageAccess(List.of(secret), Map.of())));
    }

    private static Rendered fetched(Json.Obj tree, StorageMeans means) throws Exception {
        return Manifests.render(tree, Manifests.trees(Manifests.text("runtimes")), "0.1.0", means);
    }

    private static String identity(Json.Obj tree, Json.Obj runtime, boolean onCluster)
            throws Exception {
        return rendered(tree, runtime, onCluster).identity();
    }

    private static Rendered rendered(Json.Obj tree, Json.Obj runtime, boolean onCluster)
            throws Exception {
        var manifest = InferenceServices.read(tree);
        return Rendered.of(
                Subject.of(tree),
                manifest.service().predictor().workload(),
                manifest.predictor(),
                Optional.of(
                        new RuntimeTree(
                                "kserve-sklearnserver", true, true, runtime.object("spec"))),
                new PodSettings(OwnImages.of("0.1.0"), onCluster, ModelTrust.OFF),
                StorageMeans.NONE);
    }

    @ParameterizedTest(name = "{0} GPUs beside a tensorParallelSize of 2: refused {1}")
    @CsvSource({"2, false", "4, true"})
    void gpusOfAGroupAreThoseOfItsSize(int gpus, boolean refused) throws Exception {
        var asked =
                Manifests.tree(Manifests.text("over-nodes"))
                        .withAt(
                                List.of(
                                        "spec",
                                        "predictor",
                                        "model",
                                        "resources",
                                        "limits",
                                        "nvidia.com/gpu"),
                                Json.of(gpus));
        if (refused) {
            assertThatThrownBy(() -> Manifests.render(asked, "0.1.0"))
                    .isInstanceOfSatisfying(
                            Unrenderable.class,
                            u -> assertThat(u.reason()).isEqualTo(Reason.INVALID_GPU_ALLOCATION));
        } else {
            assertThat(Manifests.render(asked, "0.1.0").workers()).isPresent();
        }
    }

    @Test
    void whatAnAuthorSaysOfSecurityStands() throws Exception {
        var asked =
                IRIS.withAt(
                                List.of("spec", "predictor", "securityContext"),
                                Json.Obj.of("runAsUser", 0))
                        .withAt(
                                List.of("spec", "predictor", "automountServiceAccountToken"),
                                Json.of(true))
                        .withAt(
                                List.of("spec", "predictor", "terminationGracePeriodSeconds"),
                                Json.of(2));
        var pod = Manifests.render(asked, "0.1.0").template().object("spec");
        var main = pod.list("containers").getFirst();
        assertThat(pod.flag("automountServiceAccountToken")).isTrue();
        assertThat(pod.object("securityContext"))
                .isEqualTo(
                        Json.Obj.of(
                                "runAsUser",
                                0,
                                "seccompProfile",
                                Json.Obj.of("type", "RuntimeDefault")));
        assertThat(main.object("securityContext").has("runAsUser")).isFalse();
        assertThat(main.object("securityContext").has("runAsNonRoot")).isFalse();
        assertThat(main.integer("lifecycle", "preStop", "sleep", "seconds"))
                .as("no longer than the grace that it is part of")
                .hasValue(2);
    }

    @Test
    void whatManyModelsShareIsReadFromTheirPod() throws Exception {
        var shop = Manifests.tree(Manifests.text("shared"));
        var rendered = Manifests.render(shop, "0.1.0");
        assertThat(rendered.shared()).isTrue();
        assertThat(rendered.frameworks()).containsExactlyInAnyOrder("sklearn", "xgboost");
        assertThat(rendered.memoryLimit()).hasValue(2L << 30);
        assertThat(Manifests.render(IRIS, "0.1.0").shared()).isFalse();
        var theirs =
                Manifests.trees(
                        Manifests.text("runtimes")
                                .replace(
                                        "name: many\n  labels: {marea.dev/shipped: \"true\"}",
                                        "name: many"));
        assertThat(Manifests.render(shop, theirs, "0.2.0").identity())
                .as("the agent's image is ours beside a runtime of the users")
                .isEqualTo(Manifests.render(shop, theirs, "0.1.0").identity());
    }

    @Test
    void anotherImageOfARuntimeOfTheUsersDoes() throws Exception {
        var web = Manifests.tree(Manifests.text("https-step"));
        var newer = Manifests.trees(Manifests.text("runtimes").replace("helper:1", "helper:2"));
        assertThat(Manifests.render(web, newer, "0.1.0").identity())
                .isNotEqualTo(Manifests.render(web, "0.1.0").identity());
    }

    @ParameterizedTest
    @CsvSource({
        "hdfs://host/model, SCHEME_NOT_SUPPORTED",
        "modelscope://owner/model, SCHEME_NOT_SUPPORTED",
        "nope://owner/model, SCHEME_NOT_SUPPORTED",
    })
    void aSchemeThatIsNotServedYetIsNamed(String uri, Reason reason) {
        var changed =
                IRIS.withAt(List.of("spec", "predictor", "model", "storageUri"), Json.of(uri));
        assertThatThrownBy(() -> Manifests.render(changed, "0.1.0"))
                .isInstanceOfSatisfying(
                        Unrenderable.class, u -> assertThat(u.reason()).isEqualTo(reason))
                .hasMessageContaining(uri.substring(0, uri.indexOf(':')));
    }

    @Test
    void placeholdersAreFilledAndOtherBracesLeftAlone() throws Exception {
        var chat = "--chat-template={{ messages[0].content }}";
        var changed =
                IRIS.withAt(
                        List.of("spec", "predictor", "model", "args"),
                        Json.of(
                                List.of(
                                        chat,
                                        "--as={{ .Name }}",
                                        "--fmt={{.Annotations.modelFormat}}")));
        var args =
                Manifests.render(changed, "0.1.0")
                        .template()
                        .object("spec")
                        .list("containers")
                        .getFirst()
                        .list("args");
        assertThat(args).contains(Json.of(chat), Json.of("--as=iris"), Json.of("--fmt=sklearn"));
    }

    @ParameterizedTest
    @CsvSource({
        "a:1, a",
        "a, a",
        "r:5000/a, r:5000/a",
        "r:5000/a:1, r:5000/a",
        "a@sha256:00, a",
    })
    void anImageLosesItsTag(String image, String repository) {
        assertThat(PodTemplate.repository(image)).isEqualTo(repository);
    }

    private static String identity(Json.Obj tree) throws Unrenderable {
        return Manifests.render(tree, "0.1.0").identity();
    }
}
