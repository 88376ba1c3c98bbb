package dev.marea.core.plan;

import dev.marea.core.plan.Plan.Create;
import dev.marea.core.plan.Plan.Run;
import dev.marea.core.plan.Revision.Replicas;
import dev.marea.core.plan.Revision.Trouble;
import dev.marea.core.plan.ServiceStatus.Traffic;
import dev.marea.core.spec.Autoscaling;
import dev.marea.core.spec.Component;
import dev.marea.core.spec.DeploymentMode;
import dev.marea.core.spec.ModelFormat;
import dev.marea.core.spec.Percent;
import dev.marea.core.spec.Reason;
import dev.marea.core.spec.Rollout;
import dev.marea.core.spec.Scale;
import dev.marea.core.spec.Service;
import dev.marea.core.spec.ServiceId;
import dev.marea.core.spec.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * A small world that obeys plans: it makes and retires revisions and remembers the status. A test
 * says what a model's pods do; a model is named by its identity.
 */
final class Harbour {
    static final String URL = "http://iris-demo.localhost:8080";

    private final Planner planner = new Planner(3, Duration.ofSeconds(5));
    private final Map<String, Revision> revisions = new LinkedHashMap<>();
    private Optional<ServiceStatus> before = Optional.empty();
    private DeploymentMode mode = DeploymentMode.KNATIVE;
    private Scale scale = new Scale(1, 3);
    private Autoscaling autoscaling = Autoscaling.DEFAULT;
    private String model = "m1";
    private List<Asked.Candidate> candidates = List.of();
    private Optional<String> name = Optional.empty();
    private boolean tagRouting;
    private Rollout rollout = new Rollout.Latest();
    private boolean stopped;
    private Exposure exposure = Exposure.IN_FORCE;
    private long generation;
    private Instant now = Instant.parse("2026-11-25T00:00:00Z");
    Plan last = plan();

    Harbour() {
        generation = 0;
    }

    Harbour mode(DeploymentMode spelled) {
        mode = spelled;
        return this;
    }

    Harbour scale(int min, int max) {
        scale = new Scale(min, max);
        return this;
    }

    Harbour exposed(Exposure how) {
        exposure = how;
        last = plan();
        return this;
    }

    Harbour scaler(Autoscaling.Scaler scaler) {
        autoscaling = autoscaling.by(scaler);
        return this;
    }

    /** {@code kubectl apply} of a predictor without a percentage. */
    Harbour apply(String wanted) {
        return apply(wanted, new Rollout.Latest(), List.of());
    }

    Harbour apply(String wanted, int percent) {
        return apply(wanted, new Rollout.Canary(new Percent(percent)), List.of());
    }

    /** The seed's form: both models in one manifest. */
    Harbour applyBeside(String stable, String candidate, int percent) {
        return apply(
                stable,
                new Rollout.Beside(component(), new Percent(percent)),
                List.of(new Asked.Identity(hash(candidate))));
    }

    /** An entry of {@code spec.canary}. */
    record Canary(String name, Asked.Candidate candidate, Percent share) {
        static Canary of(String name, String model, int percent) {
            return new Canary(name, new Asked.Identity(hash(model)), new Percent(percent));
        }
    }

    /** KServe's form: named versions in a list. */
    Harbour applyCanaries(String stable, Canary... canaries) {
        var all = List.of(canaries);
        return apply(
                stable,
                new Rollout.Beside(
                        all.stream()
                                .map(c ->
                                        new Rollout.Candidate(
                                                Optional.of(c.name()),
                                                component(scale.part(c.share())),
                                                c.share()))
                                .toList()),
                all.stream().map(Canary::candidate).toList());
    }

    /** {@code predictor.name}. */
    Harbour named(String predictor) {
        name = Optional.of(predictor);
        return this;
    }

    Harbour tagRouting(boolean wanted) {
        tagRouting = wanted;
        return this;
    }

    private Harbour apply(String wanted, Rollout how, List<Asked.Candidate> beside) {
        model = wanted;
        rollout = how;
        candidates = beside;
        generation++;
        return step();
    }

