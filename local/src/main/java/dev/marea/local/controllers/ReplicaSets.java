package dev.marea.local.controllers;

import dev.marea.local.objects.Change;
import dev.marea.local.objects.Deletion;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.objects.Selector;
import dev.marea.local.work.Conditions;
import dev.marea.local.work.Follow;
import dev.marea.local.work.WorkQueue;
import dev.marea.wire.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;

/** Keeps as many pods of one template as are asked for. */
final class ReplicaSets implements Controller {
    private static final int PARALLEL = 4;
    private static final int BURST_MAX = 200;

    private final Tools tools;
    private final WorkQueue<Key> queue;
    private final List<Follow> follows = new ArrayList<>();

    ReplicaSets(Tools tools) {
        this.tools = tools;
        this.queue = new WorkQueue<>("replicasets", PARALLEL, tools.time(), this::look);
    }

    @Override
    public void start() {
        follows.add(
                Follow.all(
                        tools.objects(), Resource.REPLICA_SET, change -> queue.add(change.key())));
        follows.add(Follow.all(tools.objects(), Resource.POD, this::podChanged));
    }

    private void podChanged(Change change) {
        var pod = new Meta(change.object());
        var owner = pod.controller();
        if (owner.isPresent()) {
            if (owner.get().kind().equals(Resource.REPLICA_SET.kind())) {
                queue.add(new Key(Resource.REPLICA_SET, pod.namespace(), owner.get().name()));
            }
            return;
        }
        if (change.type() != Change.Type.DELETED && !pod.deleting()) {
            tools.objects().list(Resource.REPLICA_SET, pod.namespace()).items().stream()
                    .filter(set -> selector(set).matches(pod.labels()))
                    .forEach(set -> queue.add(new Meta(set).key(Resource.REPLICA_SET)));
        }
    }

    private static Selector selector(Json.Obj set) {
        return Selector.of(set.object("spec", "selector"));
    }

    private Optional<Duration> look(Key key) throws Refusal, InterruptedException {
        var found = tools.objects().get(key);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        var set = found.get();
        var pods = claim(set);
        Optional<Refusal> failure = Optional.empty();
        if (!new Meta(set).deleting()) {
            failure = scale(set, pods);
        }
        var now = pods(set);
        writeStatus(set, now, failure);
        if (failure.isPresent()) {
            throw failure.get();
        }
        return untilNextAvailable(set, now);
    }

    // ---- whose pods

    private List<Json.Obj> pods(Json.Obj set) {
        var meta = new Meta(set);
        return Pods.in(tools.objects(), meta.namespace()).stream()
                .filter(pod -> Pods.ownedBy(pod, meta.uid()) && Pods.active(pod))
                .toList();
    }

    /** Adopts orphans that match, lets go of those that match no more; gives the active ones. */
    private List<Json.Obj> claim(Json.Obj set) throws Refusal {
        var meta = new Meta(set);
        var selector = selector(set);
        var mine = new ArrayList<Json.Obj>();
        for (var pod : Pods.in(tools.objects(), meta.namespace())) {
            if (!Pods.active(pod)) {
                continue;
            }
            boolean matches = selector.matches(new Meta(pod).labels());
            if (Pods.ownedBy(pod, meta.uid())) {
                if (matches || meta.deleting()) {
                    mine.add(pod);
                } else {
                    release(pod, meta.uid());
                }
            } else if (matches && new Meta(pod).controller().isEmpty() && !meta.deleting()) {
                adopt(pod, meta).ifPresent(mine::add);
            }
        }
        return mine;
    }

    private void release(Json.Obj pod, String uid) throws Refusal {
        var meta = new Meta(pod);
        var _ =
                tools.edit()
                        .object(
                                meta.key(Resource.POD),
                                meta.uid(),
                                now -> Owners.without(now, owner -> owner.equals(uid)));
    }

    private Optional<Json.Obj> adopt(Json.Obj pod, Meta set) throws Refusal {
        var meta = new Meta(pod);
        return tools.edit()
                .object(
                        meta.key(Resource.POD),
                        meta.uid(),
                        now ->
                                new Meta(now).controller().isPresent()
                                        ? now
                                        : Owners.with(now, set.controls(Resource.REPLICA_SET)))
                .filter(adopted -> Pods.ownedBy(adopted, set.uid()));
    }

    // ---- how many

    private Optional<Refusal> scale(Json.Obj set, List<Json.Obj> pods) throws InterruptedException {
        long missing = set.integer("spec", "replicas").orElse(1) - pods.size();
        if (missing > 0) {
            return create(set, (int) Math.min(missing, BURST_MAX));
        }
        return missing < 0 ? delete(set, pods, (int) -missing) : Optional.empty();
    }

    /** One, then two, then four ...: a template that is refused is refused once, not 200 times. */
    private Optional<Refusal> create(Json.Obj set, int count) throws InterruptedException {
        int done = 0;
        for (int batch = 1; done < count; batch *= 2) {
            int size = Math.min(batch, count - done);
            var failure = together(size, () -> createOne(set));
            if (failure.isPresent()) {
                tools.events()
                        .warning(
                                Resource.REPLICA_SET,
                                set,
                                "FailedCreate",
                                "Error creating: " + failure.get().getMessage());
                return failure;
            }
            done += size;
        }
        return Optional.empty();
    }

