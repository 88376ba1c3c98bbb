package dev.marea.local.schema;

import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Fills in what authors leave out. Fixed values stand in the schemas; what depends on other fields
 * is decided here, as Kubernetes decides it, so that applying a manifest again changes nothing.
 */
final class Defaulter {
    private static final List<String> SPEC = List.of("spec");
    private static final List<String> TEMPLATE_SPEC = List.of("spec", "template", "spec");
    private static final Json.Obj ROLLING = Json.Obj.of("maxUnavailable", "25%", "maxSurge", "25%");

    private Defaulter() {}

    static Json.Obj defaulted(Kind kind, Json.Obj object) {
        var filled = struct(kind.schema(), object);
        return kind.builtIn() ? dependent(kind.resource(), filled) : filled;
    }

    private static Json value(Schema schema, Json given) {
        return switch (schema) {
            case Schema.Struct struct when given instanceof Json.Obj object ->
                    struct(struct, object);
            case Schema.Dict dict when given instanceof Json.Obj(var fields) -> {
                var filled = new LinkedHashMap<>(fields);
                filled.replaceAll((_, field) -> value(dict.values(), field));
                yield new Json.Obj(filled);
            }
            case Schema.Items items when given instanceof Json.Arr(var list) ->
                    new Json.Arr(list.stream().map(i -> value(items.element(), i)).toList());
            case Schema.Struct _, Schema.Dict _, Schema.Items _, Schema.Scalar _, Schema.Free _ ->
                    given;
        };
    }

    private static Json.Obj struct(Schema.Struct schema, Json.Obj given) {
        var filled = new LinkedHashMap<>(given.fields());
        schema.fields()
                .forEach((name, field) -> {
                    var old = filled.get(name);
                    var fallback = field.facts().fallback();
                    if (old != null && !isAbsent(field, old)) {
                        filled.put(name, value(field, old));
                    } else if (fallback.isPresent()) {
                        filled.put(name, value(field, fallback.get()));
                    } else if (isEmptyPart(schema, name, field)) {
                        filled.put(name, value(field, Json.Obj.EMPTY));
                    }
                });
        return new Json.Obj(filled);
    }

    private static boolean isAbsent(Schema field, Json value) {
        return value instanceof Json.Null && !field.facts().nullable();
    }

    /** Kubernetes prints these as {@code {}}, and what is inside has defaults of its own. */
    private static boolean isEmptyPart(Schema.Struct owner, String name, Schema field) {
        return owner.always().contains(name)
                && !name.equals("metadata")
                && field instanceof Schema.Struct struct
                && !struct.atomic();
    }

    private static Json.Obj dependent(Resource resource, Json.Obj object) {
        if (resource.equals(Resource.DEPLOYMENT)) {
            return at(strategy(object), TEMPLATE_SPEC, Defaulter::podSpec);
        }
        if (resource.equals(Resource.REPLICA_SET)) {
            return at(object, TEMPLATE_SPEC, Defaulter::podSpec);
        }
        if (resource.equals(Resource.POD)) {
            return at(object, SPEC, spec -> podOnly(podSpec(spec)));
        }
        if (resource.equals(Resource.SERVICE)) {
            return at(object, SPEC, spec -> each(spec, "ports", Defaulter::servicePort));
        }
        if (resource.equals(Resource.SECRET)) {
            return SecretData.merged(object);
        }
        if (resource.equals(Resource.NAMESPACE)) {
            return object.text("metadata", "name")
                    .map(name ->
                            object.withAt(
                                    List.of("metadata", "labels", "kubernetes.io/metadata.name"),
                                    Json.of(name)))
                    .orElse(object);
        }
        return object;
    }

    private static Json.Obj strategy(Json.Obj deployment) {
        var strategy = deployment.object("spec", "strategy");
        if (!strategy.text("type").orElse("").equals("RollingUpdate")) {
            return deployment;
        }
        var rolling = new LinkedHashMap<>(ROLLING.fields());
        rolling.putAll(strategy.object("rollingUpdate").fields());
        return deployment.withAt(
                List.of("spec", "strategy", "rollingUpdate"), new Json.Obj(rolling));
    }

    private static Json.Obj podSpec(Json.Obj spec) {
        var filled = each(spec, "volumes", Defaulter::volume);
        for (var list : List.of("containers", "initContainers", "ephemeralContainers")) {
            filled = each(filled, list, Defaulter::container);
        }
        var account = filled.at("serviceAccountName").or(() -> spec.at("serviceAccount"));
        if (account.isPresent()) {
            filled =
                    filled.with("serviceAccountName", account.get())
                            .with("serviceAccount", account.get());
        }
        return filled;
    }

    private static Json.Obj podOnly(Json.Obj spec) {
        var filled = each(spec, "containers", Defaulter::requestsOfLimits);
        return filled.has("enableServiceLinks")
                ? filled
                : filled.with("enableServiceLinks", Json.of(true));
    }

    private static Json.Obj volume(Json.Obj volume) {
        return volume.fields().keySet().equals(Set.of("name"))
                ? volume.with("emptyDir", Json.Obj.EMPTY)
                : volume;
    }

    private static Json.Obj container(Json.Obj container) {
        if (container.has("imagePullPolicy")) {
            return container;
        }
        boolean latest = isLatest(container.text("image").orElse(""));
        return container.with("imagePullPolicy", Json.of(latest ? "Always" : "IfNotPresent"));
    }

    private static boolean isLatest(String image) {
        var name = image.substring(image.lastIndexOf('/') + 1);
        return !name.contains("@") && (!name.contains(":") || name.endsWith(":latest"));
    }

    private static Json.Obj requestsOfLimits(Json.Obj container) {
        var limits = container.object("resources", "limits");
        if (limits.isEmpty()) {
            return container;
        }
        var requests = new LinkedHashMap<>(limits.fields());
        requests.putAll(container.object("resources", "requests").fields());
        return container.withAt(List.of("resources", "requests"), new Json.Obj(requests));
    }

    private static Json.Obj servicePort(Json.Obj port) {
        Map<String, Json> fields = port.fields();
        return fields.containsKey("targetPort") || !fields.containsKey("port")
                ? port
                : port.with("targetPort", fields.get("port"));
    }

    private static Json.Obj at(Json.Obj object, List<String> path, UnaryOperator<Json.Obj> change) {
        return object.at(path.toArray(String[]::new)).orElse(Json.Null.VALUE)
                        instanceof Json.Obj part
                ? object.withAt(path, change.apply(part))
                : object;
    }

    private static Json.Obj each(Json.Obj object, String list, UnaryOperator<Json.Obj> change) {
        if (!(object.fields().get(list) instanceof Json.Arr(var items))) {
            return object;
        }
        var changed = new ArrayList<Json>(items.size());
        items.forEach(i -> changed.add(i instanceof Json.Obj item ? change.apply(item) : i));
        return object.with(list, new Json.Arr(changed));
    }
}
