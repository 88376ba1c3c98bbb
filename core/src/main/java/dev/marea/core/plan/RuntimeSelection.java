package dev.marea.core.plan;

import dev.marea.core.plan.RuntimeChoice.Chosen;
import dev.marea.core.plan.RuntimeChoice.NoneFits;
import dev.marea.core.spec.ModelFormat;
import dev.marea.core.spec.Protocol;
import dev.marea.core.spec.Reason;
import dev.marea.core.spec.ServingRuntime;
import dev.marea.core.spec.Workload;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Chooses the runtime of a model as KServe does, with two differences: a model that names no
 * protocol is also served by a runtime that does not speak v1, when no runtime that speaks v1 fits;
 * and a predictor without storageUri, which KServe gives to runtimes of many models only, is also
 * served by a runtime that brings its one model along, when no other fits.
 */
public final class RuntimeSelection {
    /** How many candidates a message lists before it stops. */
    private static final int CANDIDATES_MAX = 20;

    private static final List<Protocol> PREFERENCE =
            List.of(Protocol.V1, Protocol.V2, Protocol.GRPC_V2, Protocol.GRPC_V1);

    private RuntimeSelection() {}

    /** The namespace's own runtimes come before the cluster's, whatever their priorities. */
    public static RuntimeChoice choose(
            Workload.Model model, String namespace, Collection<ServingRuntime> known) {
        var own = known.stream().filter(r -> r.namespace().filter(namespace::equals).isPresent());
        var shared = known.stream().filter(r -> r.namespace().isEmpty());
        var reachable = List.of(own.toList(), shared.toList());
        return model.runtime()
                .map(name -> named(name, model, reachable))
                .orElseGet(() -> automatic(model, reachable));
    }

    /** The protocol that a model is served by: its own, or the first that its runtime speaks. */
    static Protocol protocol(Workload.Model model, ServingRuntime runtime) {
        return model.protocol()
                .orElseGet(() ->
                        PREFERENCE.stream()
                                .filter(runtime.protocols()::contains)
                                .findFirst()
                                .orElse(Protocol.V1));
    }

    private static RuntimeChoice named(
            String name, Workload.Model model, List<List<ServingRuntime>> reachable) {
        var found =
                reachable.stream()
                        .flatMap(List::stream)
                        .filter(r -> r.name().equals(name))
                        .findFirst();
        if (found.isEmpty()) {
            return new NoneFits(
                    Reason.RUNTIME_NOT_RECOGNIZED,
                    "no ServingRuntime or ClusterServingRuntime is named %s; there are: %s"
                            .formatted(name, names(reachable)));
        }
        var runtime = found.get();
        if (runtime.disabled()) {
            return new NoneFits(
                    Reason.RUNTIME_DISABLED,
                    "runtime %s is disabled; enable it or name another one".formatted(name));
        }
        return misfit(runtime, model, _ -> true)
                .<RuntimeChoice>map(why ->
                        new NoneFits(
                                Reason.NO_SUPPORTING_RUNTIME,
                                "runtime %s cannot serve this model: %s".formatted(name, why)))
                .orElseGet(() -> new Chosen(runtime));
    }

    private static RuntimeChoice automatic(
            Workload.Model model, List<List<ServingRuntime>> reachable) {
        for (var candidates : reachable) {
            var fitting =
                    candidates.stream()
                            .filter(r -> automaticMisfit(r, model).isEmpty())
                            .min(order(model));
            if (fitting.isPresent()) {
                return new Chosen(fitting.get());
            }
        }
        return new NoneFits(Reason.NO_SUPPORTING_RUNTIME, noneFits(model, reachable));
    }

    private static Optional<String> automaticMisfit(ServingRuntime runtime, Workload.Model model) {
        return runtime.disabled()
                ? Optional.of("it is disabled")
                : misfit(runtime, model, ServingRuntime.Format::autoSelect);
    }

