package dev.marea.local.patch;

import dev.marea.local.objects.Refusal;
import dev.marea.local.schema.Kind;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who owns which field ({@code metadata.managedFields}), through updates and server-side apply: an
 * updater takes what it changes, an applier claims what it sends and gives up what it no longer
 * sends.
 */
public final class Ownership {
    private static final List<String> MANAGED_FIELDS = List.of("metadata", "managedFields");
    private static final String BEFORE_FIRST_APPLY = "before-first-apply";

    /** What the API itself owns. */
    private static final FieldSet NOBODYS =
            FieldSet.of(
                    List.of(
                            path("apiVersion"),
                            path("kind"),
                            path("metadata"),
                            path("metadata", "name"),
                            path("metadata", "namespace"),
                            path("metadata", "creationTimestamp"),
                            path("metadata", "selfLink"),
                            path("metadata", "uid"),
                            path("metadata", "clusterName"),
                            path("metadata", "generation"),
                            path("metadata", "managedFields"),
                            path("metadata", "resourceVersion")));

    private final Kind kind;
    private final Author author;
    private final Optional<Json.Obj> live;

    private Ownership(Kind kind, Author author, Optional<Json.Obj> live) {
        this.kind = kind;
        this.author = author;
        this.live = live;
    }

    private static List<Step> path(String... names) {
        return java.util.Arrays.stream(names).map(name -> (Step) new Step.Field(name)).toList();
    }

    /**
     * The next object of a create, update or patch with its managedFields: the author owns what it
     * changed. Call it with the decoded and defaulted object. If nothing but the time of an entry
     * would change, the live entries are kept, so that {@code next} equals {@code live}.
     */
    public static Json.Obj updated(
            Kind kind, Optional<Json.Obj> live, Json.Obj next, Author author) {
        return new Ownership(kind, author, live).update(next);
    }

    /**
     * Server-side apply: the live object (empty: create) merged with the applied configuration,
     * with managedFields. Decode the configuration before ({@link Kind#decode}, not defaulted) and
     * default the answer after. Refused with Conflict where another manager owns a changed field,
     * unless forced.
     */
    public static Json.Obj applied(
            Kind kind, Optional<Json.Obj> live, Json.Obj config, Author author, boolean force)
            throws Refusal {
        AppliedConfig.check(kind, config);
        return new Ownership(kind, author, live).apply(config, force);
    }

    private Json.Obj update(Json.Obj sent) {
        var next = sent.withoutAt(MANAGED_FIELDS);
        var before = liveOwners();
        boolean reset = author.subresource().isEmpty() && resets(sent);
        var owners = reset ? Owners.NONE : sentOwners(sent).orElse(before);
        boolean tracked = live.isEmpty() || !owners.isEmpty();
        if (!tracked) {
            return next;
        }
        var after = updatedOwners(owners, id(Owner.UPDATE), bareLive(), next);
        return keepingTimes(next, after.capped());
    }

    /** An empty list, or one empty entry, wipes all ownership. */
    private static boolean resets(Json.Obj sent) {
        return sent.at("metadata", "managedFields").orElse(Json.Null.VALUE)
                        instanceof Json.Arr(var entries)
                && (entries.isEmpty() || entries.equals(List.of(Json.Obj.EMPTY)));
    }

    /** Who knows of managedFields may change them; a subresource may not. */
    private Optional<Owners> sentOwners(Json.Obj sent) {
        return author.subresource().isEmpty()
                ? Owners.decoded(sent.list("metadata", "managedFields"))
                : Optional.empty();
    }

    private Owners liveOwners() {
        return live.flatMap(l -> Owners.decoded(l.list("metadata", "managedFields")))
                .orElse(Owners.NONE);
    }

    private Json.Obj bare(Json.Obj object) {
        return object.withoutAt(MANAGED_FIELDS);
    }

    private Json.Obj bareLive() {
        return live.map(this::bare).orElse(Json.Obj.EMPTY);
    }

    private Owner.Id id(String operation) {
        return Owner.Id.of(
                author.manager(), operation, author.subresource(), kind.resource().apiVersion());
    }

