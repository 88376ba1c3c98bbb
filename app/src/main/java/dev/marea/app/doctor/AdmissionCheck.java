package dev.marea.app.doctor;

import dev.marea.kubernetes.client.Cluster;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Whether a bad manifest is refused: it is given to the API to judge, and not to keep. */
final class AdmissionCheck implements Doctor.Check {
    private static final String FIELD = "nosuchfield";

    private static final Json.Obj BAD =
            Json.Obj.of(
                    "apiVersion",
                    "serving.kserve.io/v1beta1",
                    "kind",
                    "InferenceService",
                    "metadata",
                    Json.Obj.of("name", "marea-doctor"),
                    "spec",
                    Json.Obj.of(
                            "predictor",
                            Json.Obj.of(
                                    "model",
                                    Json.Obj.of(
                                            "modelFormat",
                                            Json.Obj.of("name", "sklearn"),
                                            "storageUri",
                                            "pvc://doctor/model"),
                                    FIELD,
                                    true)));

    @Override
    public List<Finding> look(Cluster cluster) {
        var path =
                "/apis/serving.kserve.io/v1beta1/namespaces/%s/inferenceservices?dryRun=All"
                        .formatted(cluster.namespace());
        try {
            cluster.post(path, BAD);
        } catch (IOException refused) {
            return List.of(judged(String.valueOf(refused.getMessage())));
        }
        return List.of(
                Finding.warn(
                        "admission",
                        "a manifest with an unknown field was accepted: nobody judges manifests here",
                        "install the webhook; until then mistakes show in conditions only"));
    }

    private static Finding judged(String answer) {
        var said = answer.toLowerCase(Locale.ROOT);
        if (said.contains(FIELD)) {
            return Finding.ok(
                    "admission", "mistakes in manifests are refused when they are applied");
        }
        return said.contains("webhook")
                ? Finding.fail(
                        "admission",
                        "the webhook could not be asked: " + answer,
                        "see that the operator runs and that no NetworkPolicy keeps the API server from port 9443")
                : Finding.warn(
                        "admission",
                        "could not be tried: " + answer,
                        "run this with the right to create InferenceServices");
    }
}
