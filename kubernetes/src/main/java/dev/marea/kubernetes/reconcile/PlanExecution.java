package dev.marea.kubernetes.reconcile;

import dev.marea.core.plan.Plan;
import dev.marea.core.plan.Plan.Create;
import dev.marea.core.plan.Plan.Run;
import dev.marea.core.plan.World;
import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.objects.Names;
import dev.marea.kubernetes.objects.Objects;
import dev.marea.kubernetes.objects.Rendered;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.kubernetes.observe.Facts;
import dev.marea.kubernetes.scaling.ScalingLoop.Seen;
import dev.marea.kubernetes.scaling.ScalingLoop.Steered;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Carries one plan out. What has been done already is not done again. */
final class PlanExecution {
    private final Api api;
    private final Applier applier;
    private final Subject subject;
    private final Objects objects;
    private final Facts facts;
    private final Map<String, Json.Obj> kept = new HashMap<>();

    PlanExecution(Api api, Applier applier, Subject subject, Objects objects, Facts facts) {
        this.api = api;
        this.applier = applier;
        this.subject = subject;
        this.objects = objects;
        this.facts = facts;
        facts.kept().forEach(r -> kept.put(r.text("metadata", "name").orElseThrow(), r));
    }

    /**
     * Makes and keeps up what runs.
     *
     * @param strategy the author's deploymentStrategy
     * @return the revisions that are ours to scale
     */
    List<Steered> build(
            Plan plan, Map<String, Rendered> rendered, Optional<Json> strategy, World world)
            throws IOException {
        for (var create : plan.create()) {
            create(create, rendered);
        }
        for (var name : toProve(plan, world)) {
            prove(name, world.now());
        }
        var steered = new ArrayList<Steered>();
        for (var run : plan.run()) {
            var revision = kept.get(run.revision());
            if (revision != null) {
                run(run, revision, strategy, plan, world).ifPresent(steered::add);
            }
        }
        return steered;
    }

    /** Every ControllerRevision of the service, those that were just made too. */
    Collection<Json.Obj> revisions() {
        return kept.values();
    }

    /** The pods of all revisions that run. */
    List<Json.Obj> templates(Plan plan) {
        return plan.run().stream()
                .flatMap(run -> Optional.ofNullable(kept.get(run.revision())).stream())
                .map(revision -> revision.object("data", "template"))
                .toList();
    }

    /** Takes down what must not run any more. */
    void clear(Plan plan) throws IOException {
        var namespace = subject.namespace();
        for (var name : plan.drained()) {
            if (desired(name) > 0) {
                Api.await(api.scale(namespace, name, 0));
            }
        }
        for (var name : plan.retire()) {
            retire(name);
        }
        for (var name : facts.deployments().keySet()) {
            if (!kept.containsKey(name) && isOrphan(name)) {
                retire(name);
            }
        }
        var own = Names.predictor(subject.name());
        if (plan.run().isEmpty() && plan.shares().isEmpty() && facts.services().containsKey(own)) {
            applier.delete(Kind.SERVICE, namespace, own);
        }
        for (var name : plan.forget()) {
            applier.delete(Kind.CONTROLLER_REVISION, namespace, name);
        }
    }

    private void retire(String revision) throws IOException {
        if (facts.deployments().containsKey(revision)) {
            applier.delete(Kind.DEPLOYMENT, subject.namespace(), revision);
        }
        if (facts.services().containsKey(revision)) {
            applier.delete(Kind.SERVICE, subject.namespace(), revision);
        }
    }

    /** Its revision was deleted by hand; that we do not see one may only mean that we see late. */
    private boolean isOrphan(String deployment) throws IOException {
        return api.named(Kind.CONTROLLER_REVISION, subject.namespace(), deployment).isEmpty();
    }