    Harbour stop(boolean wanted) {
        stopped = wanted;
        generation++;
        return step();
    }

    /** The pods of a model become ready, as many as its Deployment asks for. */
    Harbour ready(String identity) {
        return change(identity, r -> with(r, up(r), Optional.empty()));
    }

    /** Somebody scaled it, and all of its pods are up. */
    Harbour grows(String identity, int replicas) {
        return change(
                identity,
                r -> with(r, new Replicas(replicas, replicas, replicas), Optional.empty()));
    }

    boolean isReady(String revision) {
        return Optional.ofNullable(revisions.get(revision)).filter(r -> r.ready() > 0).isPresent();
    }

    Harbour fails(String identity, Reason reason, String message) {
        var trouble =
                new Trouble(
                        reason,
                        message,
                        reason != Reason.UNSCHEDULABLE,
                        OptionalInt.of(3),
                        Optional.of("pod-1"),
                        1,
                        Optional.of(now));
        return change(identity, r -> with(r, new Replicas(1, 1, 0), Optional.of(trouble)));
    }

    Harbour vanishes(String identity) {
        return change(identity, r -> with(r, new Replicas(1, 0, 0), Optional.empty()));
    }

    Harbour sleeps(String identity) {
        return change(identity, r -> with(r, new Replicas(0, 0, 0), Optional.empty()));
    }

    Harbour after(Duration time) {
        now = now.plus(time);
        return step();
    }

    Harbour forgetStatus() {
        before = Optional.empty();
        return step();
    }

    Harbour unrunnable(Reason reason, String message) {
        generation++;
        last = planner.plan(service(), new Asked.Unfit(reason, message), world());
        before = Optional.of(last.status());
        return this;
    }

    /** Plans and obeys until nothing changes any more. */
    Harbour step() {
        for (int i = 0; i < 5; i++) {
            last = plan();
            obey(last);
        }
        return this;
    }

    private Plan plan() {
        var asked = new Asked.Fit(hash(model), candidates, Optional.empty());
        return planner.plan(service(), asked, world());
    }

    private void obey(Plan plan) {
        before = Optional.of(plan.status());
        for (Create c : plan.create()) {
            revisions.put(
                    c.name(),
                    new Revision(
                            c.name(),
                            c.number(),
                            c.hash(),
                            false,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()));
        }
        plan.proved().forEach(name -> revisions.computeIfPresent(name, (_, r) -> r.asProven()));
        var shares = plan.shares().stream().map(Plan.Share::revision).collect(Collectors.toSet());
        plan.run().forEach(this::keepRunning);
        plan.drained().forEach(name -> resize(name, new Replicas(0, 0, 0)));
        plan.retire()
                .forEach(name ->
                        revisions.computeIfPresent(
                                name,
                                (_, r) ->
                                        new Revision(
                                                r.name(),
                                                r.number(),
                                                r.hash(),
                                                r.proven(),
                                                Optional.empty(),
                                                Optional.empty(),
                                                r.unroutedSince())));
        plan.forget().forEach(revisions::remove);
        revisions.replaceAll((name, r) -> routed(r, shares.contains(name)));
    }

    /** A revision without a Deployment gets one; one that may not sleep is woken. */
    private void keepRunning(Run run) {
        revisions.computeIfPresent(
                run.revision(),
                (_, r) -> {
                    var asleep = r.replicas().filter(x -> x.desired() == 0).isPresent();
                    var maySleep = run.component().scale().min() == 0;
                    return r.replicas().isEmpty() || (asleep && !maySleep)
                            ? with(r, new Replicas(run.atStart(), 0, 0), r.trouble())
                            : r;
                });
    }

    private void resize(String name, Replicas replicas) {
        revisions.computeIfPresent(name, (_, r) -> with(r, replicas, Optional.empty()));
    }

    private Revision routed(Revision r, boolean routed) {
        var since =
                routed ? Optional.<Instant>empty() : r.unroutedSince().or(() -> Optional.of(now));
        return new Revision(
                r.name(), r.number(), r.hash(), r.proven(), r.replicas(), r.trouble(), since);
    }

