package dev.marea.local.objects;

import dev.marea.wire.json.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The metadata of an object, read as Kubernetes means it. */
public record Meta(Json.Obj object) {
    /** One entry of ownerReferences. */
    public record Owner(
            String apiVersion,
            String kind,
            String name,
            String uid,
            boolean controller,
            boolean blocks) {}

    public String name() {
        return object.text("metadata", "name").orElse("");
    }

    public String namespace() {
        return object.text("metadata", "namespace").orElse("");
    }

    public String uid() {
        return object.text("metadata", "uid").orElse("");
    }

    public String version() {
        return object.text("metadata", "resourceVersion").orElse("");
    }

    /** The seconds that a deletion leaves it. */
    public OptionalLong grace() {
        return object.integer("metadata", "deletionGracePeriodSeconds");
    }

    public long generation() {
        return object.integer("metadata", "generation").orElse(0);
    }

    public Key key(Resource resource) {
        return new Key(resource, namespace(), name());
    }

    public boolean deleting() {
        return object.text("metadata", "deletionTimestamp").isPresent();
    }

    public Instant created() {
        return instant(object.text("metadata", "creationTimestamp")).orElse(Instant.EPOCH);
    }

    public Map<String, String> labels() {
        return strings(object.object("metadata", "labels"));
    }

    public Map<String, String> annotations() {
        return strings(object.object("metadata", "annotations"));
    }

    public List<String> finalizers() {
        return object.list("metadata", "finalizers").stream()
                .flatMap(item -> item.text().stream())
                .toList();
    }

    public List<Owner> owners() {
        return object.list("metadata", "ownerReferences").stream().map(Meta::owner).toList();
    }

    public Optional<Owner> controller() {
        return owners().stream().filter(Owner::controller).findFirst();
    }

    private static Owner owner(Json ref) {
        return new Owner(
                ref.text("apiVersion").orElse(""),
                ref.text("kind").orElse(""),
                ref.text("name").orElse(""),
                ref.text("uid").orElse(""),
                ref.flag("controller"),
                ref.flag("blockOwnerDeletion"));
    }

    /** A reference by which this object owns another as its controller. */
    public Json.Obj controls(Resource resource) {
        return Json.Obj.of(
                "apiVersion", resource.apiVersion(),
                "kind", resource.kind(),
                "name", name(),
                "uid", uid(),
                "controller", true,
                "blockOwnerDeletion", true);
    }

    /** The string values of an object; others are left out. */
    public static Map<String, String> strings(Json.Obj object) {
        var strings = new LinkedHashMap<String, String>();
        object.fields()
                .forEach((name, value) -> {
                    if (value instanceof Json.Str(var text)) {
                        strings.put(name, text);
                    }
                });
        return strings;
    }

    public static Optional<Instant> instant(Optional<String> text) {
        try {
            return text.map(Instant::parse);
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    /** As Kubernetes writes times: whole seconds. */
    public static String stamp(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
