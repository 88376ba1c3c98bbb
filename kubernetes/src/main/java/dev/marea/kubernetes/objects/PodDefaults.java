package dev.marea.kubernetes.objects;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a pod gets that nobody spoke of. Where the author or the runtime has said something, that
 * stands. None of it is part of a revision's identity: better defaults in a later Marea restart no
 * model.
 *
 * @param ours whether the model server is our own, of which we know what it needs
 */
record PodDefaults(PodSettings settings, boolean ours) {
    private static final int GRACE_SECONDS = 300;

    /** Until every gateway has heard that a replica is going. */
    private static final int DRAIN_SECONDS = 5;

    /** The user of our images, given as a number so that the kubelet can tell it is not root. */
    private static final long USER = 65_532;

    private static final String SCRATCH = "marea-tmp";
    private static final Json SECCOMP = Json.Obj.of("type", "RuntimeDefault");

    Json.Obj over(Json.Obj template) {
        var pod = template.object("spec");
        var given = pod.object("securityContext");
        var secured =
                within(pod, "securityContext", Json.Obj.of("seccompProfile", SECCOMP))
                        .with("containers", containers(pod, given))
                        .with("initContainers", initContainers(pod, given));
        var whole =
                secured.list("initContainers").isEmpty()
                        ? secured.without("initContainers")
                        : secured;
        var defaults = new LinkedHashMap<String, Object>();
        // A model needs no word with the API; who does says so.
        defaults.put("automountServiceAccountToken", false);
        // As long as the longest request that Knative lets a replica finish.
        defaults.put("terminationGracePeriodSeconds", GRACE_SECONDS);
        if (settings.onCluster()
                && template.at("metadata", "labels", Names.APP_LABEL).isPresent()) {
            defaults.put("topologySpreadConstraints", spread(template));
        }
        return template.with("spec", scratch(missing(whole, defaults)));
    }

    private Json.Arr containers(Json.Obj pod, Json.Obj given) {
        var all = new ArrayList<Json>();
        for (var container : pod.list("containers")) {
            var c = (Json.Obj) container;
            var own = (ours && all.isEmpty()) || is(SharedRepository.AGENT, c);
            var secured = own ? restricted(c, given) : c;
            all.add(all.isEmpty() ? drained(secured, pod) : secured);
        }
        return new Json.Arr(all);
    }

    private Json.Arr initContainers(Json.Obj pod, Json.Obj given) {
        var all = new ArrayList<Json>();
        for (var container : pod.list("initContainers")) {
            var c = (Json.Obj) container;
            var own = is(ModelMount.STEP, c) && ModelMount.isOurs(c);
            all.add(own ? resources(restricted(c, given)) : c);
        }
        return new Json.Arr(all);
    }

    private static boolean is(String name, Json.Obj container) {
        return container.text("name").filter(name::equals).isPresent();
    }

    /** Pod Security's profile of that name, and nothing to write to but a scratch directory. */
    private Json.Obj restricted(Json.Obj container, Json.Obj pod) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("allowPrivilegeEscalation", false);
        fields.put("capabilities", Json.Obj.of("drop", List.of("ALL")));
        fields.put("readOnlyRootFilesystem", true);
        var asked = Merge.objects(pod, container.object("securityContext"));
        if (!asked.has("runAsUser") && !asked.has("windowsOptions")) {
            fields.put("runAsUser", USER);
        }
        if (!asked.has("runAsNonRoot") && asked.integer("runAsUser").orElse(USER) != 0) {
            fields.put("runAsNonRoot", true);
        }
        return within(withScratch(container), "securityContext", (Json.Obj) Json.of(fields));
    }

    /**
     * A process of one machine shares its /tmp; a mount of that name would hide all that lies
     * there.
     */
    private Json.Obj withScratch(Json.Obj container) {
        var mounts = new ArrayList<>(container.list("volumeMounts"));
        if (!settings.onCluster()
                || mounts.stream()
                        .anyMatch(m -> m.text("mountPath").filter("/tmp"::equals).isPresent())) {
            return container;
        }
        mounts.add(Json.Obj.of("name", SCRATCH, "mountPath", "/tmp"));
        return container.with("volumeMounts", new Json.Arr(mounts));
    }

    /** A JVM that copies from the network to a disk. */
    private static Json.Obj resources(Json.Obj step) {
        return step.has("resources")
                ? step
                : step.with(
                        "resources",
                        Json.Obj.of(
                                "requests",
                                Json.Obj.of("cpu", "100m", "memory", "128Mi"),
                                "limits",
                                Json.Obj.of("cpu", "1", "memory", "1Gi")));
    }

    private Json.Obj drained(Json.Obj main, Json.Obj pod) {
        var grace = pod.integer("terminationGracePeriodSeconds").orElse(GRACE_SECONDS);
        var seconds = Math.min(DRAIN_SECONDS, grace);
        if (!settings.onCluster() || main.has("lifecycle") || seconds <= 0) {
            return main;
        }
        var sleep = Json.Obj.of("sleep", Json.Obj.of("seconds", seconds));
        return main.with("lifecycle", Json.Obj.of("preStop", sleep));
    }

    /** Only if some container of the pod writes there. */
    private static Json.Obj scratch(Json.Obj pod) {
        var used =
                pod.list("containers").stream().anyMatch(PodDefaults::mountsScratch)
                        || pod.list("initContainers").stream().anyMatch(PodDefaults::mountsScratch);
        var volume = Json.Obj.of("name", SCRATCH, "emptyDir", Json.Obj.EMPTY);
        return used ? Merge.objects(pod, Json.Obj.of("volumes", List.of(volume))) : pod;
    }

    private static boolean mountsScratch(Json container) {
        return container.list("volumeMounts").stream()
                .anyMatch(m -> m.text("name").filter(SCRATCH::equals).isPresent());
    }

    /** A wish, not a demand: replicas of one revision on different nodes and in different zones. */
    private static Json spread(Json.Obj template) {
        var labels = template.text("metadata", "labels", Names.APP_LABEL).orElse("");
        var constraints = new ArrayList<Object>();
        for (var key : List.of("kubernetes.io/hostname", "topology.kubernetes.io/zone")) {
            constraints.add(
                    Json.Obj.of(
                            "maxSkew",
                            1,
                            "topologyKey",
                            key,
                            "whenUnsatisfiable",
                            "ScheduleAnyway",
                            "labelSelector",
                            Json.Obj.of("matchLabels", Map.of(Names.APP_LABEL, labels)),
                            "matchLabelKeys",
                            List.of("pod-template-hash")));
        }
        return Json.of(constraints);
    }

    private static Json.Obj within(Json.Obj tree, String field, Json.Obj defaults) {
        return tree.with(field, Merge.objects(defaults, tree.object(field)));
    }

    private static Json.Obj missing(Json.Obj tree, Map<String, Object> defaults) {
        var complete = tree;
        for (var field : defaults.entrySet()) {
            complete =
                    complete.has(field.getKey())
                            ? complete
                            : complete.with(field.getKey(), Json.of(field.getValue()));
        }
        return complete;
    }
}
