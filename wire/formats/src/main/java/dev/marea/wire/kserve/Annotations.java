package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The annotations that change what is served, of a service and of its predictor. */
final class Annotations {
    static final String DEPLOYMENT_MODE = "serving.kserve.io/deploymentMode";
    static final String STOP = "serving.kserve.io/stop";
    static final String TAG_ROUTING = "serving.kserve.io/enable-tag-routing";
    static final String DISRUPTION_BUDGET = "marea.dev/disruption-budget";
    static final String AUTOSCALER_CLASS = "serving.kserve.io/autoscalerClass";
    static final String STORAGE_SECRET = "serving.kserve.io/storageSecretName";
    static final String KNATIVE = "autoscaling.knative.dev/";

    /** KServe still names these two but reads them nowhere; old manifests rely on them. */
    static final String DEAD_METRIC = "serving.kserve.io/metrics";

    static final String DEAD_TARGET = "serving.kserve.io/targetUtilizationPercentage";

    private final Map<String, Found> found = new LinkedHashMap<>();

    /**
     * An annotation and where it stands.
     *
     * @param field its path, for messages
     */
    record Found(String field, String value) {}

    private Annotations() {}

    /** Those of the predictor win over those of the service. */
    static Annotations of(Json.Obj object, Json.Obj predictor, String predictorPath) {
        var annotations = new Annotations();
        annotations.add(object.object("metadata", "annotations"), "metadata.annotations");
        annotations.add(predictor.object("annotations"), predictorPath + ".annotations");
        return annotations;
    }

    private void add(Json.Obj from, String path) {
        from.fields()
                .forEach((key, value) -> {
                    if (value instanceof Json.Str(var text)) {
                        found.put(key, new Found(path + "[" + key + "]", text));
                    }
                });
    }

    Optional<Found> get(String key) {
        return Optional.ofNullable(found.get(key));
    }

    /** An annotation of Knative's autoscaler, in its present or its older spelling. */
    Optional<Found> knative(String name) {
        return get(KNATIVE + name).or(() -> get(KNATIVE + camelCase(name)));
    }

    Iterable<Map.Entry<String, Found>> all() {
        return found.entrySet();
    }

    /** {@code min-scale} as Knative wrote it once: {@code minScale}. */
    static String camelCase(String name) {
        return Pattern.compile("-([a-z])")
                .matcher(name)
                .replaceAll(dash -> dash.group(1).toUpperCase(Locale.ROOT));
    }
}
