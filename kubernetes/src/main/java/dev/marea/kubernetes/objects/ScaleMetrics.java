package dev.marea.kubernetes.objects;

import dev.marea.core.spec.Autoscaling;
import dev.marea.core.spec.Component;
import dev.marea.wire.json.Json;
import java.util.List;

/**
 * What a predictor asks foreign autoscalers to scale by: the entries of {@code
 * autoScaling.metrics}, or the one that scaleMetric, scaleTarget and scaleMetricType amount to.
 */
record ScaleMetrics(Component component, Json.Obj predictor) {
    private static final double DEFAULT_UTILIZATION = 80;

    /** The metrics of processor and memory, in the form of {@code autoScaling.metrics}. */
    List<Json> resources() {
        var listed = ofType("Resource");
        return listed.isEmpty() ? List.of(single()) : listed;
    }

    List<Json> all() {
        var listed = predictor.list("autoScaling", "metrics");
        return listed.isEmpty() ? List.of(single()) : listed;
    }

    private List<Json> ofType(String type) {
        return predictor.list("autoScaling", "metrics").stream()
                .filter(m -> m.text("type").filter(type::equals).isPresent())
                .toList();
    }

    private Json single() {
        var memory = component.autoscaling().metric() == Autoscaling.Metric.MEMORY;
        var resource = Json.Obj.of("name", memory ? "memory" : "cpu", "target", target(memory));
        return Json.Obj.of("type", "Resource", "resource", resource);
    }

    /** As an amount a target is in whole processors, or in Mi of memory as KServe has it. */
    private Json.Obj target(boolean memory) {
        var target = (long) component.autoscaling().target().orElse(DEFAULT_UTILIZATION);
        return switch (predictor.text("scaleMetricType").orElse("Utilization")) {
            case "AverageValue", "Value" ->
                    Json.Obj.of(
                            "type", "AverageValue", "averageValue", target + (memory ? "Mi" : ""));
            default -> Json.Obj.of("type", "Utilization", "averageUtilization", target);
        };
    }

    /** The author's behavior, as it is. */
    Json.Obj behavior() {
        return predictor.object("autoScaling", "behavior");
    }

    /** Nobody but our own autoscaler wakes a service, so others never go to zero. */
    int min() {
        return Math.max(1, component.scale().min());
    }

    /** Without an upper bound there is nothing to scale to, as in KServe. */
    int max() {
        return Math.max(min(), component.scale().max());
    }
}
