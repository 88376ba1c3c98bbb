package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.Yaml;

/** Short ways to write manifests in tests. */
public final class Manifests {
    private Manifests() {}

    public static Json.Obj yaml(String text) {
        try {
            return (Json.Obj) Yaml.read(text).getFirst();
        } catch (MalformedJson bad) {
            throw new AssertionError(text, bad);
        }
    }

    /** A service with this predictor, in flow form. */
    public static Json.Obj predictor(String predictor) {
        return service("", predictor);
    }

    /**
     * @param annotations of the service, in flow form without braces
     */
    public static Json.Obj service(String annotations, String predictor) {
        return yaml(
                """
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata: {name: iris, namespace: demo, uid: u1, generation: 3, annotations: {%s}}
                spec: {predictor: %s}
                """
                        .formatted(annotations, predictor));
    }

    /** A sklearn model with further fields of the predictor. */
    public static String sklearn(String more) {
        return "{model: {modelFormat: {name: sklearn}, storageUri: /m/1}"
                + (more.isEmpty() ? "" : ", " + more)
                + "}";
    }
}
