package dev.marea.kubernetes.observe;

import dev.marea.core.plan.Fetch;
import dev.marea.core.plan.ServiceStatus;
import dev.marea.core.plan.ServiceStatus.ComponentStatus;
import dev.marea.core.plan.ServiceStatus.Condition;
import dev.marea.core.plan.ServiceStatus.ConditionType;
import dev.marea.core.plan.ServiceStatus.Fetched;
import dev.marea.core.plan.ServiceStatus.ModelStatus;
import dev.marea.core.plan.ServiceStatus.Scaled;
import dev.marea.core.plan.ServiceStatus.Traffic;
import dev.marea.core.plan.ServiceStatus.Transition;
import dev.marea.core.plan.ServiceStatus.Truth;
import dev.marea.core.spec.DeploymentMode;
import dev.marea.core.spec.Percent;
import dev.marea.core.spec.Reason;
import dev.marea.wire.json.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads back from a status what a plan must remember: what was rolled out, the shares, and since
 * when conditions hold. Whoever wrote it, nonsense in it is left out.
 */
public final class StatusMemory {
    private static final ModelStatus NO_MODEL =
            new ModelStatus(
                    Transition.IN_PROGRESS,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    private StatusMemory() {}

    public static Optional<ServiceStatus> of(Json.Obj status) {
        if (status.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new ServiceStatus(
                        status.integer("observedGeneration").orElse(0),
                        DeploymentMode.KNATIVE,
                        status.text("url"),
                        status.text("address", "url"),
                        Optional.empty(),
                        status.list("conditions").stream()
                                .flatMap(c -> condition(c).stream())
                                .toList(),
                        component(status.object("components", "predictor")),
                        NO_MODEL,
                        List.of(),
                        status.flag("marea", "servable"),
                        List.of(),
                        status.list("marea", "scaling").stream()
                                .flatMap(s -> scaled(s).stream())
                                .toList(),
                        status.list("marea", "storage").stream()
                                .flatMap(f -> fetched(f).stream())
                                .toList()));
    }

    /** Enough to tell what is news. */
    private static Optional<Fetched> fetched(Json tree) {
        var done = tree.text("state").filter("Fetched"::equals).isPresent();
        return tree.text("revision").map(r -> new Fetched(r, Fetch.untold(done, Map.of())));
    }

    private static Optional<Condition> condition(Json tree) {
        var type = named(ConditionType.values(), ConditionType::wireName, tree.text("type"));
        var truth = named(Truth.values(), Truth::wireName, tree.text("status"));
        var since = time(tree.text("lastTransitionTime"));
        return type.isPresent() && truth.isPresent() && since.isPresent()
                ? Optional.of(
                        new Condition(
                                type.get(),
                                truth.get(),
                                false,
                                named(Reason.values(), Reason::wireName, tree.text("reason"))
                                        .orElse(Reason.PROGRESSING),
                                tree.text("message").orElse(""),
                                since.get()))
                : Optional.empty();
    }

    private static ComponentStatus component(Json.Obj tree) {
        return new ComponentStatus(
                tree.text("url"),
                tree.text("address", "url"),
                revision(tree, "latestCreatedRevision"),
                revision(tree, "latestReadyRevision"),
                revision(tree, "latestRolledoutRevision"),
                revision(tree, "previousRolledoutRevision"),
                tree.list("traffic").stream().flatMap(t -> traffic(t).stream()).toList());
    }

    private static Optional<String> revision(Json.Obj tree, String field) {
        return tree.text(field).filter(name -> !name.isEmpty());
    }

    private static Optional<Traffic> traffic(Json tree) {
        var percent = tree.integer("percent").orElse(-1);
        return percent < 0 || percent > 100
                ? Optional.empty()
                : tree.text("revisionName")
                        .map(name ->
                                new Traffic(
                                        name,
                                        tree.flag("latestRevision"),
                                        new Percent((int) percent),
                                        tree.text("tag"),
                                        tree.text("url")));
    }

    private static Optional<Scaled> scaled(Json tree) {
        var revision = tree.text("revision");
        var time = time(tree.text("time"));
        return revision.isPresent() && time.isPresent()
                ? Optional.of(
                        new Scaled(
                                revision.get(),
                                (int) tree.integer("replicas").orElse(0),
                                tree.text("reason").orElse(""),
                                time.get()))
                : Optional.empty();
    }

    private static <T> Optional<T> named(
            T[] values, java.util.function.Function<T, String> name, Optional<String> wanted) {
        return wanted.flatMap(
                w -> Arrays.stream(values).filter(v -> name.apply(v).equals(w)).findFirst());
    }

    private static Optional<Instant> time(Optional<String> text) {
        try {
            return text.map(Instant::parse);
        } catch (DateTimeParseException odd) {
            return Optional.empty();
        }
    }
}
