package dev.marea.kubernetes.objects;

import dev.marea.core.spec.Component;
import dev.marea.wire.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** KEDA's ScaledObject of the revision that is rolled out. */
public final class ScaledObject {
    /** Where KEDA's add-on for OpenTelemetry listens once installed as its documents say. */
    private static final String OTEL_SCALER = "keda-otel-scaler.keda.svc:4318";

    /** Graphite answers for a range; KEDA has no default for it. */
    private static final String GRAPHITE_RANGE = "-5Minutes";

    private ScaledObject() {}

    /**
     * Builds it.
     *
     * @param deployment the rolled-out revision's
     * @param predictor the author's tree
     */
    public static Json.Obj of(
            Subject subject, String deployment, Component component, Json.Obj predictor) {
        var wanted = new ScaleMetrics(component, predictor);
        var spec = new LinkedHashMap<String, Object>();
        spec.put("scaleTargetRef", Json.Obj.of("name", deployment));
        spec.put("minReplicaCount", wanted.min());
        spec.put("maxReplicaCount", wanted.max());
        if (!wanted.behavior().isEmpty()) {
            spec.put(
                    "advanced",
                    Json.Obj.of(
                            "horizontalPodAutoscalerConfig",
                            Json.Obj.of("behavior", wanted.behavior())));
        }
        List<Json> triggers = wanted.all().stream().map(ScaledObject::trigger).toList();
        spec.put("triggers", triggers);
        return OwnedObject.of(
                subject,
                "keda.sh/v1alpha1",
                "ScaledObject",
                Names.predictor(subject.name()),
                Map.of(),
                Json.Obj.of("spec", spec));
    }

    /** The schema admits these three types only. */
    private static Json trigger(Json metric) {
        return switch (metric.text("type").orElse("")) {
            case "External" -> external(metric.object("external"));
            case "PodMetric" -> pushed(metric.object("podmetric"));
            default -> resource(metric.object("resource"));
        };
    }

    private static Json resource(Json.Obj resource) {
        var target = resource.object("target");
        return Json.Obj.of(
                "type",
                resource.text("name").orElse("cpu"),
                "metricType",
                target.text("type").orElse("Utilization"),
                "metadata",
                Json.Obj.of("value", amount(target)));
    }

    private static Json external(Json.Obj external) {
        var asked = external.object("metric");
        var backend = asked.text("backend").orElse("prometheus");
        var metadata = new LinkedHashMap<String, Object>();
        asked.text("serverAddress").ifPresent(a -> metadata.put("serverAddress", a));
        asked.text("query").ifPresent(q -> metadata.put("query", q));
        asked.text("namespace").ifPresent(n -> metadata.put("namespace", n));
        metadata.put("threshold", amount(external.object("target")));
        if (backend.equals("graphite")) {
            metadata.put("queryTime", GRAPHITE_RANGE);
        }
        var proof = external.object("authenticationRef");
        proof.text("authModes").ifPresent(m -> metadata.put("authModes", m));
        var trigger = trigger(backend, external.object("target"), metadata);
        return proof.text("authenticationRef", "name")
                .or(() -> proof.text("name"))
                .map(name -> trigger.with("authenticationRef", Json.Obj.of("name", name)))
                .orElse(trigger);
    }

    private static Json pushed(Json.Obj pushed) {
        var asked = pushed.object("metric");
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("scalerAddress", asked.text("serverAddress").orElse(OTEL_SCALER));
        var query = asked.text("query").or(() -> firstName(asked));
        query.ifPresent(q -> metadata.put("metricQuery", q));
        asked.text("operationOverTime").ifPresent(o -> metadata.put("operationOverTime", o));
        metadata.put("targetValue", amount(pushed.object("target")));
        return trigger("external", pushed.object("target"), metadata);
    }

    private static Optional<String> firstName(Json.Obj asked) {
        return asked.list("metricNames").stream()
                .flatMap(n -> n instanceof Json.Str(var name) ? Stream.of(name) : Stream.empty())
                .findFirst();
    }

    /** Other than for cpu and memory KEDA knows no utilization. */
    private static Json.Obj trigger(String type, Json.Obj target, Map<String, Object> metadata) {
        var kind = target.text("type").filter(t -> !t.equals("Utilization")).orElse("AverageValue");
        return Json.Obj.of("type", type, "metricType", kind, "metadata", metadata);
    }

    /** KEDA takes numbers as texts. */
    private static String amount(Json.Obj target) {
        for (var field : List.of("value", "averageValue", "averageUtilization")) {
            var found = target.at(field);
            if (found.isPresent()) {
                return found.get() instanceof Json.Str(var text) ? text : found.get().toString();
            }
        }
        return "80";
    }
}
