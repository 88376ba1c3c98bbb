package dev.marea.local.controllers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How many replicas each ReplicaSet of a Deployment should have next. Pure: what is comes in, what
 * should be goes out, and the controller comes again when the world has followed.
 *
 * @param latest the set of the present template, if it has been made
 * @param old all others
 */
record Rollout(
        DeploymentView deployment, Optional<ReplicaSetView> latest, List<ReplicaSetView> old) {

    /** A set that is to have another number of replicas. */
    record Resize(ReplicaSetView set, int replicas) {}

    Rollout {
        old =
                old.stream()
                        .sorted(
                                Comparator.comparing((ReplicaSetView set) -> set.meta().created())
                                        .thenComparing(ReplicaSetView::name))
                        .toList();
    }

    private List<ReplicaSetView> all() {
        var all = new ArrayList<>(old);
        latest.ifPresent(all::add);
        return all;
    }

    private static int replicas(List<ReplicaSetView> sets) {
        return sets.stream().mapToInt(ReplicaSetView::replicas).sum();
    }

    /** How many the latest set starts with, or grows to. */
    int latestReplicas() {
        int now = latest.map(ReplicaSetView::replicas).orElse(0);
        int wanted = deployment.replicas();
        if (deployment.recreates() || now >= wanted) {
            return wanted;
        }
        long room = (long) wanted + deployment.surge() - replicas(all());
        return now + Math.clamp(room, 0, wanted - now);
    }

    /** One step of a rolling update: first the new set grows, then old ones shrink. */
    List<Resize> roll() {
        var set = latest.orElseThrow();
        int next = latestReplicas();
        return next == set.replicas() ? shrinkOld(set) : List.of(new Resize(set, next));
    }

    private List<Resize> shrinkOld(ReplicaSetView set) {
        int minAvailable = deployment.replicas() - deployment.unavailable();
        int newUnavailable = set.replicas() - set.available();
        int spare = replicas(all()) - minAvailable - newUnavailable;
        if (spare <= 0) {
            return List.of();
        }
        var sizes = new ArrayList<Integer>();
        for (var one : old) { // what does not serve goes first
            int unhealthy = Math.clamp((long) one.replicas() - one.available(), 0, spare);
            spare -= unhealthy;
            sizes.add(one.replicas() - unhealthy);
        }
        int available = all().stream().mapToInt(ReplicaSetView::available).sum();
        int surplus = Math.max(0, available - minAvailable);
        for (int i = 0; i < old.size(); i++) {
            int goes = Math.min(sizes.get(i), surplus);
            surplus -= goes;
            sizes.set(i, sizes.get(i) - goes);
        }
        return resizes(old, sizes);
    }

    private static List<Resize> resizes(List<ReplicaSetView> sets, List<Integer> sizes) {
        var resizes = new ArrayList<Resize>();
        for (int i = 0; i < sets.size(); i++) {
            if (sizes.get(i) != sets.get(i).replicas()) {
                resizes.add(new Resize(sets.get(i), sizes.get(i)));
            }
        }
        return resizes;
    }

    List<Resize> endOld() {
        return resizes(old, old.stream().map(_ -> 0).toList());
    }

    /** True if replicas were changed while sets of several templates run. */
    boolean scales() {
        return all().stream()
                .filter(set -> set.replicas() > 0)
                .anyMatch(set ->
                        set.annotated(ReplicaSetView.DESIRED, deployment.replicas())
                                != deployment.replicas());
    }

    /**
     * Another number of replicas without going on with the rollout: each set gets its share. Also
     * sets that keep their size are given, since what they were sized for is written to them.
     */
    List<Resize> scale() {
        var active = all().stream().filter(set -> set.replicas() > 0).toList();
        if (active.size() <= 1) {
            var only = active.stream().findFirst().or(() -> latest);
            return only.map(set -> List.of(new Resize(set, deployment.replicas())))
                    .orElse(List.of());
        }
        if (latest.filter(this::saturated).isPresent()) {
            return endOld();
        }
        return deployment.recreates()
                ? active.stream().map(set -> new Resize(set, set.replicas())).toList()
                : proportional(active);
    }

    private boolean saturated(ReplicaSetView set) {
        return set.replicas() == deployment.replicas()
                && set.available() == deployment.replicas()
                && set.annotated(ReplicaSetView.DESIRED, -1) == deployment.replicas();
    }

    private List<Resize> proportional(List<ReplicaSetView> active) {
        int wanted = deployment.replicas() == 0 ? 0 : deployment.replicas() + deployment.surge();
        int toAdd = wanted - replicas(active);
        var bySize =
                active.stream()
                        .sorted(Comparator.comparingInt(ReplicaSetView::replicas).reversed())
                        .toList();
        var sizes = new ArrayList<Integer>();
        int added = 0;
        for (var set : bySize) {
            int share = toAdd == 0 ? 0 : fraction(set, toAdd - added);
            sizes.add(Math.max(0, set.replicas() + share));
            added += share;
        }
        sizes.set(0, Math.max(0, sizes.getFirst() + toAdd - added));
        var resizes = new ArrayList<Resize>();
        for (int i = 0; i < bySize.size(); i++) {
            resizes.add(new Resize(bySize.get(i), sizes.get(i)));
        }
        return resizes;
    }

    private int fraction(ReplicaSetView set, int left) {
        int before = set.annotated(ReplicaSetView.MAX, 0);
        if (before <= 0) {
            return 0;
        }
        long after = (long) deployment.replicas() + deployment.surge();
        long size = Math.round((double) set.replicas() * after / before);
        long share = size - set.replicas();
        return left > 0 ? Math.clamp(share, 0, left) : Math.clamp(share, left, 0);
    }

    /** Old sets that nobody can roll back to any more. */
    List<ReplicaSetView> forgotten() {
        var idle =
                old.stream()
                        .filter(set ->
                                set.replicas() == 0 && set.there() == 0 && !set.meta().deleting())
                        .sorted(Comparator.comparingLong(ReplicaSetView::revision))
                        .toList();
        return idle.subList(0, Math.max(0, idle.size() - deployment.historyLimit()));
    }

    /** The number of the latest set: one more than any old one, or the higher one it has. */
    long latestRevision() {
        long next = old.stream().mapToLong(ReplicaSetView::revision).max().orElse(0) + 1;
        return Math.max(next, latest.map(ReplicaSetView::revision).orElse(0L));
    }
}