    private Owners updatedOwners(Owners owners, Owner.Id id, Json.Obj before, Json.Obj after) {
        var comparison = Comparison.of(kind.schema(), before, after);
        var changed = concerned(comparison.changed());
        var removed = concerned(comparison.removed());
        // Nobody is spared: the author's own entries lose the fields, then it takes the changed.
        var rest = owners.map(fields -> fields.without(changed).without(removed));
        var taken = changed.without(NOBODYS);
        if (taken.isEmpty()) {
            return rest;
        }
        var fields = rest.find(id).map(owner -> owner.fields().union(taken)).orElse(taken);
        var owner = new Owner(id, kind.resource().apiVersion(), Optional.of(author.time()), fields);
        return rest.with(owner);
    }

    /** The status belongs to its subresource, everything else to the object itself. */
    private FieldSet concerned(FieldSet fields) {
        if (!kind.statusSubresource()) {
            return fields;
        }
        Predicate<Step> isStatus = step -> step.equals(new Step.Field("status"));
        return fields.withoutTrees(
                author.subresource().equals("status") ? isStatus.negate() : isStatus);
    }

    private Json.Obj apply(Json.Obj config, boolean force) throws Refusal {
        var owners = liveOwners();
        if (owners.isEmpty() && live.isPresent()) {
            owners = beforeFirstApply(live.get());
        }
        var before = bareLive();
        var lastSet = owners.find(id(Owner.APPLY)).map(Owner::fields).orElse(new FieldSet());
        var claim = concerned(TypedFields.of(kind.schema(), config));
        var claimed = owners.with(applier(owners, claim));
        var merged = TypedMerge.merge(kind.schema(), before, ownPart(config));
        var next = new Pruning(kind.schema(), merged, claimed, lastSet).pruned();
        var comparison = Comparison.of(kind.schema(), before, next);
        var changed = concerned(comparison.changed());
        var removed = concerned(comparison.removed());
        refuse(Conflicts.of(claimed, id(Owner.APPLY), changed), before, force);
        var owned = claim.without(NOBODYS);
        var settled =
                claimed.mapOthers(id(Owner.APPLY), f -> f.without(changed).without(removed))
                        .with(applier(owners, owned));
        boolean same = next.equals(before) && lastSet.equals(owned);
        var result = LastApplied.carriedOver(next, config, author.manager());
        return keepingTimes(result, same ? settled : stamped(settled));
    }

    private Owner applier(Owners owners, FieldSet fields) {
        var id = id(Owner.APPLY);
        return new Owner(
                id, kind.resource().apiVersion(), owners.find(id).flatMap(Owner::time), fields);
    }

    private Owners beforeFirstApply(Json.Obj object) {
        var id =
                Owner.Id.of(
                        BEFORE_FIRST_APPLY,
                        Owner.UPDATE,
                        author.subresource(),
                        kind.resource().apiVersion());
        return updatedOwners(Owners.NONE, id, Json.Obj.EMPTY, bare(object));
    }

    /** What of a configuration may be applied through this door. */
    private Json.Obj ownPart(Json.Obj config) {
        if (!kind.statusSubresource()) {
            return config;
        }
        if (!author.subresource().equals("status")) {
            return config.without("status");
        }
        return config.at("status")
                .map(status -> Json.Obj.of("status", status))
                .orElse(Json.Obj.EMPTY);
    }

    private Owners stamped(Owners owners) {
        return owners.find(id(Owner.APPLY))
                .map(owner -> owners.with(owner.at(author.time())))
                .orElse(owners);
    }

    private void refuse(Conflicts conflicts, Json.Obj before, boolean force) throws Refusal {
        if (force || conflicts.none()) {
            return;
        }
        var left =
                author.manager().equals("kubectl")
                        ? conflicts.except(LastApplied.unchanged(kind, before))
                        : conflicts;
        if (!left.none()) {
            throw left.refusal();
        }
    }

    /** A change that leaves all but times as they were leaves the times too. */
    private Json.Obj keepingTimes(Json.Obj next, Owners owners) {
        if (owners.isEmpty()) {
            return next;
        }
        if (live.isPresent() && bare(live.get()).equals(next)) {
            var old = live.get().list("metadata", "managedFields");
            if (timeless(old).equals(timeless(owners.encoded().items()))) {
                return live.get();
            }
        }
        return next.withAt(MANAGED_FIELDS, owners.encoded());
    }

    private static List<Json> timeless(List<Json> entries) {
        return entries.stream()
                .map(entry -> entry instanceof Json.Obj object ? object.without("time") : entry)
                .sorted(java.util.Comparator.comparing(Json::toString))
                .toList();
    }
}
