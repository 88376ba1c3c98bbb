package dev.marea.kubernetes.objects;

import dev.marea.core.spec.TrainedModel;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.ModelList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The objects of one service. All of them are owned by it, so that deleting the service deletes
 * them.
 */
public final class Objects {
    private final Subject subject;

    public Objects(Subject subject) {
        this.subject = subject;
    }

    /** What is kept of a revision: enough to run it again as it was. */
    public Json.Obj controllerRevision(String name, long number, Rendered rendered) {
        var data = new LinkedHashMap<String, Object>();
        data.put("template", rendered.template());
        data.put("port", rendered.port());
        rendered.workers()
                .ifPresent(w ->
                        data.put(
                                "worker",
                                Json.Obj.of("template", w.template(), "replicas", w.replicas())));
        rendered.runtime()
                .ifPresent(r ->
                        data.put(
                                "runtime",
                                Json.Obj.of("name", r.name(), "clusterWide", r.clusterWide())));
        var annotations =
                Map.of(Names.IDENTITY, rendered.identity(), Names.ASKED, rendered.asked());
        return Json.Obj.of(
                "apiVersion",
                "apps/v1",
                "kind",
                "ControllerRevision",
                "metadata",
                metadata(name, revisionLabels(name)).with("annotations", Json.of(annotations)),
                "revision",
                number,
                "data",
                data);
    }

    /** The Deployment of a kept revision; who scales it sets its replicas, not this tree. */
    public Json.Obj deployment(Json.Obj controllerRevision, Optional<Json> strategy) {
        var name = controllerRevision.text("metadata", "name").orElseThrow();
        var template = controllerRevision.object("data", "template");
        var labelled =
                template.withAt(List.of("metadata", "labels", Names.REVISION_LABEL), Json.of(name));
        var spec = new LinkedHashMap<String, Object>();
        spec.put("revisionHistoryLimit", 0);
        spec.put("selector", Json.Obj.of("matchLabels", selector(name)));
        strategy.ifPresent(s -> spec.put("strategy", s));
        spec.put("template", labelled);
        return stamped(
                Json.Obj.of(
                        "apiVersion",
                        "apps/v1",
                        "kind",
                        "Deployment",
                        "metadata",
                        metadata(name, revisionLabels(name)),
                        "spec",
                        spec));
    }

    /** Finds the replicas of one revision; gateways read its EndpointSlices. */
    public Json.Obj revisionService(Json.Obj controllerRevision) {
        var name = controllerRevision.text("metadata", "name").orElseThrow();
        var target = controllerRevision.integer("data", "port").orElse(Names.DEFAULT_PORT);
        var port = port(80, target);
        var spec =
                Json.Obj.of(
                        "clusterIP",
                        "None",
                        "selector",
                        selector(name),
                        "ports",
                        List.of(
                                PodTemplate.speaksHttp2(
                                                controllerRevision.object("data", "template"))
                                        ? port.with("appProtocol", Json.of(Names.H2C))
                                        : port));
        return service(name, revisionLabels(name), spec);
    }

    /** What its replicas are to serve, where TrainedModels say that. */
    public Json.Obj modelList(List<TrainedModel> models) {
        return stamped(
                Json.Obj.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "ConfigMap",
                        "metadata",
                        metadata(
                                ModelList.configMap(subject.name()),
                                ordered(
                                        Names.MANAGED_BY_LABEL,
                                        "marea",
                                        Names.SERVICE_LABEL,
                                        subject.name())),
                        "data",
                        Map.of(ModelList.FILE, ModelList.write(models))));
    }

    /**
     * What replicas that start later are to fetch.
     *
     * @param files by revision
     */
    public Json.Obj pins(Map<String, String> files) {
        return stamped(
                Json.Obj.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "ConfigMap",
                        "metadata",
                        metadata(
                                Names.pins(subject.name()),
                                ordered(
                                        Names.MANAGED_BY_LABEL,
                                        "marea",
                                        Names.SERVICE_LABEL,
                                        subject.name())),
                        "data",
                        files));
    }

    /** The name by which others call the service where no gateway has an address of its own. */
    public Json.Obj predictorService(long port) {
        var spec =
                Json.Obj.of(
                        "selector",
                        Map.of(Names.APP_LABEL, Names.app(subject.name())),
                        "ports",
                        List.of(port(80, port)));
        return service(
                Names.predictor(subject.name()),
                ordered(
                        Names.APP_LABEL,
                        Names.app(subject.name()),
                        Names.MANAGED_BY_LABEL,
                        "marea",
                        Names.COMPONENT_LABEL,
                        "predictor",
                        Names.SERVICE_LABEL,
                        subject.name()),
                spec);
    }

    private Json.Obj service(String name, Map<String, String> labels, Json.Obj spec) {
        return stamped(
                Json.Obj.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Service",
                        "metadata",
                        metadata(name, labels),
                        "spec",
                        spec));
    }

    private static Json.Obj port(long port, long target) {
        return Json.Obj.of("name", "http", "protocol", "TCP", "port", port, "targetPort", target);
    }

    private Map<String, String> selector(String revision) {
        return ordered(Names.APP_LABEL, Names.app(subject.name()), Names.REVISION_LABEL, revision);
    }

    private Map<String, String> revisionLabels(String revision) {
        return ordered(
                Names.APP_LABEL,
                Names.app(subject.name()),
                Names.MANAGED_BY_LABEL,
                "marea",
                Names.COMPONENT_LABEL,
                "predictor",
                Names.REVISION_LABEL,
                revision,
                Names.SERVICE_LABEL,
                subject.name());
    }

    private Json.Obj metadata(String name, Map<String, String> labels) {
        return Json.Obj.of(
                "name",
                name,
                "namespace",
                subject.namespace(),
                "labels",
                labels,
                "ownerReferences",
                subject.owner());
    }

    /** The digest tells a later run what was applied, fields that have gone since included. */
    private static Json.Obj stamped(Json.Obj tree) {
        return tree.withAt(
                List.of("metadata", "annotations", Names.APPLIED), Json.of(Rendered.digest(tree)));
    }

    private static Map<String, String> ordered(String... namesAndValues) {
        var map = new LinkedHashMap<String, String>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
