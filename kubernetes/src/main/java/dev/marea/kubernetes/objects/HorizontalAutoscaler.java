package dev.marea.kubernetes.objects;

import dev.marea.core.spec.Component;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/** The HorizontalPodAutoscaler of the revision that is rolled out. */
public final class HorizontalAutoscaler {
    private HorizontalAutoscaler() {}

    /**
     * Builds it.
     *
     * @param deployment the rolled-out revision's
     * @param predictor the author's tree, of which metrics and behavior are taken as they are
     */
    public static Json.Obj of(
            Subject subject, String deployment, Component component, Json.Obj predictor) {
        var wanted = new ScaleMetrics(component, predictor);
        var spec = new LinkedHashMap<String, Object>();
        spec.put(
                "scaleTargetRef",
                Json.Obj.of("apiVersion", "apps/v1", "kind", "Deployment", "name", deployment));
        spec.put("minReplicas", wanted.min());
        spec.put("maxReplicas", wanted.max());
        var metrics = new ArrayList<Json>();
        for (var metric : wanted.resources()) {
            metrics.add(Json.Obj.of("type", "Resource", "resource", metric.object("resource")));
        }
        spec.put("metrics", metrics);
        if (!wanted.behavior().isEmpty()) {
            spec.put("behavior", wanted.behavior());
        }
        return OwnedObject.of(
                subject,
                "autoscaling/v2",
                "HorizontalPodAutoscaler",
                Names.predictor(subject.name()),
                Map.of(),
                Json.Obj.of("spec", spec));
    }
}
