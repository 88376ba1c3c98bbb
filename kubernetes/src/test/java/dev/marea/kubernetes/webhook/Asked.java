package dev.marea.kubernetes.webhook;

import dev.marea.wire.admission.KnownRuntimes;
import dev.marea.wire.admission.PodProfile;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.Yaml;
import dev.marea.wire.kserve.StorageContainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A judge in a small world: who may do what, and what namespaces allow. */
final class Asked {
    final Set<String> allowed;
    final List<String> questions = new ArrayList<>();

    /** Those of the default account. */
    List<String> secrets = List.of();

    Optional<String> rival = Optional.empty();
    PodProfile profile = PodProfile.RESTRICTED;

    /** Rights as they are written in refusals, for example {@code get secrets/token}. */
    Asked(String... allowed) {
        this.allowed = Set.of(allowed);
    }

    Judge judge() {
        return new Judge(
                KnownRuntimes.NONE,
                stores(() -> secrets),
                new AuthorsRights((author, namespace, right) -> {
                    synchronized (questions) {
                        questions.add(right.toString());
                    }
                    return allowed.contains(right.toString());
                }),
                _ -> profile,
                () -> rival);
    }

    static Judge.Stores stores(Supplier<List<String>> secrets) {
        return new Judge.Stores() {
            @Override
            public List<StorageContainer> all() {
                return List.of();
            }

            @Override
            public List<String> secretsOf(String namespace, String account) {
                return secrets.get();
            }
        };
    }

    static Json.Obj yaml(String text) {
        try {
            return (Json.Obj) Yaml.read(text).getFirst();
        } catch (Exception broken) {
            throw new IllegalArgumentException(text, broken);
        }
    }

    /** An InferenceService of a scikit-learn model with more fields in its predictor. */
    static Json.Obj service(String more) {
        return yaml(
                """
                {apiVersion: serving.kserve.io/v1beta1, kind: InferenceService,
                 metadata: {name: iris, namespace: team-a},
                 spec: {predictor: {model: {modelFormat: {name: sklearn}, storageUri: 'https://models.example/iris'}%s}}}
                """
                        .formatted(more.isEmpty() ? "" : ", " + more));
    }

    static Json.Obj review(Json.Obj before, Json.Obj after) {
        var request =
                Json.Obj.of(
                        "uid",
                        "42",
                        "kind",
                        Json.Obj.of(
                                "group", "serving.kserve.io",
                                "version", "v1beta1",
                                "kind", after.text("kind").orElse("InferenceService")),
                        "namespace",
                        after.text("metadata", "namespace").orElse(""),
                        "name",
                        after.text("metadata", "name").orElse(""),
                        "operation",
                        before.isEmpty() ? "CREATE" : "UPDATE",
                        "userInfo",
                        Json.Obj.of(
                                "username",
                                "ann",
                                "groups",
                                List.of("team-a", "system:authenticated")),
                        "object",
                        after.isEmpty() ? Json.Null.VALUE : after,
                        "oldObject",
                        before.isEmpty() ? Json.Null.VALUE : before);
        return Json.Obj.of(
                "apiVersion", "admission.k8s.io/v1", "kind", "AdmissionReview", "request", request);
    }

    static Json.Obj created(Json.Obj after) {
        return review(Json.Obj.EMPTY, after);
    }
}
