package dev.marea.local.api;

import dev.marea.local.objects.Deletion;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.patch.Author;
import dev.marea.local.patch.Ownership;
import dev.marea.wire.admission.Admission;
import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * What every object goes through on its way into the store: identity, what the author may not
 * touch, defaults, checks, admission, generation.
 */
public final class Rules {
    private static final int OBJECT_BYTES_MAX = 1_572_864; // etcd's limit

    private final Map<Resource, Admission> admissions;
    private final Clock clock;
    private final RandomGenerator chance;

    public Rules(Map<Resource, Admission> admissions, Clock clock, RandomGenerator chance) {
        this.admissions = Map.copyOf(admissions);
        this.clock = clock;
        this.chance = chance;
    }

    /** The object with its kind, its namespace and a name, made up if it asks for that. */
    Json.Obj named(ServedKind kind, String namespace, Json.Obj object) throws Refusal {
        if (!new Meta(object).version().isEmpty()) {
            throw Refusal.badRequest("resourceVersion should not be set on objects to be created");
        }
        var next = identified(kind, namespace, object);
        var prefix = next.text("metadata", "generateName").orElse("");
        if (new Meta(next).name().isEmpty() && !prefix.isEmpty()) {
            next = Metadata.with(next, "name", Json.of(GeneratedName.after(prefix, chance)));
        }
        return next;
    }

    private static Json.Obj identified(ServedKind kind, String namespace, Json.Obj object) {
        var next =
                object.with("apiVersion", Json.of(kind.resource().apiVersion()))
                        .with("kind", Json.of(kind.resource().kind()));
        return kind.resource().namespaced()
                ? Metadata.with(next, "namespace", Json.of(namespace))
                : Metadata.without(next, "namespace");
    }

    Json.Obj created(ServedKind kind, Key key, Json.Obj named, Source source, Terms terms)
            throws Refusal {
        var next = Metadata.dropOwn(decoded(kind, named, terms));
        if (kind.status()) {
            next = next.without("status");
        }
        next = kind.schema().defaulted(BuiltIn.defaulted(kind, next));
        next = Metadata.with(next, "uid", Json.of(UUID.randomUUID().toString()));
        next = Metadata.with(next, "creationTimestamp", Json.of(Meta.stamp(clock.instant())));
        if (kind.counted()) {
            next = Metadata.with(next, "generation", Json.of(1));
        }
        next = owned(kind, Optional.empty(), Part.MAIN, next, source, terms);
        check(kind, key, Optional.empty(), next, terms);
        return next;
    }

    Json.Obj updated(
            ServedKind kind,
            Key key,
            Part part,
            Json.Obj stored,
            Json.Obj wanted,
            Source source,
            Terms terms)
            throws Refusal {
        checkIdentity(kind, key, stored, wanted, terms);
        var next = decoded(kind, identified(kind, key.namespace(), wanted), terms);
        next = kind.status() ? half(part, stored, next) : next;
        next = Metadata.keepOwn(stored, next);
        if (part != Part.STATUS) {
            next = kind.schema().defaulted(BuiltIn.defaulted(kind, next));
        }
        next = counted(kind, stored, next);
        next = owned(kind, Optional.of(stored), part, next, source, terms);
        if (!next.equals(stored)) {
            check(kind, key, Optional.of(stored), next, terms);
        }
        return next;
    }

    private static Json.Obj decoded(ServedKind kind, Json.Obj given, Terms terms) throws Refusal {
        var decoded = kind.schema().decode(given, terms.unknownFields());
        decoded.warnings().forEach(terms.warnings());
        return decoded.object();
    }

    /**
     * An apply has settled the owners of its fields already; everything else takes what it changed.
     */
    private Json.Obj owned(
            ServedKind kind,
            Optional<Json.Obj> live,
            Part part,
            Json.Obj next,
            Source source,
            Terms terms) {
        return switch (source) {
            case APPLY -> next;
            case WHOLE ->
                    Ownership.updated(
                            kind.schema(), live, next, author(terms.manager(), part.subresource()));
        };
    }

    public Author author(String manager, String subresource) {
        return new Author(manager, subresource, clock.instant());
    }

    private static void checkIdentity(
            ServedKind kind, Key key, Json.Obj stored, Json.Obj wanted, Terms terms)
            throws Refusal {
        var version = new Meta(wanted).version();
        if (version.isEmpty() && terms.conditional() && kind.crd().isPresent()) {
            throw Refusal.invalid(
                    key.resource(),
                    key.name(),
                    List.of(
                            FieldError.invalid(
                                    "metadata.resourceVersion",
                                    "Invalid value: 0x0: must be specified for an update")));
        }
        if (!version.isEmpty() && !version.equals(new Meta(stored).version())) {
            throw Refusal.modified(key.resource(), key.name());
        }
        var uid = wanted.text("metadata", "uid").orElse("");
        var storedUid = stored.text("metadata", "uid").orElse("");
        if (!uid.isEmpty() && !uid.equals(storedUid)) {
            throw Refusal.conflict(
                    key.resource(),
                    key.name(),
                    "Precondition failed: UID in precondition: %s, UID in object meta: %s"
                            .formatted(uid, storedUid));
        }
    }

    /** Each door writes its own half and leaves the other as it is stored. */
    private static Json.Obj half(Part part, Json.Obj stored, Json.Obj wanted) {
        return switch (part) {
            case MAIN, SCALE -> put(wanted, "status", stored.at("status"));
            case STATUS ->
                    put(
                            withManagedFields(stored, wanted.at("metadata", "managedFields")),
                            "status",
                            wanted.at("status"));
        };
    }

    /** An apply to the status has settled its owners in the wanted object. */
    private static Json.Obj withManagedFields(Json.Obj object, Optional<Json> fields) {
        return fields.isPresent() ? Metadata.with(object, "managedFields", fields.get()) : object;
    }

    private static Json.Obj put(Json.Obj object, String field, Optional<Json> value) {
        return value.isPresent() ? object.with(field, value.get()) : object.without(field);
    }

    private static Json.Obj counted(ServedKind kind, Json.Obj stored, Json.Obj next) {
        if (!kind.counted() || asked(stored).equals(asked(next))) {
            return next;
        }
        long generation = stored.integer("metadata", "generation").orElse(0) + 1;
        return Metadata.with(next, "generation", Json.of(generation));
    }

    /** What an author asks for: everything but metadata and status. */
    private static Json.Obj asked(Json.Obj object) {
        return object.without("metadata").without("status");
    }

    private void check(
            ServedKind kind, Key key, Optional<Json.Obj> before, Json.Obj next, Terms terms)
            throws Refusal {
        kind.schema().validate(before, next);
        var verdict = admissions.getOrDefault(kind.resource(), Admission.NONE).review(before, next);
        verdict.warnings().forEach(terms.warnings());
        if (!verdict.errors().isEmpty()) {
            throw Refusal.invalid(key.resource(), key.name(), verdict.errors());
        }
        int bytes = JsonWriter.bytes(next).length;
        if (bytes > OBJECT_BYTES_MAX) {
            throw Refusal.tooLarge(
                    "the object has %d bytes, and at most %d are kept"
                            .formatted(bytes, OBJECT_BYTES_MAX));
        }
    }

    Json.Obj deleted(Key key, Json.Obj stored, Deletion how, String manager) {
        return Deletions.marked(key, stored, how, manager, clock.instant());
    }
}
