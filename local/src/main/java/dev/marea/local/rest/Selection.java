package dev.marea.local.rest;

import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.wire.http.Request;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which objects a list or watch shows: {@code labelSelector} and {@code fieldSelector} together.
 */
record Selection(boolean all, Predicate<Json.Obj> predicate) {
    private static final int REQUIREMENTS_MAX = 100;

    private static final Set<String> EVERYWHERE = Set.of("metadata.name", "metadata.namespace");
    private static final Map<Resource, Set<String>> FIELDS =
            Map.of(
                    Resource.POD,
                    Set.of(
                            "spec.nodeName",
                            "spec.restartPolicy",
                            "spec.schedulerName",
                            "spec.serviceAccountName",
                            "spec.hostNetwork",
                            "status.phase",
                            "status.podIP",
                            "status.nominatedNodeName"),
                    Resource.EVENT,
                    Set.of(
                            "involvedObject.kind",
                            "involvedObject.namespace",
                            "involvedObject.name",
                            "involvedObject.uid",
                            "involvedObject.apiVersion",
                            "involvedObject.resourceVersion",
                            "involvedObject.fieldPath",
                            "reason",
                            "reportingComponent",
                            "source",
                            "type"),
                    Resource.NAMESPACE,
                    Set.of("status.phase"),
                    Resource.NODE,
                    Set.of("spec.unschedulable"),
                    Resource.SECRET,
                    Set.of("type"),
                    Resource.SERVICE,
                    Set.of("spec.clusterIP", "spec.type"),
                    Resource.REPLICA_SET,
                    Set.of("status.replicas"));

    boolean matches(Json.Obj object) {
        return predicate.test(object);
    }

    static Selection of(Request request, Resource resource) throws Refusal {
        var labels = request.parameter("labelSelector").orElse("").strip();
        var fields = request.parameter("fieldSelector").orElse("").strip();
        Predicate<Json.Obj> predicate = _ -> true;
        if (!labels.isEmpty()) {
            var byLabel = LabelQuery.parse(labels);
            predicate =
                    predicate.and(object -> byLabel.matches(object.object("metadata", "labels")));
        }
        if (!fields.isEmpty()) {
            predicate = predicate.and(fields(fields, resource));
        }
        return new Selection(labels.isEmpty() && fields.isEmpty(), predicate);
    }

    private static Predicate<Json.Obj> fields(String text, Resource resource) throws Refusal {
        var terms = new ArrayList<Predicate<Json.Obj>>();
        var parts = List.of(text.split(","));
        if (parts.size() > REQUIREMENTS_MAX) {
            throw Refusal.badRequest("a field selector has at most 100 terms");
        }
        for (var part : parts) {
            terms.add(field(part.strip(), resource));
        }
        return object -> terms.stream().allMatch(term -> term.test(object));
    }

    private static Predicate<Json.Obj> field(String term, Resource resource) throws Refusal {
        int not = term.indexOf("!=");
        int equal = term.indexOf('=');
        if (equal < 0) {
            throw Refusal.badRequest(
                    "invalid field selector: %s; can't understand '%s'".formatted(term, term));
        }
        var name = term.substring(0, not >= 0 ? not : equal);
        var value = term.substring(term.lastIndexOf('=') + 1);
        if (!EVERYWHERE.contains(name) && !FIELDS.getOrDefault(resource, Set.of()).contains(name)) {
            throw Refusal.badRequest(unknownField(name, resource));
        }
        var path = name.equals("source") ? new String[] {"source", "component"} : name.split("\\.");
        return object -> plain(object, path).equals(value) == (not < 0);
    }

    /** In the words of a real API server: kinds with fields of their own have their own. */
    private static String unknownField(String name, Resource resource) {
        boolean custom = resource.group().contains(".") && !resource.group().endsWith(".k8s.io");
        return custom || FIELDS.containsKey(resource)
                ? "field label not supported: " + name
                : "\"%s\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                        .formatted(name);
    }

    private static String plain(Json.Obj object, String[] path) {
        return object.at(path)
                .map(value -> value instanceof Json.Str(var text) ? text : value.toString())
                .orElse(path[path.length - 1].equals("unschedulable") ? "false" : "");
    }
}
