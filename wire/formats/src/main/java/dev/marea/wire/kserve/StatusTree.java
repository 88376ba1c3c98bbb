package dev.marea.wire.kserve;

import dev.marea.core.plan.ServiceStatus;
import dev.marea.core.plan.ServiceStatus.CanaryStatus;
import dev.marea.core.plan.ServiceStatus.ComponentStatus;
import dev.marea.core.plan.ServiceStatus.Condition;
import dev.marea.core.plan.ServiceStatus.Failure;
import dev.marea.core.plan.ServiceStatus.Fetched;
import dev.marea.core.plan.ServiceStatus.ModelStatus;
import dev.marea.core.plan.ServiceStatus.Scaled;
import dev.marea.core.plan.ServiceStatus.Traffic;
import dev.marea.wire.json.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Writes a status as the clients of KServe read it. What is empty is left out; the traffic entries
 * always have {@code latestRevision} and {@code percent}, because clients index them.
 */
public final class StatusTree {
    private final LinkedHashMap<String, Json> fields = new LinkedHashMap<>();

    private StatusTree() {}

    /** The value of {@code status}. */
    public static Json.Obj of(ServiceStatus status) {
        return new StatusTree()
                .put("observedGeneration", Json.of(status.observedGeneration()))
                .put("deploymentMode", Json.of(status.mode().wireName()))
                .text("url", status.url())
                .object("address", new StatusTree().text("url", status.address()))
                .text("servingRuntimeName", runtime(status, false))
                .text("clusterServingRuntimeName", runtime(status, true))
                .put("conditions", conditions(status.conditions()))
                .object(
                        "components",
                        new StatusTree().object("predictor", component(status.predictor())))
                .object("modelStatus", model(status.model()))
                .items("canaryStatuses", list(status.canaries(), StatusTree::canary))
                .object("marea", own(status))
                .tree();
    }

    private static Optional<String> runtime(ServiceStatus status, boolean clusterWide) {
        return status.runtime()
                .filter(runtime -> runtime.clusterWide() == clusterWide)
                .map(ServiceStatus.RuntimeRef::name);
    }

    private static Json conditions(Collection<Condition> conditions) {
        return list(
                conditions.stream().sorted(Comparator.comparing(c -> c.type().wireName())).toList(),
                c ->
                        new StatusTree()
                                .text("type", c.type().wireName())
                                .text("status", c.truth().wireName())
                                .text("severity", c.informative() ? "Info" : "")
                                .text("reason", c.reason().wireName())
                                .text("message", c.message())
                                .text("lastTransitionTime", time(c.since())));
    }

    private static StatusTree component(ComponentStatus component) {
        return new StatusTree()
                .text("url", component.url())
                .text("restUrl", component.url())
                .object("address", new StatusTree().text("url", component.address()))
                .text("latestCreatedRevision", component.latestCreatedRevision())
                .text("latestReadyRevision", component.latestReadyRevision())
                .text("latestRolledoutRevision", component.latestRolledoutRevision())
                .text("previousRolledoutRevision", component.previousRolledoutRevision())
                .items("traffic", list(component.traffic(), StatusTree::traffic));
    }

    private static StatusTree traffic(Traffic traffic) {
        return new StatusTree()
                .text("revisionName", traffic.revision())
                .put("latestRevision", Json.of(traffic.latest()))
                .put("percent", Json.of(traffic.percent().value()))
                .text("tag", traffic.tag())
                .text("url", traffic.url());
    }

    private static StatusTree canary(CanaryStatus canary) {
        return new StatusTree()
                .text("name", canary.name())
                .put("ready", Json.of(canary.ready()))
                .put("trafficPercent", Json.of(canary.percent().value()))
                .object("modelStatus", model(canary.model()));
    }

    private static StatusTree model(ModelStatus model) {
        return new StatusTree()
                .text("transitionStatus", model.transition().wireName())
                .object(
                        "states",
                        model.target()
                                .map(target ->
                                        new StatusTree()
                                                .put(
                                                        "activeModelState",
                                                        Json.of(
                                                                model.active()
                                                                        .map(
                                                                                ServiceStatus
                                                                                                .ModelState
                                                                                        ::wireName)
                                                                        .orElse("")))
                                                .text("targetModelState", target.wireName()))
                                .orElseGet(StatusTree::new))
                .object(
                        "copies",
                        model.copies()
                                .map(copies ->
                                        new StatusTree()
                                                .put("totalCopies", Json.of(copies.total()))
                                                .put("failedCopies", Json.of(copies.failed())))
                                .orElseGet(StatusTree::new))
                .object(
                        "lastFailureInfo",
                        model.lastFailure().map(StatusTree::failure).orElseGet(StatusTree::new));
    }

    private static StatusTree failure(Failure failure) {
        var tree =
                new StatusTree()
                        .text("reason", failure.reason().wireName())
                        .text("message", failure.message())
                        .text("location", failure.location())
                        .text("modelRevisionName", failure.revision())
                        .text("time", failure.time().map(StatusTree::time));
        failure.exitCode().ifPresent(code -> tree.put("exitCode", Json.of(code)));
        return tree;
    }

    /** What KServe has no place for. */
    private static StatusTree own(ServiceStatus status) {
        return new StatusTree()
                .put("servable", Json.of(status.servable()))
                .items("warnings", (Json.Arr) Json.of(status.warnings()))
                .items("scaling", list(status.scaling(), StatusTree::scaled))
                .items("storage", list(status.fetches(), StatusTree::fetched));
    }

    private static StatusTree fetched(Fetched fetched) {
        var fetch = fetched.fetch();
        var tree =
                new StatusTree()
                        .text("revision", fetched.revision())
                        .text("state", fetch.done() ? "Fetched" : "Fetching");
        fetch.percent().ifPresent(percent -> tree.put("percent", Json.of(percent)));
        return tree.known("bytes", fetch.bytes())
                .known("totalBytes", fetch.total())
                .known("bytesPerSecond", fetch.bytesPerSecond())
                .known("etaSeconds", fetch.etaSeconds())
                .known("resumedFrom", fetch.resumedFrom() == 0 ? -1 : fetch.resumedFrom())
                .items(
                        "pinned",
                        list(
                                new TreeMap<>(fetch.pins()).entrySet(),
                                pin ->
                                        new StatusTree()
                                                .text("uri", pin.getKey())
                                                .text("to", pin.getValue())));
    }

    private StatusTree known(String name, long number) {
        return number < 0 ? this : put(name, Json.of(number));
    }

    private static StatusTree scaled(Scaled scaled) {
        return new StatusTree()
                .text("revision", scaled.revision())
                .put("replicas", Json.of(scaled.replicas()))
                .text("reason", scaled.reason())
                .text("time", time(scaled.time()));
    }

    private static <T> Json.Arr list(Collection<T> items, Function<T, StatusTree> one) {
        return new Json.Arr(items.stream().<Json>map(item -> one.apply(item).tree()).toList());
    }

    /** Kubernetes writes whole seconds. */
    private static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private StatusTree put(String name, Json value) {
        fields.put(name, value);
        return this;
    }

    private StatusTree text(String name, Optional<String> value) {
        return text(name, value.orElse(""));
    }

    private StatusTree text(String name, String value) {
        return value.isEmpty() ? this : put(name, new Json.Str(value));
    }

    private StatusTree object(String name, StatusTree part) {
        return part.fields.isEmpty() ? this : put(name, part.tree());
    }

    private StatusTree items(String name, Json.Arr items) {
        return items.items().isEmpty() ? this : put(name, items);
    }

    private Json.Obj tree() {
        return new Json.Obj(fields);
    }
}
