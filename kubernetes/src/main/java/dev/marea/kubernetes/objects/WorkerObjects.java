package dev.marea.kubernetes.objects;

import dev.marea.wire.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a revision has besides its Deployment whose one replica stands on several nodes. */
public record WorkerObjects(Subject subject, Json.Obj controllerRevision) {
    static final String HEAD = "-head";
    private static final String WORKERS = "-worker";
    private static final String ROLE = "multinode/role";

    /** Whether there is anything of the kind. */
    public boolean any() {
        return controllerRevision.at("data", "worker").isPresent();
    }

    public String revision() {
        return controllerRevision.text("metadata", "name").orElseThrow();
    }

    public String headName() {
        return revision() + HEAD;
    }

    public String workersName() {
        return revision() + WORKERS;
    }

    /** The name of the head, from before it is ready: what makes it ready is that workers join. */
    public Json.Obj head() {
        var selector = new LinkedHashMap<String, String>();
        selector.put(Names.APP_LABEL, Names.app(subject.name()));
        selector.put(Names.REVISION_LABEL, revision());
        var spec =
                Json.Obj.of(
                        "clusterIP",
                        "None",
                        "publishNotReadyAddresses",
                        true,
                        "selector",
                        selector);
        return OwnedObject.of(
                subject, "v1", "Service", headName(), Map.of(), Json.Obj.of("spec", spec));
    }

    /** All workers at once, for none of them is anything without the others. */
    public Json.Obj workers() {
        var labels = new LinkedHashMap<String, String>();
        labels.put(Names.SERVICE_LABEL, subject.name());
        labels.put(Names.REVISION_LABEL, revision());
        labels.put(ROLE, "worker");
        var template =
                controllerRevision
                        .object("data", "worker", "template")
                        .withAt(
                                List.of("metadata", "labels", Names.REVISION_LABEL),
                                Json.of(revision()));
        var spec =
                Json.Obj.of(
                        "replicas",
                        controllerRevision.integer("data", "worker", "replicas").orElse(1),
                        "serviceName",
                        headName(),
                        "podManagementPolicy",
                        "Parallel",
                        "selector",
                        Json.Obj.of("matchLabels", labels),
                        "template",
                        template);
        return OwnedObject.of(
                subject,
                "apps/v1",
                "StatefulSet",
                workersName(),
                Map.of(),
                Json.Obj.of("spec", spec));
    }
}
