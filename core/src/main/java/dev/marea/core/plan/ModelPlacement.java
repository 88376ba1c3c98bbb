package dev.marea.core.plan;

import dev.marea.core.plan.ServiceStatus.Truth;
import dev.marea.core.plan.TrainedModelStatus.Condition;
import dev.marea.core.plan.TrainedModelStatus.ConditionType;
import dev.marea.core.spec.Memory;
import dev.marea.core.spec.Reason;
import dev.marea.core.spec.TrainedModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Which of a service's trained models its replicas are to load. Memory is given in the order of
 * creation, so that a new model never takes the room of one that is served.
 */
public final class ModelPlacement {
    private static final Comparator<TrainedModel> BY_AGE =
            Comparator.comparing(TrainedModel::created).thenComparing(TrainedModel::name);

    private final ModelHost host;
    private long given;
    private int models;

    private ModelPlacement(ModelHost host) {
        this.host = host;
    }

    /**
     * One model's fate.
     *
     * @param listed whether replicas are told to load it
     */
    public record Placed(TrainedModel model, boolean listed, TrainedModelStatus status) {}

    /** Decides for all models of one service at once, for they share its memory. */
    public static List<Placed> place(Collection<TrainedModel> models, ModelHost host) {
        var placement = new ModelPlacement(host);
        return models.stream().sorted(BY_AGE).map(placement::place).toList();
    }

    private Placed place(TrainedModel model) {
        return switch (host) {
            case ModelHost.Missing missing -> missing(model, missing);
            case ModelHost.Present present ->
                    present.many()
                            .map(room -> placed(model, present, room))
                            .orElseGet(() -> notForMany(model, present));
        };
    }

    private static Placed missing(TrainedModel model, ModelHost.Missing missing) {
        var why =
                "there is no InferenceService %s in namespace %s"
                        .formatted(missing.service(), model.namespace());
        var conditions = new ArrayList<Condition>();
        conditions.add(
                no(ConditionType.INFERENCE_SERVICE_READY, Reason.INFERENCE_SERVICE_NOT_READY, why));
        for (var type :
                List.of(
                        ConditionType.FRAMEWORK_SUPPORTED,
                        ConditionType.IS_MMS_PREDICTOR,
                        ConditionType.MEMORY_RESOURCE_AVAILABLE)) {
            conditions.add(unknown(type, Reason.INFERENCE_SERVICE_NOT_READY, why));
        }
        return new Placed(model, false, status(model, Optional.empty(), conditions));
    }

    private static Placed notForMany(TrainedModel model, ModelHost.Present host) {
        var why =
                "%s serves no models that come and go: leave storageUri out of its predictor, so that a runtime with multiModel: true is chosen"
                        .formatted(host.service());
        var conditions = new ArrayList<Condition>();
        conditions.add(ready(host));
        conditions.add(no(ConditionType.IS_MMS_PREDICTOR, Reason.IS_NOT_MMS_PREDICTOR, why));
        for (var type :
                List.of(
                        ConditionType.FRAMEWORK_SUPPORTED,
                        ConditionType.MEMORY_RESOURCE_AVAILABLE)) {
            conditions.add(unknown(type, Reason.IS_NOT_MMS_PREDICTOR, ""));
        }
        return new Placed(model, false, status(model, Optional.of(host), conditions));
    }

    private Placed placed(TrainedModel model, ModelHost.Present host, ModelHost.Room room) {
        var framework = framework(model, room);
        // What no runtime here can read takes no room from others either.
        var memory = memory(model, host, room, framework.truth() == Truth.TRUE);
        var conditions =
                List.of(ready(host), framework, yes(ConditionType.IS_MMS_PREDICTOR), memory);
        boolean listed = framework.truth() == Truth.TRUE && memory.truth() == Truth.TRUE;
        return new Placed(model, listed, status(model, Optional.of(host), conditions));
    }

    private static Condition ready(ModelHost.Present host) {
        return host.trouble()
                .map(why ->
                        no(
                                ConditionType.INFERENCE_SERVICE_READY,
                                Reason.INFERENCE_SERVICE_NOT_READY,
                                "%s is not ready%s"
                                        .formatted(
                                                host.service(), why.isEmpty() ? "" : ": " + why)))
                .orElseGet(() -> yes(ConditionType.INFERENCE_SERVICE_READY));
    }

    private static Condition framework(TrainedModel model, ModelHost.Room room) {
        if (room.frameworks().contains(model.framework().toLowerCase(Locale.ROOT))) {
            return yes(ConditionType.FRAMEWORK_SUPPORTED);
        }
        return no(
                ConditionType.FRAMEWORK_SUPPORTED,
                Reason.FRAMEWORK_NOT_SUPPORTED,
                "runtime %s serves %s, not %s"
                        .formatted(
                                room.runtime(),
                                String.join(", ", new TreeSet<>(room.frameworks())),
                                model.framework()));
    }

    private Condition memory(
            TrainedModel model, ModelHost.Present host, ModelHost.Room room, boolean counts) {
        long wanted = model.memory().bytes();
        if (room.memory().filter(limit -> wanted > limit.bytes() - given).isPresent()) {
            return no(
                    ConditionType.MEMORY_RESOURCE_AVAILABLE,
                    Reason.MEMORY_RESOURCE_NOT_AVAILABLE,
                    overMemory(model, host, room.memory().get()));
        }
        if (counts && room.memory().isPresent()) {
            given += wanted;
            models++;
        }
        return yes(ConditionType.MEMORY_RESOURCE_AVAILABLE);
    }

    private String overMemory(TrainedModel model, ModelHost.Present host, Memory limit) {
        return "it asks for %s; %s has %s, of which %d MiB are given to %d older models. Delete some, or raise resources.limits.memory of the service"
                .formatted(
                        model.memory().text(),
                        host.service(),
                        limit.text(),
                        Math.ceilDiv(given, 1L << 20),
                        models);
    }

    private static TrainedModelStatus status(
            TrainedModel model, Optional<ModelHost.Present> host, List<Condition> parts) {
        var all = new ArrayList<>(parts);
        all.add(summary(parts));
        all.sort(Comparator.comparing(Condition::type));
        return new TrainedModelStatus(
                model.generation(),
                host.flatMap(ModelHost.Present::url).map(url -> url + path(model, host)),
                host.flatMap(ModelHost.Present::address).map(url -> url + path(model, host)),
                all);
    }

    private static String path(TrainedModel model, Optional<ModelHost.Present> host) {
        return host.filter(ModelHost.Present::speaksV2).isPresent()
                ? "/v2/models/" + model.name() + "/infer"
                : "/v1/models/" + model.name() + ":predict";
    }

    /** The first that is false says why; then the first that is unknown. */
    private static Condition summary(List<Condition> parts) {
        for (var truth : List.of(Truth.FALSE, Truth.UNKNOWN)) {
            var first = parts.stream().filter(c -> c.truth() == truth).findFirst();
            if (first.isPresent()) {
                return new Condition(
                        ConditionType.READY, truth, first.get().reason(), first.get().message());
            }
        }
        return yes(ConditionType.READY);
    }

    private static Condition yes(ConditionType type) {
        return new Condition(type, Truth.TRUE, Reason.READY, "");
    }

    private static Condition no(ConditionType type, Reason reason, String why) {
        return new Condition(type, Truth.FALSE, reason, why);
    }

    private static Condition unknown(ConditionType type, Reason reason, String why) {
        return new Condition(type, Truth.UNKNOWN, reason, why);
    }
}
