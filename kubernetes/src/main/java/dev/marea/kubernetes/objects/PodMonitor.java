package dev.marea.kubernetes.objects;

import dev.marea.wire.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells the Prometheus operator where replicas have their metrics: where the runtime's annotations
 * say, as in KServe.
 */
public final class PodMonitor {
    private static final String PORT = "prometheus.kserve.io/port";
    private static final String PATH = "prometheus.kserve.io/path";
    private static final String SCRAPING = "serving.kserve.io/enable-prometheus-scraping";

    private PodMonitor() {}

    /**
     * None for a server that says nothing of metrics, or whose author wants none.
     *
     * @param template a revision's pods
     */
    public static Optional<Json.Obj> of(Subject subject, Json.Obj template) {
        var port =
                template.text("metadata", "annotations", PORT).filter(p -> p.matches("\\d{1,5}"));
        if (port.isEmpty() || "false".equals(subject.annotations().get(SCRAPING))) {
            return Optional.empty();
        }
        var endpoint = new LinkedHashMap<String, Object>();
        named(template, port.get())
                .ifPresentOrElse(
                        name -> endpoint.put("port", name),
                        () -> endpoint.put("portNumber", Integer.parseInt(port.get())));
        endpoint.put("path", template.text("metadata", "annotations", PATH).orElse("/metrics"));
        var spec =
                Json.Obj.of(
                        "selector",
                        subject.pods(),
                        "podTargetLabels",
                        List.of(Names.SERVICE_LABEL, Names.REVISION_LABEL),
                        "podMetricsEndpoints",
                        List.of(endpoint));
        return Optional.of(
                OwnedObject.of(
                        subject,
                        "monitoring.coreos.com/v1",
                        "PodMonitor",
                        Names.predictor(subject.name()),
                        Map.of(),
                        Json.Obj.of("spec", spec)));
    }

    /** By its name a port is found whatever the version of the Prometheus operator. */
    private static Optional<String> named(Json.Obj template, String port) {
        return template.list("spec", "containers").stream()
                .flatMap(c -> c.list("ports").stream())
                .filter(p ->
                        p.integer("containerPort").stream()
                                .anyMatch(n -> Long.toString(n).equals(port)))
                .flatMap(p -> p.text("name").stream())
                .findFirst();
    }
}
