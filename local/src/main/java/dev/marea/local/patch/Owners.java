package dev.marea.local.patch;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** All owners of an object's fields; immutable. */
final class Owners {
    /** More updaters than this are folded into one entry for each version, oldest first. */
    private static final int UPDATERS_MAX = 10;

    private static final String FOLDED = "ancient-changes";

    static final Owners NONE = new Owners(new TreeMap<>());

    private final SortedMap<Owner.Id, Owner> byId;

    private Owners(SortedMap<Owner.Id, Owner> byId) {
        this.byId = byId;
    }

    /** Empty if one of the entries cannot be read, or there are none. */
    static Optional<Owners> decoded(List<Json> entries) {
        var owners = new TreeMap<Owner.Id, Owner>();
        for (var entry : entries) {
            var owner = Owner.decoded(entry);
            if (owner.isEmpty()) {
                return Optional.empty();
            }
            owners.put(owner.get().id(), owner.get());
        }
        return owners.isEmpty() ? Optional.empty() : Optional.of(new Owners(owners));
    }

    Json.Arr encoded() {
        return new Json.Arr(
                byId.values().stream()
                        .sorted(Owner.ORDER)
                        .map(owner -> (Json) owner.encoded())
                        .toList());
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    Collection<Owner> all() {
        return byId.values();
    }

    Optional<Owner> find(Owner.Id id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** An owner without fields is none. */
    Owners with(Owner owner) {
        var next = new TreeMap<>(byId);
        if (owner.fields().isEmpty()) {
            next.remove(owner.id());
        } else {
            next.put(owner.id(), owner);
        }
        return new Owners(next);
    }

    /** Changes what everyone owns. */
    Owners map(UnaryOperator<FieldSet> change) {
        var next = this;
        for (var owner : byId.values()) {
            next = next.with(owner.with(change.apply(owner.fields())));
        }
        return next;
    }

    /** Changes what everyone except {@code id} owns. */
    Owners mapOthers(Owner.Id id, UnaryOperator<FieldSet> change) {
        var next = this;
        for (var owner : byId.values()) {
            if (!owner.id().equals(id)) {
                next = next.with(owner.with(change.apply(owner.fields())));
            }
        }
        return next;
    }

    FieldSet union() {
        return byId.values().stream().map(Owner::fields).reduce(new FieldSet(), FieldSet::union);
    }

    Owners capped() {
        var updaters =
                new ArrayList<>(
                        byId.values().stream().filter(owner -> !owner.id().applies()).toList());
        int tooMany = updaters.size() - UPDATERS_MAX;
        if (tooMany <= 0) {
            return this;
        }
        updaters.sort(
                Comparator.comparing((Owner owner) ->
                                owner.time().map(java.time.Instant::getEpochSecond).orElse(0L))
                        .thenComparing(Owner::id));
        var next = new TreeMap<>(byId);
        Map<String, Owner> folds = new HashMap<>();
        for (var old : updaters) {
            var fold = folds.get(old.apiVersion());
            if (fold == null) {
                folds.put(old.apiVersion(), old);
                continue;
            }
            if (tooMany == 0) {
                break;
            }
            next.remove(fold.id());
            next.remove(old.id());
            var id = Owner.Id.of(FOLDED, Owner.UPDATE, "", old.apiVersion());
            var folded =
                    new Owner(id, old.apiVersion(), old.time(), fold.fields().union(old.fields()));
            next.put(id, folded);
            folds.put(old.apiVersion(), folded);
            tooMany--;
        }
        return new Owners(next);
    }
}
