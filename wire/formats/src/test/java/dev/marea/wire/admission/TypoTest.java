package dev.marea.wire.admission;

import static dev.marea.wire.kserve.Manifests.predictor;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fifty slips of the hand, each with the field that was meant. */
class TypoTest {
    @ParameterizedTest
    @CsvSource({
        "minReplica, minReplicas",
        "minreplicas, minReplicas",
        "min_replicas, minReplicas",
        "minRelicas, minReplicas",
        "mnReplicas, minReplicas",
        "maxReplica, maxReplicas",
        "maxReplicsa, maxReplicas",
        "MaxReplicas, maxReplicas",
        "max-replicas, maxReplicas",
        "scaleMetrics, scaleMetric",
        "scalemetric, scaleMetric",
        "sclaeMetric, scaleMetric",
        "scaleTraget, scaleTarget",
        "scaletarget, scaleTarget",
        "scaleTypeMetric, scaleMetric",
        "containerConcurency, containerConcurrency",
        "containerconcurrency, containerConcurrency",
        "timeOut, timeout",
        "timout, timeout",
        "timeouts, timeout",
        "canaryTraficPercent, canaryTrafficPercent",
        "canaryTrafficPercentage, canaryTrafficPercent",
        "canarytrafficpercent, canaryTrafficPercent",
        "canry, canary",
        "canarry, canary",
        "modle, model",
        "Model, model",
        "models, model",
        "sklean, sklearn",
        "skleran, sklearn",
        "xgbost, xgboost",
        "lightgmb, lightgbm",
        "tensorlow, tensorflow",
        "pytorhc, pytorch",
        "hugginface, huggingface",
        "serviceAccount_Name, serviceAccountName",
        "serviceaccountname, serviceAccountName",
        "nodeSelecter, nodeSelector",
        "toleration, tolerations",
        "afinity, affinity",
        "volume, volumes",
        "container, containers",
        "imagePullSecret, imagePullSecrets",
        "lables, labels",
        "anotations, annotations",
        "deploymentStratgy, deploymentStrategy",
        "autoscaling, autoScaling",
        "loger, logger",
        "bacher, batcher",
        "initContainer, initContainers"
    })
    void aSlipGetsTheFieldThatWasMeant(String typo, String meant) {
        assertThat(
                        new InferenceServiceAdmission(false)
                                .review(Optional.empty(), predictor("{" + typo + ": x}"))
                                .errors())
                .containsExactly(
                        new Admission.FieldError(
                                "spec.predictor." + typo,
                                "FieldValueForbidden",
                                "unknown field, did you mean \"" + meant + "\"?"));
    }

    @ParameterizedTest
    @CsvSource({
        "storageUri, spec.predictor.model.storageUri",
        "runtime, spec.predictor.model.runtime",
        "modelFormat, spec.predictor.model.modelFormat",
        "env, spec.predictor.model.env",
        "image, spec.predictor.model.image",
        "transformer, spec.transformer"
    })
    void aFieldInTheWrongPlaceGetsItsPlace(String field, String place) {
        assertThat(
                        new InferenceServiceAdmission(false)
                                .review(Optional.empty(), predictor("{" + field + ": x}"))
                                .errors())
                .extracting(Admission.FieldError::message)
                .containsExactly("unknown field, did you mean \"" + place + "\"?");
    }
}