    private void create(Create create, Map<String, Rendered> rendered) throws IOException {
        var revision = rendered.get(create.hash());
        if (revision == null) {
            throw new IllegalStateException("a plan creates what was not asked for: " + create);
        }
        var tree = objects.controllerRevision(create.name(), create.number(), revision);
        kept.put(create.name(), applier.createRevision(subject.namespace(), tree));
    }

    /**
     * Revisions on which it must be written that they were ready. The status remembers one of them;
     * it is written on that one when the status is about to speak of another.
     */
    private Set<String> toProve(Plan plan, World world) {
        var names = new LinkedHashSet<>(plan.proved());
        world.before().flatMap(b -> b.predictor().latestReadyRevision()).ifPresent(names::add);
        plan.status().predictor().latestReadyRevision().ifPresent(names::remove);
        names.removeIf(name -> !kept.containsKey(name) || Facts.isProved(kept.get(name)));
        return names;
    }

    private void prove(String name, Instant now) throws IOException {
        var when = now.truncatedTo(ChronoUnit.SECONDS).toString();
        var patch =
                Json.Obj.EMPTY.withAt(
                        List.of("metadata", "annotations", Names.PROVED), Json.of(when));
        api.merge(Kind.CONTROLLER_REVISION, subject.namespace(), name, patch);
    }

    private Optional<Steered> run(
            Run run, Json.Obj revision, Optional<Json> strategy, Plan plan, World world)
            throws IOException {
        var namespace = subject.namespace();
        var service = objects.revisionService(revision);
        applier.ensure(
                Kind.SERVICE,
                namespace,
                Optional.ofNullable(facts.services().get(run.revision())),
                service);
        var wanted = objects.deployment(revision, strategy);
        var live = Optional.ofNullable(facts.deployments().get(run.revision()));
        var deployment =
                live.isEmpty()
                        ? applier.createDeployment(namespace, wanted, run.atStart())
                        : applier.ensure(Kind.DEPLOYMENT, namespace, live, wanted);
        if (run.scaledByOthers()) {
            // Zero is theirs to choose for a revision that serves; one that was drained comes back.
            if (desired(run.revision()) == 0 && live.isPresent() && !served(run, world)) {
                Api.await(api.scale(namespace, run.revision(), run.atStart()));
            }
            return Optional.empty();
        }
        return Optional.of(
                new Steered(run.revision(), run.component(), seen(run, deployment, plan)));
    }

    private static boolean served(Run run, World world) {
        return world.before().stream()
                .flatMap(status -> status.predictor().traffic().stream())
                .anyMatch(t -> t.revision().equals(run.revision()) && t.percent().value() > 0);
    }

    private static Seen seen(Run run, Json.Obj deployment, Plan plan) {
        var replicas = Facts.replicas(deployment);
        var reachable =
                plan.shares().stream()
                        .anyMatch(s -> s.revision().equals(run.revision()) && s.reachable());
        return new Seen(replicas.desired(), replicas.ready(), reachable, version(deployment));
    }

    /** Gives the service its name where no gateway stands behind it. */
    void name(Plan plan) throws IOException {
        if (plan.run().isEmpty()) {
            return;
        }
        var first = plan.run().getFirst();
        var name = Names.predictor(subject.name());
        var port =
                Optional.ofNullable(kept.get(first.revision()))
                        .map(r -> r.integer("data", "port").orElse(Names.DEFAULT_PORT))
                        .orElse((long) Names.DEFAULT_PORT);
        applier.ensure(
                Kind.SERVICE,
                subject.namespace(),
                Optional.ofNullable(facts.services().get(name)),
                objects.predictorService(port));
    }

    private int desired(String deployment) {
        return Optional.ofNullable(facts.deployments().get(deployment))
                .map(d -> Facts.replicas(d).desired())
                .orElse(0);
    }

    static long version(Json.Obj tree) {
        return tree.text("metadata", "resourceVersion")
                .filter(text -> text.matches("\\d{1,18}"))
                .map(Long::parseLong)
                .orElse(0L);
    }
}