    private void createOne(Json.Obj set) throws Refusal {
        var meta = new Meta(set);
        var template = set.object("spec", "template");
        var metadata =
                template.object("metadata")
                        .with("generateName", Json.of(meta.name() + "-"))
                        .with("namespace", Json.of(meta.namespace()))
                        .with(
                                "ownerReferences",
                                Json.of(List.of(meta.controls(Resource.REPLICA_SET))));
        var pod =
                tools.objects()
                        .create(
                                Json.Obj.of(
                                        "apiVersion",
                                        "v1",
                                        "kind",
                                        "Pod",
                                        "metadata",
                                        metadata,
                                        "spec",
                                        template.object("spec")),
                                Tools.MANAGER);
        tools.events()
                .normal(
                        Resource.REPLICA_SET,
                        set,
                        "SuccessfulCreate",
                        "Created pod: " + new Meta(pod).name());
    }

    private Optional<Refusal> delete(Json.Obj set, List<Json.Obj> pods, int count)
            throws InterruptedException {
        var going = pods.stream().sorted(Pods.leastUsefulFirst()).limit(count).iterator();
        var next = new ConcurrentLinkedQueue<Json.Obj>();
        going.forEachRemaining(next::add);
        return together(next.size(), () -> deleteOne(set, next.remove()));
    }

    private void deleteOne(Json.Obj set, Json.Obj pod) throws Refusal {
        var meta = new Meta(pod);
        try {
            tools.objects()
                    .delete(
                            meta.key(Resource.POD),
                            Deletion.DEFAULT.withUid(meta.uid()),
                            Tools.MANAGER);
            tools.events()
                    .normal(
                            Resource.REPLICA_SET,
                            set,
                            "SuccessfulDelete",
                            "Deleted pod: " + meta.name());
        } catch (Refusal refused) {
            if (!refused.notFound()) {
                throw refused;
            }
        }
    }

    private interface Write {
        void run() throws Refusal;
    }

    /** Writes at the same time share one wait for the disk. */
    private static Optional<Refusal> together(int count, Write write) throws InterruptedException {
        var failures = new ConcurrentLinkedQueue<Refusal>();
        if (count == 1) {
            attempt(write, failures);
            return Optional.ofNullable(failures.poll());
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                threads.execute(() -> attempt(write, failures));
            }
        }
        return Optional.ofNullable(failures.poll());
    }

    private static void attempt(Write write, ConcurrentLinkedQueue<Refusal> failures) {
        try {
            write.run();
        } catch (Refusal refused) {
            failures.add(refused);
        }
    }

    // ---- status

    private void writeStatus(Json.Obj set, List<Json.Obj> pods, Optional<Refusal> failure)
            throws Refusal {
        var meta = new Meta(set);
        var _ =
                tools.edit()
                        .status(
                                meta.key(Resource.REPLICA_SET),
                                meta.uid(),
                                now -> now.with("status", status(set, now, pods, failure)));
    }

    private Json.Obj status(
            Json.Obj set, Json.Obj now, List<Json.Obj> pods, Optional<Refusal> failure) {
        var at = tools.time().now();
        var labels = Meta.strings(set.object("spec", "template", "metadata", "labels"));
        long minReady = set.integer("spec", "minReadySeconds").orElse(0);
        var status =
                Json.Obj.of(
                        "replicas", pods.size(),
                        "fullyLabeledReplicas",
                                (int)
                                        pods.stream()
                                                .filter(pod ->
                                                        new Meta(pod)
                                                                .labels()
                                                                .entrySet()
                                                                .containsAll(labels.entrySet()))
                                                .count(),
                        "readyReplicas", (int) pods.stream().filter(Pods::ready).count(),
                        "availableReplicas",
                                (int)
                                        pods.stream()
                                                .flatMap(pod ->
                                                        Pods.untilAvailable(pod, minReady, at)
                                                                .stream())
                                                .filter(Duration::isZero)
                                                .count(),
                        "observedGeneration", new Meta(set).generation());
        var conditions = new Conditions(now.list("status", "conditions"));
        var next =
                failure.map(refused ->
                                conditions.with(
                                        Conditions.condition(
                                                "ReplicaFailure",
                                                true,
                                                "FailedCreate",
                                                String.valueOf(refused.getMessage())),
                                        at))
                        .orElseGet(() -> conditions.without("ReplicaFailure"));
        return next.items().isEmpty() ? status : status.with("conditions", Json.of(next.items()));
    }

    private Optional<Duration> untilNextAvailable(Json.Obj set, List<Json.Obj> pods) {
        long minReady = set.integer("spec", "minReadySeconds").orElse(0);
        var now = tools.time().now();
        return pods.stream()
                .flatMap(pod -> Pods.untilAvailable(pod, minReady, now).stream())
                .filter(left -> !left.isZero())
                .min(Duration::compareTo);
    }

    @Override
    public void close() {
        follows.forEach(Follow::close);
        queue.close();
    }
}
