package dev.marea.kubernetes.observe;

import dev.marea.core.plan.Revision;
import dev.marea.core.plan.Revision.Replicas;
import dev.marea.kubernetes.objects.Names;
import dev.marea.wire.json.Json;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What exists of one service.
 *
 * @param kept its ControllerRevisions, oldest first
 * @param deployments its Deployments by name
 * @param services its Services by name
 */
public record Facts(
        List<Json.Obj> kept,
        Map<String, Json.Obj> deployments,
        Map<String, Json.Obj> services,
        List<Json.Obj> pods) {
    private static final Comparator<Json.Obj> OLDEST_FIRST =
            Comparator.comparingLong(Facts::number);

    /** Only what this very service owns: one of the same name before it may still be going. */
    public static Facts of(
            String uid,
            List<Json.Obj> revisions,
            List<Json.Obj> deployments,
            List<Json.Obj> services,
            List<Json.Obj> pods) {
        return new Facts(
                revisions.stream().filter(r -> owned(r, uid)).sorted(OLDEST_FIRST).toList(),
                byName(deployments, uid),
                byName(services, uid),
                List.copyOf(pods));
    }

    /** With revisions that were read since. */
    public Facts withKept(String uid, List<Json.Obj> revisions) {
        return new Facts(
                revisions.stream().filter(r -> owned(r, uid)).sorted(OLDEST_FIRST).toList(),
                deployments,
                services,
                pods);
    }

    /** Whether the same revisions are kept, whatever became of them. */
    public boolean keepsSame(Facts other) {
        return kept.stream()
                .map(Facts::name)
                .toList()
                .equals(other.kept.stream().map(Facts::name).toList());
    }

    /**
     * Its revisions.
     *
     * @param remembered the one that the status says was ready; of others their annotation tells
     * @param why says why no node takes a pod, if it knows
     */
    public List<Revision> revisions(
            Optional<String> remembered,
            Function<String, Optional<Instant>> unroutedSince,
            Function<Json.Obj, Optional<String>> why) {
        return kept.stream().map(r -> revision(r, remembered, unroutedSince, why)).toList();
    }

    public Optional<Json.Obj> kept(String name) {
        return kept.stream().filter(r -> name(r).equals(name)).findFirst();
    }

    private Revision revision(
            Json.Obj kept,
            Optional<String> remembered,
            Function<String, Optional<Instant>> unroutedSince,
            Function<Json.Obj, Optional<String>> why) {
        var name = name(kept);
        var deployment = Optional.ofNullable(deployments.get(name));
        var own = podsOf(name);
        return new Revision(
                name,
                number(kept),
                kept.text("metadata", "annotations", Names.IDENTITY).orElse(""),
                isProved(kept) || remembered.filter(name::equals).isPresent(),
                deployment.map(Facts::replicas),
                PodTroubles.of(own, why).or(() -> deployment.flatMap(PodTroubles::refused)),
                unroutedSince.apply(name),
                Fetches.of(kept, own));
    }

    /** The pods of one revision. */
    public List<Json.Obj> podsOf(String revision) {
        return pods.stream()
                .filter(pod ->
                        pod.text("metadata", "labels", Names.REVISION_LABEL)
                                .filter(revision::equals)
                                .isPresent())
                .toList();
    }

    /** Whether it is written on a revision that it was ready once. */
    public static boolean isProved(Json.Obj kept) {
        return kept.at("metadata", "annotations", Names.PROVED).isPresent();
    }

    public static Replicas replicas(Json.Obj deployment) {
        return new Replicas(
                (int) deployment.integer("spec", "replicas").orElse(1),
                (int) deployment.integer("status", "replicas").orElse(0),
                (int) deployment.integer("status", "readyReplicas").orElse(0));
    }

    private static Map<String, Json.Obj> byName(List<Json.Obj> trees, String uid) {
        return trees.stream()
                .filter(t -> owned(t, uid))
                .filter(t -> t.at("metadata", "deletionTimestamp").isEmpty())
                .collect(Collectors.toMap(Facts::name, Function.identity(), (a, _) -> a));
    }

    private static boolean owned(Json.Obj tree, String uid) {
        return tree.list("metadata", "ownerReferences").stream()
                .anyMatch(o -> o.text("uid").filter(uid::equals).isPresent());
    }

    private static long number(Json.Obj revision) {
        return revision.integer("revision").orElse(0);
    }

    private static String name(Json.Obj tree) {
        return tree.text("metadata", "name").orElse("");
    }
}