    private static Optional<String> misfit(
            ServingRuntime runtime,
            Workload.Model model,
            Predicate<ServingRuntime.Format> selectable) {
        if (runtime.multiModel() && model.storageUri().isPresent()) {
            return Optional.of(
                    "it is for many models at once, which TrainedModels name, and this one has a storageUri");
        }
        if (runtime.multiNode() != model.severalNodes()) {
            return Optional.of(
                    runtime.multiNode()
                            ? "it is for several nodes, and this predictor has no workerSpec"
                            : "it is for one node, and this predictor has a workerSpec");
        }
        var matching =
                runtime.formats().stream()
                        .filter(f -> matches(f.format(), model.format()))
                        .toList();
        if (matching.isEmpty()) {
            return Optional.of("it serves " + formats(runtime) + ", not " + model.format());
        }
        if (matching.stream().noneMatch(selectable)) {
            return Optional.of(
                    "it takes %s only when it is named (autoSelect is false)"
                            .formatted(model.format()));
        }
        return model.protocol()
                .filter(p -> !speaks(runtime, p))
                .map(p -> "it speaks " + protocols(runtime) + ", not " + p.wireName());
    }

    /** A model with a version wants exactly that version; one without takes any. */
    private static boolean matches(ModelFormat offered, ModelFormat wanted) {
        return offered.name().equals(wanted.name())
                && (wanted.version().isEmpty() || wanted.version().equals(offered.version()));
    }

    /** A runtime that declares no protocol is taken to speak all of them. */
    private static boolean speaks(ServingRuntime runtime, Protocol protocol) {
        return runtime.protocols().isEmpty() || runtime.protocols().contains(protocol);
    }

    /**
     * Many models at once where none is named, v1 first where the model does not care, then the
     * higher priority, the newer, the name.
     */
    private static Comparator<ServingRuntime> order(Workload.Model model) {
        Comparator<ServingRuntime> byNumber =
                Comparator.comparing(r -> model.storageUri().isEmpty() != r.multiModel());
        return byNumber.thenComparing(r -> model.protocol().isEmpty() && !speaks(r, Protocol.V1))
                .thenComparing(r -> priority(r, model.format().name()), Comparator.reverseOrder())
                .thenComparing(ServingRuntime::created, Comparator.reverseOrder())
                .thenComparing(ServingRuntime::name);
    }

    /** KServe looks the priority up by the format's name alone. */
    private static int priority(ServingRuntime runtime, String format) {
        return runtime.formats().stream()
                .filter(f -> f.format().name().equals(format))
                .flatMapToInt(f -> f.priority().stream())
                .findFirst()
                .orElse(Integer.MIN_VALUE);
    }

    private static String noneFits(Workload.Model model, List<List<ServingRuntime>> reachable) {
        var all = reachable.stream().flatMap(List::stream).toList();
        var asked =
                "no runtime serves model format "
                        + model.format()
                        + model.protocol().map(p -> " with protocol " + p.wireName()).orElse("");
        if (all.isEmpty()) {
            return asked + "; there is no ServingRuntime or ClusterServingRuntime at all";
        }
        var reasons =
                all.stream()
                        .sorted(Comparator.comparing(ServingRuntime::name))
                        .limit(CANDIDATES_MAX)
                        .map(r -> r.name() + ": " + automaticMisfit(r, model).orElse("it fits"));
        var rest = all.size() - CANDIDATES_MAX;
        var more = rest > 0 ? Stream.of("and " + rest + " more") : Stream.<String>empty();
        return asked + "; " + Stream.concat(reasons, more).collect(Collectors.joining("; "));
    }

    private static String names(List<List<ServingRuntime>> reachable) {
        var names =
                reachable.stream()
                        .flatMap(List::stream)
                        .map(ServingRuntime::name)
                        .sorted()
                        .distinct();
        var text = names.limit(CANDIDATES_MAX).collect(Collectors.joining(", "));
        return text.isEmpty() ? "none" : text;
    }

    private static String formats(ServingRuntime runtime) {
        return runtime.formats().stream()
                .map(f -> f.format().toString())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static String protocols(ServingRuntime runtime) {
        return PREFERENCE.stream()
                .filter(runtime.protocols()::contains)
                .map(Protocol::wireName)
                .collect(Collectors.joining(", "));
    }
}