    private Harbour change(String identity, java.util.function.UnaryOperator<Revision> how) {
        revisions.replaceAll((_, r) -> r.hash().equals(hash(identity)) ? how.apply(r) : r);
        return step();
    }

    /** All of its pods are up, at least one. */
    private static Replicas up(Revision r) {
        int asked = Math.max(1, r.replicas().map(Replicas::desired).orElse(1));
        return new Replicas(asked, asked, asked);
    }

    private static Revision with(Revision r, Replicas replicas, Optional<Trouble> trouble) {
        return new Revision(
                r.name(),
                r.number(),
                r.hash(),
                r.proven(),
                Optional.of(replicas),
                trouble,
                r.unroutedSince());
    }

    private static String hash(String identity) {
        return "hash-of-" + identity;
    }

    private World world() {
        return new World(
                List.copyOf(revisions.values()),
                before,
                URL,
                "http://127.0.0.1:8080/serving/demo/iris",
                List.of(),
                Optional.empty(),
                exposure,
                now);
    }

    private Service service() {
        return new Service(
                new ServiceId("demo", "iris"),
                "uid-1",
                generation,
                mode,
                stopped,
                false,
                component(),
                name,
                rollout,
                tagRouting,
                List.of());
    }

    private Component component() {
        return component(scale);
    }

    private Component component(Scale scale) {
        return new Component(
                new Workload.Model(
                        new ModelFormat("sklearn", Optional.empty()),
                        Optional.of("file:///models/" + model),
                        Optional.empty(),
                        Optional.empty()),
                scale,
                autoscaling,
                0,
                Component.DEFAULT_TIMEOUT);
    }

    /** The row of kserve.md §1.4: created, ready, rolled out, previous, traffic. */
    String row() {
        var c = last.status().predictor();
        return String.join(
                " ",
                c.latestCreatedRevision().map(Harbour::brief).orElse("-"),
                c.latestReadyRevision().map(Harbour::brief).orElse("-"),
                c.latestRolledoutRevision().map(Harbour::brief).orElse("-"),
                c.previousRolledoutRevision().map(Harbour::brief).orElse("-"),
                c.traffic().stream()
                        .map(Harbour::brief)
                        .collect(Collectors.joining("+", "[", "]")));
    }

    private static String brief(Traffic t) {
        return brief(t.revision())
                + (t.latest() ? "*" : "")
                + t.percent().value()
                + t.tag().map(tag -> ":" + tag).orElse("");
    }

    private static String brief(String name) {
        return "r" + Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
    }

    /** What the gateway is told. */
    String shares() {
        return last.shares().stream()
                .map(s ->
                        brief(s.revision())
                                + "="
                                + s.percent().value()
                                + (s.tags().isEmpty() ? "" : s.tags()))
                .collect(Collectors.joining(" "));
    }

    /** Every revision and its Deployment's size; a dash where there is no Deployment. */
    String deployments() {
        return revisions.values().stream()
                .map(r ->
                        brief(r.name()) + "=" + r.replicas().map(x -> "" + x.desired()).orElse("-"))
                .collect(Collectors.joining(" "));
    }

    String conditions() {
        return last.status().conditions().stream()
                .map(c ->
                        c.type().wireName()
                                + "="
                                + c.truth().wireName()
                                + "/"
                                + c.reason().wireName())
                .collect(Collectors.joining(" "));
    }

    /** The condition of the canaries alone. */
    String canaries() {
        return last.status()
                .condition(ServiceStatus.ConditionType.CANARY_PREDICTOR_READY)
                .map(c ->
                        "%s/%s %s"
                                .formatted(
                                        c.truth().wireName(), c.reason().wireName(), c.message()))
                .orElse("none");
    }

    String ready() {
        var c = last.status().condition(ServiceStatus.ConditionType.READY).orElseThrow();
        return c.truth().wireName() + "/" + c.reason().wireName();
    }

    ServiceStatus status() {
        return last.status();
    }
}
