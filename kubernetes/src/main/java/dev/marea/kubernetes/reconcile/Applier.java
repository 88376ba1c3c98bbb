package dev.marea.kubernetes.reconcile;

import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.ApiRefusal;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.expose.NameTaken;
import dev.marea.kubernetes.expose.Writes;
import dev.marea.kubernetes.objects.Names;
import dev.marea.kubernetes.objects.Rendered;
import dev.marea.kubernetes.objects.Settled;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes objects so, and writes nothing where they are so already. Some fields the API keeps in
 * another form than we sent; what our own last write came to is therefore remembered.
 */
final class Applier implements Writes {
    private static final int REMEMBERED_MAX = 100_000;

    private final Api api;
    private final Map<String, Remembered> remembered = new ConcurrentHashMap<>();

    private record Remembered(String wanted, String live, long version) {}

    Applier(Api api) {
        this.api = api;
    }

    /** Applies a tree unless it stands already; returns what stands now. */
    Json.Obj ensure(Kind kind, String namespace, Optional<Json.Obj> live, Json.Obj wanted)
            throws IOException {
        return ensure(kind, namespace, live, wanted, true);
    }

    /** What we do not know to be ours is not taken: the API says whose it is. */
    @Override
    public Json.Obj claim(Kind kind, String namespace, Optional<Json.Obj> live, Json.Obj wanted)
            throws IOException {
        try {
            return ensure(kind, namespace, live, wanted, live.isPresent());
        } catch (ApiRefusal refused) {
            var there =
                    live.isEmpty() && (refused.conflict() || refused.code() == 422)
                            ? api.named(kind, namespace, name(wanted))
                            : Optional.<Json.Obj>empty();
            if (there.isEmpty()) {
                throw refused;
            }
            if (owner(there.get()).equals(owner(wanted))) {
                return ensure(kind, namespace, there, wanted, true);
            }
            throw new NameTaken(
                    "%s %s/%s belongs to somebody else; rename or delete one of the two"
                            .formatted(kind.name(), namespace, name(wanted)));
        }
    }

    private Json.Obj ensure(
            Kind kind, String namespace, Optional<Json.Obj> live, Json.Obj wanted, boolean force)
            throws IOException {
        var key = kind.plural() + "/" + namespace + "/" + name(wanted);
        if (live.isPresent() && stands(key, live.get(), wanted)) {
            return live.get();
        }
        var applied = api.apply(kind, namespace, wanted, force);
        if (remembered.size() >= REMEMBERED_MAX) {
            remembered.clear();
        }
        remembered.put(
                key,
                new Remembered(
                        Rendered.digest(wanted), essence(applied), PlanExecution.version(applied)));
        return applied;
    }

    private boolean stands(String key, Json.Obj live, Json.Obj wanted) {
        if (Settled.in(live, wanted)) {
            return true;
        }
        var last = remembered.get(key);
        return last != null
                && (lags(live, last) || last.live().equals(essence(live)))
                && last.wanted().equals(Rendered.digest(wanted));
    }

    /** What we see is older than what we wrote. */
    private static boolean lags(Json.Obj live, Remembered last) {
        return PlanExecution.version(live) < last.version();
    }

    /** All that is not the API's own book-keeping, nor somebody else's to set. */
    private static String essence(Json.Obj live) {
        var metadata = live.object("metadata");
        var kept =
                Json.Obj.of(
                        "labels", metadata.object("labels"),
                        "annotations", metadata.object("annotations"),
                        "ownerReferences", new Json.Arr(metadata.list("ownerReferences")));
        return Rendered.digest(
                live.without("status")
                        .withoutAt(List.of("spec", "replicas"))
                        .with("metadata", kept));
    }

    /**
     * Creates a Deployment with its first replicas. A plain create and no apply: replicas that are
     * applied once and left out later would be taken back.
     */
    Json.Obj createDeployment(String namespace, Json.Obj wanted, int replicas) throws IOException {
        try {
            return api.create(
                    Kind.DEPLOYMENT,
                    namespace,
                    wanted.withAt(List.of("spec", "replicas"), Json.of(replicas)));
        } catch (ApiRefusal refused) {
            if (!refused.conflict()) {
                throw refused;
            }
            return api.apply(Kind.DEPLOYMENT, namespace, wanted, true);
        }
    }

    /** Creates what is kept of a revision; a name that another one holds is an error. */
    Json.Obj createRevision(String namespace, Json.Obj wanted) throws IOException {
        try {
            return api.create(Kind.CONTROLLER_REVISION, namespace, wanted);
        } catch (ApiRefusal refused) {
            if (!refused.conflict()) {
                throw refused;
            }
            var there = api.named(Kind.CONTROLLER_REVISION, namespace, name(wanted));
            return there.filter(t -> same(t, wanted)).orElseThrow(() -> refused);
        }
    }

    private static boolean same(Json.Obj there, Json.Obj wanted) {
        return there.text("metadata", "annotations", Names.IDENTITY)
                        .equals(wanted.text("metadata", "annotations", Names.IDENTITY))
                && owner(there).equals(owner(wanted));
    }

    private static Optional<String> owner(Json.Obj tree) {
        return tree.list("metadata", "ownerReferences").stream()
                .flatMap(o -> o.text("uid").stream())
                .findFirst();
    }

    @Override
    public void delete(Kind kind, String namespace, String name) throws IOException {
        api.delete(kind, namespace, name);
        remembered.remove(kind.plural() + "/" + namespace + "/" + name);
    }

    private static String name(Json.Obj tree) {
        return tree.text("metadata", "name").orElseThrow();
    }
}
