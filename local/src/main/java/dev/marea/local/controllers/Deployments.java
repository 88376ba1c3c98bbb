package dev.marea.local.controllers;

import dev.marea.local.objects.Change;
import dev.marea.local.objects.Deletion;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.work.Conditions;
import dev.marea.local.work.Follow;
import dev.marea.local.work.WorkQueue;
import dev.marea.wire.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rolls a Deployment's template out: a ReplicaSet per template, resized step by step. */
final class Deployments implements Controller {
    private static final int PARALLEL = 4;
    private static final Set<String> OWN_ANNOTATIONS =
            Set.of(
                    "kubectl.kubernetes.io/last-applied-configuration",
                    ReplicaSetView.REVISION,
                    ReplicaSetView.DESIRED,
                    ReplicaSetView.MAX);

    private final Tools tools;
    private final WorkQueue<Key> queue;
    private final List<Follow> follows = new ArrayList<>();

    Deployments(Tools tools) {
        this.tools = tools;
        this.queue = new WorkQueue<>("deployments", PARALLEL, tools.time(), this::look);
    }

    @Override
    public void start() {
        follows.add(
                Follow.all(
                        tools.objects(), Resource.DEPLOYMENT, change -> queue.add(change.key())));
        follows.add(Follow.all(tools.objects(), Resource.REPLICA_SET, this::setChanged));
        follows.add(Follow.all(tools.objects(), Resource.POD, this::podChanged));
    }

    private void setChanged(Change change) {
        var set = new Meta(change.object());
        set.controller()
                .filter(owner -> owner.kind().equals(Resource.DEPLOYMENT.kind()))
                .map(owner -> new Key(Resource.DEPLOYMENT, set.namespace(), owner.name()))
                .ifPresentOrElse(queue::add, () -> orphanChanged(set));
    }

    private void orphanChanged(Meta set) {
        tools.objects().list(Resource.DEPLOYMENT, set.namespace()).items().stream()
                .map(DeploymentView::new)
                .filter(deployment -> deployment.selector().matches(set.labels()))
                .forEach(deployment -> queue.add(deployment.meta().key(Resource.DEPLOYMENT)));
    }

    /** Recreate waits for the last old pod to be gone. */
    private void podChanged(Change change) {
        if (change.type() != Change.Type.DELETED) {
            return;
        }
        var pod = new Meta(change.object());
        pod.controller()
                .filter(owner -> owner.kind().equals(Resource.REPLICA_SET.kind()))
                .flatMap(owner ->
                        tools.objects()
                                .get(new Key(Resource.REPLICA_SET, pod.namespace(), owner.name())))
                .flatMap(set -> new Meta(set).controller())
                .ifPresent(owner ->
                        queue.add(new Key(Resource.DEPLOYMENT, pod.namespace(), owner.name())));
    }

    private Optional<Duration> look(Key key) throws Refusal {
        var found = tools.objects().get(key);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        var deployment = new DeploymentView(found.get());
        var rollout = rollout(deployment);
        if (!deployment.meta().deleting()) {
            rollout = act(rollout);
        }
        return writeStatus(rollout);
    }

    // ---- whose sets

    private Rollout rollout(DeploymentView deployment) throws Refusal {
        Optional<ReplicaSetView> latest = Optional.empty();
        var old = new ArrayList<ReplicaSetView>();
        for (var set : claimed(deployment)) {
            if (latest.isEmpty()
                    && set.template().equals(deployment.template())
                    && !set.meta().deleting()) {
                latest = Optional.of(set);
            } else {
                old.add(set);
            }
        }
        return new Rollout(deployment, latest, old);
    }

    private List<ReplicaSetView> claimed(DeploymentView deployment) throws Refusal {
        var meta = deployment.meta();
        var mine = new ArrayList<ReplicaSetView>();
        for (var object : tools.objects().list(Resource.REPLICA_SET, meta.namespace()).items()) {
            var set = new Meta(object);
            if (Pods.ownedBy(object, meta.uid())) {
                mine.add(new ReplicaSetView(object));
            } else if (set.controller().isEmpty()
                    && !set.deleting()
                    && !meta.deleting()
                    && deployment.selector().matches(set.labels())) {
                adopt(set, meta).map(ReplicaSetView::new).ifPresent(mine::add);
            }
        }
        return mine;
    }

    private Optional<Json.Obj> adopt(Meta set, Meta deployment) throws Refusal {
        return tools.edit()
                .object(
                        set.key(Resource.REPLICA_SET),
                        set.uid(),
                        now ->
                                new Meta(now).controller().isPresent()
                                        ? now
                                        : Owners.with(
                                                now, deployment.controls(Resource.DEPLOYMENT)))
                .filter(adopted -> Pods.ownedBy(adopted, deployment.uid()));
    }

    // ---- one step

    private Rollout act(Rollout rollout) throws Refusal {
        var deployment = rollout.deployment();
        if (deployment.paused() || rollout.scales()) {
            return resized(numbered(rollout), rollout.scale());
        }
        if (deployment.recreates() && oldPodsRun(rollout)) {
            return resized(rollout, rollout.endOld());
        }
        var current = numbered(withLatest(rollout));
        var next = resized(current, deployment.recreates() ? recreated(current) : current.roll());
        forget(next);
        return next;
    }

