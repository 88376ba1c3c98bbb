package dev.marea.wire.admission;

import static dev.marea.wire.kserve.Manifests.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.admission.References.Target;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferencesTest {
    private static Json.Obj predictor(String fields) {
        return yaml("{spec: {predictor: {" + fields + "}}}");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "serviceAccountName: x | SERVICE_ACCOUNT | serviceAccountName",
                "serviceAccount: x | SERVICE_ACCOUNT | serviceAccount",
                "logger: {storage: {serviceAccountName: x}} | SERVICE_ACCOUNT | logger.storage.serviceAccountName",
                "imagePullSecrets: [{name: x}] | SECRET | imagePullSecrets[0].name",
                "volumes: [{secret: {secretName: x}}] | SECRET | volumes[0].secret.secretName",
                "volumes: [{csi: {nodePublishSecretRef: {name: x}}}] | SECRET | volumes[0].csi.nodePublishSecretRef.name",
                "volumes: [{cephfs: {secretRef: {name: x}}}] | SECRET | volumes[0].cephfs.secretRef.name",
                "volumes: [{azureFile: {secretName: x}}] | SECRET | volumes[0].azureFile.secretName",
                "volumes: [{projected: {sources: [{secret: {name: x}}]}}] | SECRET | volumes[0].projected.sources[0].secret.name",
                "volumes: [{projected: {sources: [{configMap: {name: x}}]}}] | CONFIG_MAP | volumes[0].projected.sources[0].configMap.name",
                "volumes: [{configMap: {name: x}}] | CONFIG_MAP | volumes[0].configMap.name",
                "volumes: [{persistentVolumeClaim: {claimName: x}}] | CLAIM | volumes[0].persistentVolumeClaim.claimName",
                "volumes: [{ephemeral: {volumeClaimTemplate: {spec: {dataSource: {kind: PersistentVolumeClaim, name: x}}}}}] | CLAIM | volumes[0].ephemeral.volumeClaimTemplate.spec.dataSource.name",
                "model: {storageUri: 'pvc://x/iris'} | CLAIM | model.storageUri",
                "sklearn: {storageUri: 'PVC://x'} | CLAIM | sklearn.storageUri",
                "model: {env: [{name: A, valueFrom: {secretKeyRef: {name: x, key: k}}}]} | SECRET | model.env[0].valueFrom.secretKeyRef.name",
                "containers: [{env: [{name: STORAGE_URI, value: 'pvc://x/a'}]}] | CLAIM | containers[0].env[0].value",
                "containers: [{envFrom: [{secretRef: {name: x}}]}] | SECRET | containers[0].envFrom[0].secretRef.name",
                "initContainers: [{envFrom: [{configMapRef: {name: x}}]}] | CONFIG_MAP | initContainers[0].envFrom[0].configMapRef.name",
                "resourceClaims: [{name: gpu, resourceClaimName: x}] | RESOURCE_CLAIM | resourceClaims[0].resourceClaimName",
                "autoScaling: {metrics: [{external: {authenticationRef: {authenticationRef: {name: x}}}}]} | TRIGGER_AUTHENTICATION | autoScaling.metrics[0].external.authenticationRef.authenticationRef.name",
                "canary: {model: {storageUri: 'pvc://x/a'}} | CLAIM | canary.model.storageUri",
            })
    void isFound(String said, Target target, String field) {
        assertThat(References.of(predictor(said)))
                .containsExactly(new References.Reference(target, "x", "spec.predictor." + field));
    }

    @Test
    void theSecretsOfAStoreAreSecretsLikeOthers() {
        var named =
                predictor("model: {storage: {key: k, path: x}}")
                        .withAt(
                                List.of(
                                        "metadata",
                                        "annotations",
                                        "serving.kserve.io/storageSecretName"),
                                Json.of("minio"));
        assertThat(References.of(named))
                .containsExactly(
                        new References.Reference(
                                Target.SECRET,
                                "minio",
                                "metadata.annotations[serving.kserve.io/storageSecretName]"),
                        new References.Reference(
                                Target.SECRET, "storage-config", "spec.predictor.model.storage"));
    }

    @Test
    void whatEveryPodHasIsNoReference() {
        assertThat(
                        References.of(
                                predictor(
                                        "serviceAccountName: default, model: {storageUri: 'https://a/b', env: [{name: A, value: b}]}, volumes: [{emptyDir: {}}]")))
                .isEmpty();
    }

    @Test
    void eachIsNamedOnceAtItsFirstPlace() {
        assertThat(
                        References.of(
                                predictor(
                                        "imagePullSecrets: [{name: x}, {name: x}], volumes: [{secret: {secretName: x}}]")))
                .hasSize(1);
    }

    @Test
    void anUpdateAnswersForWhatItAddsOnly() {
        var before = predictor("serviceAccountName: old, imagePullSecrets: [{name: x}]");
        var after = predictor("serviceAccountName: new, volumes: [{secret: {secretName: x}}]");

        assertThat(References.added(Optional.of(before), after))
                .containsExactly(
                        new References.Reference(
                                Target.SERVICE_ACCOUNT,
                                "new",
                                "spec.predictor.serviceAccountName"));
    }

    @Test
    void aTrainedModelMayLieInAClaimToo() {
        assertThat(References.of(yaml("{spec: {model: {storageUri: 'pvc://x/a'}}}")))
                .extracting(References.Reference::field)
                .containsExactly("spec.model.storageUri");
    }
}
