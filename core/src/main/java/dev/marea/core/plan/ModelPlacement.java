package dev.marea.core.plan;

import dev.marea.core.plan.ServiceStatus.Truth;
import dev.marea.core.plan.TrainedVerdict.Aspect;
import dev.marea.core.spec.Reason;
import dev.marea.core.spec.TrainedModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Decides which TrainedModels the replicas of a service shall serve, and what to say of each.
 *
 * @param served in the order in which they were taken
 * @param verdicts by the model's name
 */
public record ModelPlacement(
        List<TrainedModel> served, Map<String, List<TrainedVerdict>> verdicts) {
    private static final long MEBI = 1L << 20;

    public ModelPlacement {
        served = List.copyOf(served);
        verdicts = Map.copyOf(verdicts);
    }

    /**
     * What a service offers to models.
     *
     * @param shared whether its predictor serves many models
     * @param frameworks the formats that it can load; none named: any
     * @param memoryBytes what all models together may need, if there is a limit
     */
    public record Host(
            String name,
            boolean ready,
            boolean shared,
            Set<String> frameworks,
            OptionalLong memoryBytes) {
        public Host {
            frameworks = Set.copyOf(frameworks);
        }
    }

    /**
     * What replicas say of one model, as it is asked for now.
     *
     * @param replicas those that say anything at all
     * @param loaded those that serve it
     */
    public record Loads(int replicas, int loaded, Optional<String> failure) {
        public static final Loads UNHEARD = new Loads(0, 0, Optional.empty());
    }

    /**
     * @param before names of the models that are served already: they keep their memory, so that a
     *     newcomer never drives out one that answers requests
     * @param loads by the model's name
     */
    public static ModelPlacement decide(
            Host host,
            Collection<TrainedModel> models,
            Set<String> before,
            Map<String, Loads> loads) {
        var room = new Room(host.memoryBytes());
        var served = new ArrayList<TrainedModel>();
        var verdicts = new LinkedHashMap<String, List<TrainedVerdict>>();
        for (var model : models.stream().sorted(firstCome(before)).toList()) {
            var said = new ArrayList<TrainedVerdict>();
            said.add(framework(host, model));
            said.add(shared(host));
            boolean suits = said.stream().allMatch(v -> v.truth() == Truth.TRUE);
            said.add(suits ? room.take(host, model) : room.look(host, model));
            boolean fits = suits && said.getLast().truth() == Truth.TRUE;
            said.add(ready(host));
            if (fits) {
                served.add(model);
                loaded(loads.getOrDefault(model.name(), Loads.UNHEARD)).ifPresent(said::add);
            }
            said.add(together(said));
            verdicts.put(model.name(), List.copyOf(said));
        }
        return new ModelPlacement(served, verdicts);
    }

    /** What is said of a model whose service does not exist. */
    public static List<TrainedVerdict> homeless(TrainedModel model) {
        var why =
                "there is no InferenceService %s in the namespace %s; the model is loaded once there is"
                        .formatted(model.service().name(), model.service().namespace());
        return List.of(
                TrainedVerdict.fails(
                        Aspect.INFERENCE_SERVICE_READY, Reason.INFERENCE_SERVICE_NOT_READY, why),
                TrainedVerdict.fails(Aspect.READY, Reason.INFERENCE_SERVICE_NOT_READY, why));
    }

    private static Comparator<TrainedModel> firstCome(Set<String> before) {
        return Comparator.comparing((TrainedModel m) -> !before.contains(m.name()))
                .thenComparing(TrainedModel::created)
                .thenComparing(TrainedModel::name);
    }

    private static TrainedVerdict framework(Host host, TrainedModel model) {
        var type = Aspect.FRAMEWORK_SUPPORTED;
        boolean known =
                host.frameworks().isEmpty()
                        || host.frameworks().stream().anyMatch(model.framework()::equalsIgnoreCase);
        return known
                ? TrainedVerdict.holds(type)
                : TrainedVerdict.fails(
                        type,
                        Reason.FRAMEWORK_NOT_SUPPORTED,
                        "the runtime of %s loads %s, not %s"
                                .formatted(
                                        host.name(),
                                        String.join(
                                                ", ", host.frameworks().stream().sorted().toList()),
                                        model.framework()));
    }

    private static TrainedVerdict ready(Host host) {
        return host.ready()
                ? TrainedVerdict.holds(Aspect.INFERENCE_SERVICE_READY)
                : TrainedVerdict.fails(
                        Aspect.INFERENCE_SERVICE_READY,
                        Reason.INFERENCE_SERVICE_NOT_READY,
                        "InferenceService %s is not ready; its own status says why"
                                .formatted(host.name()));
    }

    private static TrainedVerdict shared(Host host) {
        return host.shared()
                ? TrainedVerdict.holds(Aspect.IS_MMS_PREDICTOR)
                : TrainedVerdict.fails(
                        Aspect.IS_MMS_PREDICTOR,
                        Reason.IS_NOT_MMS_PREDICTOR,
                        "the predictor of %s serves one model; give it a model without storageUri and a runtime with multiModel: true"
                                .formatted(host.name()));
    }

    private static Optional<TrainedVerdict> loaded(Loads loads) {
        if (loads.failure().isPresent()) {
            return Optional.of(
                    TrainedVerdict.fails(
                            Aspect.MODEL_LOADED, Reason.MODEL_LOAD_FAILED, loads.failure().get()));
        }
        if (loads.loaded() > 0) {
            return Optional.of(TrainedVerdict.holds(Aspect.MODEL_LOADED));
        }
        return loads.replicas() == 0
                ? Optional.empty()
                : Optional.of(
                        TrainedVerdict.unknown(
                                Aspect.MODEL_LOADED, "its files are fetched and loaded"));
    }

    /** The first thing that is wrong, or not known yet: what its author must mend comes first. */
    private static TrainedVerdict together(List<TrainedVerdict> said) {
        for (var truth : List.of(Truth.FALSE, Truth.UNKNOWN)) {
            for (var verdict : said) {
                if (verdict.truth() == truth) {
                    return new TrainedVerdict(
                            Aspect.READY, truth, verdict.reason(), verdict.message());
                }
            }
        }
        return TrainedVerdict.holds(Aspect.READY);
    }

    /** The memory that is left while models are taken one by one. */
    private static final class Room {
        private final OptionalLong limit;
        private long taken;

        Room(OptionalLong limit) {
            this.limit = limit;
        }

        TrainedVerdict take(Host host, TrainedModel model) {
            var verdict = look(host, model);
            if (verdict.truth() == Truth.TRUE && limit.isPresent()) {
                taken += model.memoryBytes();
            }
            return verdict;
        }

        TrainedVerdict look(Host host, TrainedModel model) {
            long left = limit.orElse(Long.MAX_VALUE) - taken;
            return model.memoryBytes() <= left
                    ? TrainedVerdict.holds(Aspect.MEMORY_RESOURCE_AVAILABLE)
                    : TrainedVerdict.fails(
                            Aspect.MEMORY_RESOURCE_AVAILABLE,
                            Reason.MEMORY_RESOURCE_NOT_AVAILABLE,
                            "needs %d Mi, and %d of the %d Mi of %s are left; raise resources.limits.memory of its predictor, or delete another TrainedModel"
                                    .formatted(
                                            up(model.memoryBytes()),
                                            left / MEBI,
                                            limit.orElse(0) / MEBI,
                                            host.name()));
        }

        private static long up(long bytes) {
            return bytes / MEBI + (bytes % MEBI == 0 ? 0 : 1);
        }
    }
}