    private static List<Rollout.Resize> recreated(Rollout rollout) {
        var resizes = new ArrayList<>(rollout.endOld());
        var set = rollout.latest().orElseThrow();
        if (set.replicas() != rollout.latestReplicas()) {
            resizes.add(new Rollout.Resize(set, rollout.latestReplicas()));
        }
        return resizes;
    }

    private boolean oldPodsRun(Rollout rollout) {
        var old = rollout.old().stream().map(set -> set.meta().uid()).toList();
        return !old.isEmpty()
                && Pods.in(tools.objects(), rollout.deployment().meta().namespace()).stream()
                        .filter(pod -> !Pods.finished(pod))
                        .flatMap(pod -> new Meta(pod).controller().stream())
                        .anyMatch(owner -> old.contains(owner.uid()));
    }

    private Rollout withLatest(Rollout rollout) throws Refusal {
        if (rollout.latest().isPresent()) {
            return rollout;
        }
        var deployment = rollout.deployment();
        int replicas = rollout.latestReplicas();
        var made =
                tools.objects()
                        .create(
                                ReplicaSetForm.of(deployment, replicas, copied(deployment.meta())),
                                Tools.MANAGER);
        if (replicas > 0) {
            tellScaled(deployment, new Meta(made).name(), 0, replicas);
        }
        return new Rollout(deployment, Optional.of(new ReplicaSetView(made)), rollout.old());
    }

    private static Json.Obj copied(Meta deployment) {
        var annotations = Json.Obj.EMPTY;
        for (var annotation : deployment.annotations().entrySet()) {
            if (!OWN_ANNOTATIONS.contains(annotation.getKey())) {
                annotations = annotations.with(annotation.getKey(), Json.of(annotation.getValue()));
            }
        }
        return annotations;
    }

    /** The latest set and the Deployment bear the revision's number; history and undo read it. */
    private Rollout numbered(Rollout rollout) throws Refusal {
        if (rollout.latest().isEmpty()) {
            return rollout;
        }
        var deployment = rollout.deployment();
        var set = rollout.latest().get();
        var revision = String.valueOf(rollout.latestRevision());
        var written =
                tools.edit()
                        .object(
                                set.meta().key(Resource.REPLICA_SET),
                                set.meta().uid(),
                                now ->
                                        ReplicaSetForm.annotated(
                                                now,
                                                deployment,
                                                copied(deployment.meta()),
                                                revision));
        var path = List.of("metadata", "annotations", ReplicaSetView.REVISION);
        var _ =
                tools.edit()
                        .object(
                                deployment.meta().key(Resource.DEPLOYMENT),
                                deployment.meta().uid(),
                                now -> now.withAt(path, Json.of(revision)));
        return new Rollout(deployment, written.map(ReplicaSetView::new), rollout.old());
    }

    private Rollout resized(Rollout rollout, List<Rollout.Resize> resizes) throws Refusal {
        var latest = rollout.latest();
        var old = new ArrayList<>(rollout.old());
        for (var resize : resizes) {
            var set = resize(rollout.deployment(), resize);
            if (latest.filter(resize.set()::equals).isPresent()) {
                latest = set;
            } else {
                old.remove(resize.set());
                set.ifPresent(old::add);
            }
        }
        return new Rollout(rollout.deployment(), latest, old);
    }

    private Optional<ReplicaSetView> resize(DeploymentView deployment, Rollout.Resize resize)
            throws Refusal {
        var set = resize.set();
        var written =
                tools.edit()
                        .object(
                                set.meta().key(Resource.REPLICA_SET),
                                set.meta().uid(),
                                now -> ReplicaSetForm.resized(now, deployment, resize.replicas()));
        tellScaled(deployment, set.name(), set.replicas(), resize.replicas());
        return written.map(ReplicaSetView::new);
    }

    private void tellScaled(DeploymentView deployment, String set, int from, int to) {
        if (from == to) {
            return;
        }
        tools.events()
                .normal(
                        Resource.DEPLOYMENT,
                        deployment.object(),
                        "ScalingReplicaSet",
                        "Scaled %s replica set %s from %d to %d"
                                .formatted(to > from ? "up" : "down", set, from, to));
    }

    private void forget(Rollout rollout) throws Refusal {
        for (var set : rollout.forgotten()) {
            var how = Deletion.DEFAULT.withUid(set.meta().uid());
            try {
                tools.objects().delete(set.meta().key(Resource.REPLICA_SET), how, Tools.MANAGER);
            } catch (Refusal refused) {
                if (!refused.notFound()) {
                    throw refused;
                }
            }
        }
    }

    // ---- status

    private Optional<Duration> writeStatus(Rollout rollout) throws Refusal {
        var meta = rollout.deployment().meta();
        var status = new DeploymentStatus(rollout.deployment(), rollout.latest(), rollout.old());
        var written =
                tools.edit()
                        .status(
                                meta.key(Resource.DEPLOYMENT),
                                meta.uid(),
                                now ->
                                        now.with(
                                                "status",
                                                status.over(
                                                        now.object("status"), tools.time().now())));
        return written.map(now -> new Conditions(now.list("status", "conditions")))
                .flatMap(conditions -> status.late(conditions, tools.time().now()))
                .map(left -> left.isNegative() ? Duration.ZERO : left.plusSeconds(1));
    }

    @Override
    public void close() {
        follows.forEach(Follow::close);
        queue.close();
    }
}
