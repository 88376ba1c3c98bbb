package dev.marea.local.patch;

import dev.marea.wire.json.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * One entry of managedFields without its fields. Two entries are one owner if all but the time is
 * equal; an applier stays the same whatever version it applies.
 */
record Owner(Id id, String apiVersion, Optional<Instant> time, FieldSet fields) {
    static final String APPLY = "Apply";
    static final String UPDATE = "Update";

    /** Kubernetes prints them in this order: appliers, then by age. */
    static final Comparator<Owner> ORDER =
            Comparator.comparing((Owner owner) -> owner.id.operation)
                    .thenComparing(owner -> owner.time.map(Instant::getEpochSecond).orElse(0L))
                    .thenComparing(owner -> owner.id.manager)
                    .thenComparing(owner -> owner.apiVersion)
                    .thenComparing(owner -> owner.id.subresource);

    record Id(String manager, String operation, String subresource, String apiVersion)
            implements Comparable<Id> {
        private static final Comparator<Id> ORDER =
                Comparator.comparing(Id::manager)
                        .thenComparing(Id::operation)
                        .thenComparing(Id::subresource)
                        .thenComparing(Id::apiVersion);

        static Id of(String manager, String operation, String subresource, String apiVersion) {
            return new Id(
                    manager, operation, subresource, operation.equals(APPLY) ? "" : apiVersion);
        }

        boolean applies() {
            return operation.equals(APPLY);
        }

        /** As a conflict names it. */
        String printed() {
            var text = Json.of(manager).toString();
            if (!subresource.isEmpty()) {
                text += " with subresource " + Json.of(subresource);
            }
            return applies() ? text : text + " using " + apiVersion;
        }

        @Override
        public int compareTo(Id other) {
            return ORDER.compare(this, other);
        }
    }

    Owner with(FieldSet next) {
        return new Owner(id, apiVersion, time, next);
    }

    Owner at(Instant now) {
        return new Owner(id, apiVersion, Optional.of(now), fields);
    }

    Json.Obj encoded() {
        var entry = new LinkedHashMap<String, Json>();
        entry.put("manager", Json.of(id.manager));
        entry.put("operation", Json.of(id.operation));
        entry.put("apiVersion", Json.of(apiVersion));
        time.ifPresent(t ->
                entry.put("time", Json.of(Instant.ofEpochSecond(t.getEpochSecond()).toString())));
        entry.put("fieldsType", Json.of("FieldsV1"));
        entry.put("fieldsV1", fields.encoded());
        if (!id.subresource.isEmpty()) {
            entry.put("subresource", Json.of(id.subresource));
        }
        return new Json.Obj(entry);
    }

    /** Empty if it is no entry that Kubernetes would have written. */
    static Optional<Owner> decoded(Json entry) {
        var operation = entry.text("operation").orElse("");
        var apiVersion = entry.text("apiVersion").orElse("");
        var fields = FieldSet.decoded(entry.at("fieldsV1").orElse(Json.Obj.EMPTY));
        boolean sound = operation.equals(APPLY) || operation.equals(UPDATE);
        if (!sound || fields.isEmpty()) {
            return Optional.empty();
        }
        var manager = entry.text("manager").orElse("");
        var subresource = entry.text("subresource").orElse("");
        return Optional.of(
                new Owner(
                        Id.of(manager, operation, subresource, apiVersion),
                        apiVersion,
                        entry.text("time").flatMap(Owner::instant),
                        fields.get()));
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }
}
