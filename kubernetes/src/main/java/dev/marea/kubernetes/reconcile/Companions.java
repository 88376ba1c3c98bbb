package dev.marea.kubernetes.reconcile;

import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.ApiRefusal;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.api.Served;
import dev.marea.kubernetes.objects.Names;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects that stand beside a service's Deployments: autoscalers, budgets, policies, monitors,
 * workers. Not watched, for they would fill our memory and nobody else writes them: one listing of
 * their metadata tells what an operator before us has left, and after that we know what we wrote.
 */
final class Companions {
    private static final Logger LOG = LoggerFactory.getLogger(Companions.class);

    private final Api api;
    private final Served served;
    private final Map<Place, Map<String, Known>> known = new ConcurrentHashMap<>();
    private final ReentrantLock listing = new ReentrantLock();

    private record Place(Kind kind, String namespace) {}

    /**
     * One that is there.
     *
     * @param owner the uid of the service whose it is; empty if it is none of ours
     * @param stamp what was applied
     */
    private record Known(String owner, String stamp) {
        static final Known FOREIGN = new Known("", "");

        static Known of(Json tree) {
            var owner =
                    tree.list("metadata", "ownerReferences").stream()
                            .flatMap(o -> o.text("uid").stream())
                            .findFirst();
            return new Known(
                    owner.orElse(""),
                    tree.text("metadata", "annotations", Names.APPLIED).orElse(""));
        }
    }

    Companions(Api api, Served served) {
        this.api = api;
        this.served = served;
    }

    /** Makes the one of this kind as it should be, or sees to it that there is none. */
    void keep(Kind kind, Subject subject, Optional<Json.Obj> wanted) throws IOException {
        keep(kind, subject, Names.predictor(subject.name()), wanted);
    }

    /** The same for one of another name. */
    void keep(Kind kind, Subject subject, String name, Optional<Json.Obj> wanted)
            throws IOException {
        if (!served.has(kind)) {
            return;
        }
        var there = there(kind, subject.namespace());
        var before = Optional.ofNullable(there.get(name));
        if (wanted.isPresent()) {
            var asked = Known.of(wanted.get());
            if (before.filter(asked::equals).isEmpty()) {
                there.put(name, put(kind, subject, wanted.get(), before));
            }
        } else if (before.filter(b -> b.owner().equals(subject.uid())).isPresent()) {
            api.delete(kind, subject.namespace(), name);
            there.remove(name);
        }
    }

    /** What the API collects with its owner. */
    void forget(Subject subject) {
        known.forEach((place, there) -> {
            if (place.namespace().equals(subject.namespace())) {
                there.values().removeIf(k -> k.owner().equals(subject.uid()));
            }
        });
    }

    private Known put(Kind kind, Subject subject, Json.Obj wanted, Optional<Known> before)
            throws IOException {
        if (before.filter(Known.FOREIGN::equals).isPresent()) {
            return Known.FOREIGN;
        }
        if (before.isEmpty()) {
            try {
                return Known.of(api.create(kind, subject.namespace(), wanted));
            } catch (ApiRefusal refused) {
                if (!refused.conflict()) {
                    throw refused;
                }
            }
            if (!mayTakeOver(kind, subject, wanted)) {
                return Known.FOREIGN;
            }
        }
        return Known.of(api.apply(kind, subject.namespace(), wanted, true));
    }

    /** A namesake that somebody made by hand is theirs. */
    private boolean mayTakeOver(Kind kind, Subject subject, Json.Obj wanted) throws IOException {
        var name = wanted.text("metadata", "name").orElseThrow();
        var namesake = api.named(kind, subject.namespace(), name);
        var ours =
                namesake.filter(t ->
                                t.text("metadata", "annotations", Names.APPLIED).isEmpty()
                                        && !Known.of(t).owner().equals(subject.uid()))
                        .isEmpty();
        if (!ours) {
            LOG.warn(
                    "{} {}/{} is not Marea's and is left alone; delete it to get the one of the service",
                    kind.name(),
                    subject.namespace(),
                    name);
        }
        return ours;
    }

    private Map<String, Known> there(Kind kind, String namespace) throws IOException {
        var place = new Place(kind, namespace);
        var listed = known.get(place);
        if (listed != null) {
            return listed;
        }
        // Many services of a namespace ask at one moment; one listing is enough for all.
        listing.lock();
        try {
            var meanwhile = known.get(place);
            if (meanwhile != null) {
                return meanwhile;
            }
            var there = new ConcurrentHashMap<String, Known>();
            for (var item : api.metadata(kind, namespace, Names.SERVICE_LABEL)) {
                there.put(item.text("metadata", "name").orElse(""), Known.of(item));
            }
            known.put(place, there);
            return there;
        } finally {
            listing.unlock();
        }
    }
}
