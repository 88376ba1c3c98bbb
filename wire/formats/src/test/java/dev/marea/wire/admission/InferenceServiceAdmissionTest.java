package dev.marea.wire.admission;

import static dev.marea.wire.kserve.Manifests.predictor;
import static dev.marea.wire.kserve.Manifests.service;
import static dev.marea.wire.kserve.Manifests.sklearn;
import static dev.marea.wire.kserve.Manifests.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.admission.Admission.Verdict;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.Yaml;
import dev.marea.wire.kserve.StorageContainer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InferenceServiceAdmissionTest {
    private static final Admission ADMISSION = new InferenceServiceAdmission(true);
    private static final Admission ON_A_CLUSTER = new InferenceServiceAdmission(false);

    private static Verdict review(Json.Obj object) {
        return ADMISSION.review(Optional.empty(), object);
    }

    private static String errors(Json.Obj object) {
        return String.join(
                " & ",
                review(object).errors().stream().map(e -> e.field() + ": " + e.message()).toList());
    }

    /** Fields added to a sklearn model's predictor, and the one error that they get. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "minReplicas: '2' | minReplicas: must be an integer, 0 to 1000, was the string \"2\"",
                "minReplicas: 1.5 | minReplicas: must be an integer, 0 to 1000, was the number 1.5",
                "minReplicas: -1 | minReplicas: must be 0 to 1000, was -1",
                "maxReplicas: 5000 | maxReplicas: must be 0 to 1000, was 5000",
                "minReplicas: null | minReplicas: is null; leave the field out instead, or give an integer, 0 to 1000",
                "minReplicas: 5, maxReplicas: 2 | minReplicas: is 5 and more than maxReplicas, which is 2",
                "canaryTrafficPercent: 101 | canaryTrafficPercent: must be 0 to 100, was 101",
                "canaryTrafficPercent: 10% | canaryTrafficPercent: must be an integer, 0 to 100, was the string \"10%\"",
                "containerConcurrency: -1 | containerConcurrency: must be 0 to 10000, was -1",
                "timeout: 100000 | timeout: must be 0 to 86400, was 100000",
                "scaleMetric: cpus | scaleMetric: \"cpus\" is not one of concurrency, rps, cpu, memory, did you mean \"cpu\"?",
                "'scaleMetric: cpu, scaleTarget: 150' | scaleTarget: is a percentage of the requested cpu here, 1 to 100, was 150",
                "scaleTarget: 0 | scaleTarget: must be 1 to 1000000, was 0",
                "labels: {a: 1} | labels[a]: must be a string, was the number 1",
                "labels: [a] | labels: must be an object, was a list",
                "nodeSelector: {gpu: true} | nodeSelector[gpu]: must be a string, was true",
                "deploymentStrategy: {type: Rolling} | deploymentStrategy.type: \"Rolling\" is not one of RollingUpdate, Recreate",
                "deploymentStrategy: {rollingUpdate: {maxSurge: true}} | deploymentStrategy.rollingUpdate.maxSurge: must be an integer or a string, was true",
                "canary: {} | canaryTrafficPercent: is missing: a canary block needs its share of the traffic, 0 to 100",
                "'canaryTrafficPercent: 10, canary: {}' | canary: is empty; say what differs, for example model: {storageUri: ...}",
                "'canaryTrafficPercent: 10, canary: {canaryTrafficPercent: 20}' | canary.canaryTrafficPercent: the share has one place: spec.predictor.canaryTrafficPercent",
                "'canaryTrafficPercent: 10, canary: {trafficPercent: 20}' | canary.trafficPercent: the share has one place: spec.predictor.canaryTrafficPercent",
                "'canaryTrafficPercent: 10, canary: {modle: {}}' | canary.modle: unknown field, did you mean \"model\"?",
                "'canaryTrafficPercent: 10, canary: {minReplicas: x}' | canary.minReplicas: must be an integer, 0 to 1000, was the string \"x\"",
                "'canaryTrafficPercent: 10, canary: {model: {}, sklearn: {}}' | canary: has model and sklearn; keep exactly one of them",
                "'canaryTrafficPercent: 10, maxReplicas: 3, canary: {minReplicas: 5}' | canary.minReplicas: is 5 and more than maxReplicas, which is 3",
                "sklearn: {} | has model and sklearn; keep exactly one of them",
                "containers: [{name: kserve-container}] | has model and containers (a custom server); keep exactly one of them",
                "containers: [{name: transformer-container}] | containers[0]: a transformer beside the predictor is not served by this release",
                "initContainers: [{name: x, env: [{name: PYTHONPATH, value: /x}]}] | initContainers[0].env[0].name: PYTHONPATH must not be set: it would load foreign code into the server",
                "containers: [{image: i}] | containers[0].name: is missing; a container beside the model needs a name",
                "containers: x | containers: must be a list, was the string \"x\""
            })
    void aFieldOfThePredictor(String fields, String error) {
        var path = error.startsWith("has ") ? "spec.predictor: " : "spec.predictor.";
        assertThat(errors(predictor(sklearn(fields)))).isEqualTo(path + error);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | spec.predictor: names nothing to run; give model with modelFormat.name and storageUri, or containers of your own",
                "{model: {storageUri: /m}} | spec.predictor.model.modelFormat: is missing: The format of the model; the serving runtime is chosen by it.",
                "{model: {modelFormat: sklearn}} | spec.predictor.model.modelFormat: must be an object with name, version, was the string \"sklearn\"",
                "{model: {modelFormat: {name: ''}}} | spec.predictor.model.modelFormat.name: is empty; give a value or leave the field out",
                "{model: {modelFormat: {name: sklearn, version: 1.5}}} | spec.predictor.model.modelFormat.version: must be a string, was the number 1.5",
                "{model: {modelFormat: {name: sklearn}, protocolVersion: v3}} | spec.predictor.model.protocolVersion: \"v3\" is not one of v1, v2, grpc-v1, grpc-v2, did you mean \"v1\"?",
                "{model: {modelFormat: {name: sklearn}, name: x}} | spec.predictor.model.name: a model's container is always called kserve-container; leave the field out",
                "{model: {modelFormat: {name: sklearn}, storage: {key: x}}} | spec.predictor.model.storage.path: is missing; it says where in the store the model lies",
                "{model: {modelFormat: {name: sklearn}, storage: {key: 'x/y', path: m}}} | spec.predictor.model.storage.key: \"x/y\" cannot be the key of a Secret",
                "{model: {modelFormat: {name: sklearn}, storage: {keyy: x, path: m}}} | spec.predictor.model.storage.keyy: unknown field, did you mean \"key\"?",
                "{model: {modelFormat: {name: sklearn}, storage: {path: ../m}}} | spec.predictor.model.storage.path: must not have \"..\" or control characters in it",
                "{model: {modelFormat: {name: sklearn}, storage: {path: 's3://b/m'}}} | spec.predictor.model.storage.path: is a path inside the store; give a whole URI as storageUri",
                "{model: {modelFormat: {name: sklearn}, storageUri: 's3://bucket/m', storage: {key: x, path: m}}} | spec.predictor.model.storage.path: stands beside storageUri, which has a path already",
                "{model: {modelFormat: {name: sklearn}, storage: {path: m, parameters: {secret_access_key: x}}}} | spec.predictor.model.storage.parameters[secret_access_key]: belongs into the Secret storage-config, not into a manifest",
                "{model: {modelFormat: {name: sklearn}, storageUri: 's3://key:secret@bucket/m'}} | spec.predictor.model.storageUri: must not carry a user or password; they would stand in every log",
                "'{model: {modelFormat: {name: sklearn}}, storageUris: [{uri: ''http://169.254.169.254/x''}]}' | spec.predictor.storageUris[0].uri: must not name 169.254.169.254: no model is served there, but credentials may be",
                "{model: {modelFormat: {name: sklearn}, storageUri: 'oci://169.254.169.254:80/x'}} | spec.predictor.model.storageUri: must not name 169.254.169.254: no model is served there, but credentials may be",
                "{model: {modelFormat: {name: sklearn}, storageUri: 'webhdfs://metadata.google.internal/x'}} | spec.predictor.model.storageUri: must not name metadata.google.internal: no model is served there, but credentials may be",
                "{model: {modelFormat: {name: sklearn}, storageUri: 'ftp://h/m'}} | spec.predictor.model.storageUri: scheme ftp:// is not known; write s3://bucket/path, gs://bucket/path, hf://owner/model, https://, oci://, models:/name@alias, pvc://claim/path, file:///path or /path, or a ClusterStorageContainer for it",
                "{model: {modelFormat: {name: sklearn}, storageUri: 'pvc://c/../x'}} | spec.predictor.model.storageUri: must not have \"..\" in its path",
                "{model: {modelFormat: {name: sklearn}, storageUri: 'http://169.254.169.254/x'}} | spec.predictor.model.storageUri: must not name 169.254.169.254: no model is served there, but credentials may be",
                "'{model: {modelFormat: {name: sklearn}}, storageUris: [{mountPath: /mnt/models}]}' | spec.predictor.storageUris[0].uri: is missing: Where the model lies: s3://bucket/path, gs://bucket/path, hf://owner/model:revision, https://host/file (Azure too), oci://registry/repository:tag, models:/name@alias, webhdfs://host/path, pvc://claim/path, file:///path or /path.",
                "'{model: {modelFormat: {name: sklearn}}, storageUris: [{uri: ''s4://b/m''}]}' | spec.predictor.storageUris[0].uri: scheme s4:// is not known, did you mean \"s3\"?; write s3://bucket/path, gs://bucket/path, hf://owner/model, https://, oci://, models:/name@alias, pvc://claim/path, file:///path or /path, or a ClusterStorageContainer for it",
                "'{model: {modelFormat: {name: sklearn}}, storageUris: [{uri: /a, mountPath: /mnt/../etc}]}' | spec.predictor.storageUris[0].mountPath: must not have \"..\" in it",
                "'{model: {modelFormat: {name: sklearn}}, storageUris: [{uri: /a, mountPath: models}]}' | spec.predictor.storageUris[0].mountPath: must be an absolute path below /, was \"models\"",
                "'{model: {modelFormat: {name: sklearn}}, storageUris: [{uri: /a}, {uri: /b}]}' | spec.predictor.storageUris[1].mountPath: /mnt/models is taken by another entry; every artefact needs a place of its own",
                "'{model: {modelFormat: {name: sklearn}}, storageUris: [{uri: /a, mountPath: /x/a}, {uri: /b, mountPath: /y/b}]}' | spec.predictor.storageUris: the mountPaths have no directory in common; put them below one, such as /mnt/models",
                "'{annotations: {serving.kserve.io/autoscalerClass: none}, model: {modelFormat: {name: sklearn}, storageUri: ''pvc://c/m''}, workerSpec: {pipelineParallelSize: 0}}' | spec.predictor.workerSpec.pipelineParallelSize: must be 1 to 1000, was 0",
                "'{model: {modelFormat: {name: sklearn}, storageUri: ''pvc://c/m''}, workerSpec: {}}' | spec.predictor.workerSpec: a replica of several nodes is not scaled; add the annotation serving.kserve.io/autoscalerClass: none",
                "'{annotations: {serving.kserve.io/autoscalerClass: none}, model: {modelFormat: {name: sklearn}, storageUri: ''https://h/m''}, workerSpec: {}}' | spec.predictor.model.storageUri: must be pvc:// or oci:// beside workerSpec, for every node mounts it",
                "'{annotations: {serving.kserve.io/autoscalerClass: none}, minReplicas: 2, model: {modelFormat: {name: sklearn}, storageUri: ''pvc://c/m''}, workerSpec: {}}' | spec.predictor.minReplicas: is 1 at most beside workerSpec",
                "'{annotations: {serving.kserve.io/autoscalerClass: none}, model: {modelFormat: {name: sklearn}, storageUri: ''pvc://c/m'', env: [{name: TENSOR_PARALLEL_SIZE, value: ''4''}]}, workerSpec: {}}' | spec.predictor.model.env[0].name: TENSOR_PARALLEL_SIZE is set by workerSpec, not by the environment",
                "'{model: {modelFormat: {name: sklearn}, storageUri: /m}, storageUris: [{uri: /a}]}' | spec.predictor.storageUris: stands beside model.storageUri; put that one into the list too",
                "{sklearn: {storageUri: /m}, xgboost: {storageUri: /m}} | spec.predictor: has sklearn and xgboost; keep exactly one of them",
                "{sklearn: {storageUri: /m, modelFormat: {name: sklearn}}} | spec.predictor.sklearn.modelFormat: unknown field, did you mean \"spec.predictor.model.modelFormat\"?",
                "{containers: [{name: a}, {name: b}]} | spec.predictor.containers: one of several containers must be called kserve-container: it takes the requests",
                "{containers: [{env: [{name: STORAGE_URI, value: 'nope://x'}]}]} | spec.predictor.containers[STORAGE_URI]: scheme nope:// is not known; write s3://bucket/path, gs://bucket/path, hf://owner/model, https://, oci://, models:/name@alias, pvc://claim/path, file:///path or /path, or a ClusterStorageContainer for it"
            })
    void aPredictor(String predictor, String error) {
        assertThat(errors(predictor(predictor))).isEqualTo(error);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "serving.kserve.io/deploymentMode: ModelMesh | ModelMesh is not served: it packs models into shared processes that KServe has left to another project; use Standard or leave the annotation out",
                "serving.kserve.io/deploymentMode: standart | \"standart\" is not one of Standard, Knative, did you mean \"Standard\"?",
                "serving.kserve.io/autoscalerClass: kpa | \"kpa\" is not one of external, hpa, keda, none, did you mean \"hpa\"?",
                "serving.kserve.io/stop: maybe | \"maybe\" is not one of true, false",
                "autoscaling.knative.dev/class: vpa | \"vpa\" is not one of hpa.autoscaling.knative.dev, kpa.autoscaling.knative.dev",
                "autoscaling.knative.dev/metric: latency | \"latency\" is not one of concurrency, rps, cpu, memory",
                "autoscaling.knative.dev/target: many | must be a number, 0.01 to 1000000, was \"many\"",
                "autoscaling.knative.dev/min-scale: '1.5' | must be a whole number, 0 to 1000, was \"1.5\"",
                "autoscaling.knative.dev/window: 5s | must be a duration such as 60s or 1m30s, 6s to 3600s, was \"5s\"",
                "autoscaling.knative.dev/window: '60' | must be a duration such as 60s or 1m30s, 6s to 3600s, was \"60\"",
                "autoscaling.knative.dev/panic-threshold-percentage: '100' | must be a number, 110 to 1000, was \"100\"",
                "autoscaling.knative.dev/target-utilization-percentage: '101' | must be a number, 1 to 100, was \"101\""
            })
    void anAnnotation(String annotation, String error) {
        var key = annotation.substring(0, annotation.indexOf(": "));
        assertThat(errors(service(annotation, sklearn(""))))
                .isEqualTo("metadata.annotations[" + key + "]: " + error);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Bad_Name | \"Bad_Name\" must match [a-z]([-a-z0-9]*[a-z0-9])?: lower-case letters, digits and dashes, a letter first",
                "1st | \"1st\" must match [a-z]([-a-z0-9]*[a-z0-9])?: lower-case letters, digits and dashes, a letter first",
                "iris- | \"iris-\" must match [a-z]([-a-z0-9]*[a-z0-9])?: lower-case letters, digits and dashes, a letter first",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | has 48 characters, at most 47 are taken, so that \"{name}-predictor-00001\" can name a Service"
            })
    void aName(String name, String error) {
        var object = predictor(sklearn("")).withAt(List.of("metadata", "name"), Json.of(name));
        assertThat(errors(object)).isEqualTo("metadata.name: " + error);
    }

    /** Whole specs that are of another version of KServe, or wrong from the root. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{predictor: {model: {modelFormat: {name: sklearn}, storageUri: /1}}, canary: [{predictor: {name: c, model: {storageUri: /2}}, trafficPercent: 25}]} | spec.canary[0].predictor.model.modelFormat: is missing: The format of the model; the serving runtime is chosen by it.",
                "{default: {predictor: {sklearn: {storageUri: /1}}}} | spec.default: is of v1alpha2, which KServe removed in 0.7; write spec.predictor {model, canaryTrafficPercent, canary: {model}}",
                "{predictor: {sklearn: {storageUri: /1}}, canaryTrafficPercent: 10} | spec.canaryTrafficPercent: belongs to spec.predictor.canaryTrafficPercent",
                "{} | spec.predictor: is missing: The part that answers predictions. It has either a model, or one block named after a framework, or containers of your own.",
                "x | spec: must be an object with predictor, transformer, explainer, canary ..., was the string \"x\"",
                "{predictor: {sklearn: {storageUri: /1}}, transformer: {containers: []}} | spec.transformer: transformers are not served by this release; call one from the client, or run it as a service of its own",
                "{predictor: {sklearn: {storageUri: /1}}, explainer: {art: {}}} | spec.explainer: explainers are not served by this release"
            })
    void aSpec(String spec, String error) {
        assertThat(errors(predictor("{}").with("spec", yaml("s: " + spec).at("s").orElseThrow())))
                .isEqualTo(error);
    }

    @Test
    void aDeepManifestIsRefusedBeforeItIsWalked() {
        var deep = "[".repeat(60) + "]".repeat(60);
        assertThat(errors(predictor(sklearn("affinity: {x: " + deep + "}"))))
                .isEqualTo(": the manifest is nested more than 50 levels deep");
    }

    @Test
    void everyProblemIsToldAtOnce() {
        assertThat(
                        review(predictor(sklearn("minReplica: 1, maxReplicas: x, timeout: -1")))
                                .errors())
                .extracting(FieldError::field, FieldError::kind)
                .containsExactly(
                        tuple("spec.predictor.minReplica", "FieldValueForbidden"),
                        tuple("spec.predictor.maxReplicas", "FieldValueTypeInvalid"),
                        tuple("spec.predictor.timeout", "FieldValueInvalid"));
    }

    @Test
    void kedaTakesItsMetricsElsewhereAndHpaKnowsNoRequests() {
        assertThat(
                        errors(
                                service(
                                        "serving.kserve.io/autoscalerClass: keda",
                                        sklearn("scaleMetric: cpu"))))
                .isEqualTo(
                        "spec.predictor.scaleMetric: KEDA takes its metrics from autoScaling.metrics; move scaleMetric and scaleTarget there");
        assertThat(
                        errors(
                                service(
                                        "serving.kserve.io/autoscalerClass: hpa",
                                        sklearn("scaleMetric: rps"))))
                .isEqualTo(
                        "spec.predictor.scaleMetric: a HorizontalPodAutoscaler scales by cpu or memory, not by rps; drop the annotation serving.kserve.io/autoscalerClass");
    }

    @Test
    void knativesOwnAutoscalerKnowsNoProcessor() {
        assertThat(
                        errors(
                                service(
                                        "autoscaling.knative.dev/class: kpa.autoscaling.knative.dev",
                                        sklearn("scaleMetric: cpu"))))
                .isEqualTo(
                        "spec.predictor.scaleMetric: the autoscaler that is asked for scales by concurrency or rps, not by cpu; drop the annotation autoscaling.knative.dev/class");
    }

    @Test
    void aFloodOfMistakesGetsAShortAnswerAtOnce() {
        var fields = new LinkedHashMap<String, Json>();
        for (int i = 0; i < 100_000; i++) {
            fields.put("minReplicas" + i, Json.of(i));
        }
        fields.put("x".repeat(1 << 20), Json.of("y".repeat(1 << 20)));
        var flood = predictor("{}").withAt(List.of("spec", "predictor"), new Json.Obj(fields));
        var errors = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> review(flood).errors());
        assertThat(errors).hasSize(50);

        var wordy = review(service("serving.kserve.io/stop: " + "z".repeat(9_000), sklearn("")));
        assertThat(wordy.errors().getFirst().message()).hasSizeLessThan(2_000);
    }

    @Test
    void theModeIsChosenOnceWhateverItsSpelling() {
        var stored =
                service("serving.kserve.io/deploymentMode: Standard", sklearn(""))
                        .with("status", Json.Obj.of("deploymentMode", "Standard"));
        var raw = service("serving.kserve.io/deploymentMode: RawDeployment", sklearn(""));
        var knative = service("serving.kserve.io/deploymentMode: Serverless", sklearn(""));
        var none = predictor(sklearn(""));

        assertThat(ADMISSION.review(Optional.of(stored), raw).errors()).isEmpty();
        assertThat(ADMISSION.review(Optional.of(stored), none).errors()).isEmpty();
        assertThat(ADMISSION.review(Optional.of(stored), knative).errors())
                .containsExactly(
                        FieldError.invalid(
                                "metadata.annotations[serving.kserve.io/deploymentMode]",
                                "cannot change from Standard to Knative; delete the service and create it anew"));
    }

    @ParameterizedTest
    @CsvSource({"Knative, 1", "Serverless, 1", "Standard, 0", "RawDeployment, 0"})
    void aStrategyContradictsKnativeByName(String mode, int errors) {
        var object =
                service(
                        "serving.kserve.io/deploymentMode: " + mode,
                        sklearn("deploymentStrategy: {type: Recreate}"));
        assertThat(review(object).errors()).hasSize(errors);
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:9000/m, true, false",
        "http://localhost:10250/, true, false",
        "file:///etc/shadow, true, false",
        "/models/iris, true, false",
        "http://[fe80::1]/m, false, false",
        "http://169.254.169.254/latest, false, false",
        "http://models.example.com/m, true, true",
        "pvc://claim/m, true, true",
        "gs://bucket/m, true, true"
    })
    void whatBelongsToTheMachineIsItsOwnersOnly(String uri, boolean oneMachine, boolean cluster) {
        var stable = predictor("{sklearn: {storageUri: '" + uri + "'}}");
        var canary =
                predictor(
                        "{sklearn: {storageUri: 'pvc://c'}, canaryTrafficPercent: 1, canary: {sklearn: {storageUri: '"
                                + uri
                                + "'}}}");
        var custom =
                predictor(
                        "{containers: [{image: i, env: [{name: STORAGE_URI, value: '"
                                + uri
                                + "'}]}]}");
        for (var object : List.of(stable, canary, custom)) {
            assertThat(ADMISSION.review(Optional.empty(), object).errors().isEmpty())
                    .isEqualTo(oneMachine);
            assertThat(ON_A_CLUSTER.review(Optional.empty(), object).errors().isEmpty())
                    .isEqualTo(cluster);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.1, true",
        "0x7f000001, true",
        "2130706433, true",
        "[::1], true",
        "[::ffff:127.0.0.1], true",
        "0.0.0.0, true",
        "localhost, true",
        "a.localhost, true",
        "metadata.google.internal, true",
        "metadata.google.internal., true",
        "100.100.100.200, true",
        "168.63.129.16, true",
        "[fd00:ec2::254], true",
        "10.0.0.7, false",
        "models.example.com, false",
        "1e100.net, false"
    })
    void hostsAreKnownInTheirOddSpellings(String host, boolean refused) {
        assertThat(StorageRules.refusal(host, false).isPresent()).isEqualTo(refused);
    }

    @Test
    void whatIsBeingDeletedPasses() {
        var dying =
                predictor("{}")
                        .withAt(
                                List.of("metadata", "deletionTimestamp"),
                                Json.of("2026-01-01T00:00:00Z"));
        assertThat(review(dying)).isEqualTo(Verdict.PASS);
    }

    @Test
    void anObjectOlderThanARuleMayStillBeLabelled() {
        var stored = predictor(sklearn("oldField: 1"));
        var labelled = stored.withAt(List.of("metadata", "labels"), Json.Obj.of("a", "b"));
        assertThat(ADMISSION.review(Optional.of(stored), labelled).errors()).isEmpty();
        assertThat(review(labelled).errors()).hasSize(1);
    }

    @Test
    void schemesOfKServeThatAreNotBuiltYetAreAdmitted() {
        assertThat(review(predictor("{sklearn: {storageUri: 'hdfs://h/p'}}")).errors()).isEmpty();
    }

    @Test
    void aForeignSchemeIsAdmittedWhereAnAdministratorsContainerTakesIt() throws Exception {
        var container =
                StorageContainer.read(
                        (Json.Obj)
                                Yaml.read(
                                                """
                                                metadata: {name: hub}
                                                spec: {container: {image: "hub:1"}, supportedUriFormats: [{prefix: "hub://"}]}
                                                """)
                                        .getFirst());
        var admission = new InferenceServiceAdmission(false, () -> List.of(container));
        var ours = predictor("{sklearn: {storageUri: 'hub://iris'}}");
        var others = predictor("{sklearn: {storageUri: 'hug://iris'}}");
        assertThat(admission.review(Optional.empty(), ours).errors()).isEmpty();
        assertThat(admission.review(Optional.empty(), others).errors()).hasSize(1);
        assertThat(ON_A_CLUSTER.review(Optional.empty(), ours).errors()).hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"--trust-remote-code", "--trust_remote_code=true", "--Trust-Remote-Code"})
    void codeBesideAModelRunsOnlyWhereItsAuthorSaysSo(String flag) {
        var object =
                yaml(
                        "{apiVersion: serving.kserve.io/v1beta1, kind: InferenceService, metadata: {name: iris}, spec: {predictor: {model: {modelFormat: {name: sklearn}, args: ['"
                                + flag
                                + "']}}}}");
        var meant =
                object.withAt(
                        List.of("metadata", "annotations"),
                        Json.Obj.of("marea.dev/allow-remote-code", "true"));

        assertThat(ON_A_CLUSTER.review(Optional.empty(), object).errors())
                .extracting(FieldError::field)
                .containsExactly("spec.predictor.model.args[0]");
        assertThat(ON_A_CLUSTER.review(Optional.empty(), meant).errors()).isEmpty();
        assertThat(ADMISSION.review(Optional.empty(), object).errors()).isEmpty();
    }
}
