package dev.marea.kubernetes.reconcile;

import dev.marea.core.plan.Asked;
import dev.marea.core.plan.ModelPlacement;
import dev.marea.core.plan.ModelPlacement.Host;
import dev.marea.core.plan.ServiceStatus;
import dev.marea.core.spec.TrainedModel;
import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.ApiRefusal;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.objects.Objects;
import dev.marea.kubernetes.objects.Rendered;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.kubernetes.observe.LoadReports;
import dev.marea.kubernetes.reconcile.TrainedStatuses.Urls;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InvalidManifest;
import dev.marea.wire.kserve.Manifest;
import dev.marea.wire.kserve.TrainedModels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the replicas of a service the list of their models, and each TrainedModel its status. A
 * model that is deleted needs no finalizer: the list is made anew from those that are left.
 */
final class TrainedModelKeeping {
    private static final Logger LOG = LoggerFactory.getLogger(TrainedModelKeeping.class);

    /** KServe's label of a model's service. */
    private static final String PARENT = "inferenceservice";

    private final Api api;
    private final Applier applier;
    private final TrainedStatuses statuses;

    TrainedModelKeeping(Api api, Applier applier, TrainedStatuses statuses) {
        this.api = api;
        this.applier = applier;
        this.statuses = statuses;
    }

    /** One service in one round. */
    record Round(
            Subject subject,
            Manifest manifest,
            RenderedManifest asked,
            ServiceStatus status,
            Guests guests,
            List<Json.Obj> pods) {}

    /** Before pods are made: they mount the list. */
    void tend(Round round, Objects objects) throws IOException {
        var trees = new LinkedHashMap<TrainedModel, Json.Obj>();
        for (var tree : round.guests().models()) {
            read(tree).ifPresent(model -> trees.put(model, tree));
        }
        var stable = stable(round.asked());
        var host = host(round, stable);
        if (!host.shared() && trees.isEmpty()) {
            return;
        }
        var reports = LoadReports.of(round.pods());
        var loads = new LinkedHashMap<String, ModelPlacement.Loads>();
        trees.keySet().forEach(model -> loads.put(model.name(), reports.of(model)));
        var placement = ModelPlacement.decide(host, trees.keySet(), round.guests().listed(), loads);
        if (stable.filter(Rendered::shared).isPresent()) {
            applier.ensure(
                    Kind.CONFIG_MAP,
                    round.subject().namespace(),
                    round.guests().list(),
                    objects.modelList(placement.served()));
        }
        for (var model : trees.entrySet()) {
            adopt(model.getValue(), round.subject());
            statuses.write(
                    model.getValue(),
                    placement.verdicts().getOrDefault(model.getKey().name(), List.of()),
                    urls(model.getKey(), round));
        }
    }

    /** Whoever is going, or was never admitted, is none. */
    private static Optional<TrainedModel> read(Json.Obj tree) {
        if (tree.at("metadata", "deletionTimestamp").isPresent()) {
            return Optional.empty();
        }
        try {
            return Optional.of(TrainedModels.read(tree));
        } catch (InvalidManifest odd) {
            LOG.warn(
                    "TrainedModel {} is not considered: {}",
                    tree.text("metadata", "name").orElse("?"),
                    odd.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Rendered> stable(RenderedManifest manifest) {
        return switch (manifest.asked()) {
            case Asked.Fit fit -> Optional.ofNullable(manifest.rendered().get(fit.stable()));
            case Asked.Unfit _ -> Optional.empty();
        };
    }

    /** A spec that cannot run says nothing of what runs: there the list that is there speaks. */
    private static Host host(Round round, Optional<Rendered> stable) {
        var name = round.subject().name();
        boolean ready = round.status().ready();
        return stable.map(rendered ->
                        new Host(
                                name,
                                ready,
                                rendered.shared(),
                                rendered.frameworks(),
                                rendered.memoryLimit()))
                .orElseGet(() ->
                        new Host(
                                name,
                                ready,
                                round.guests().list().isPresent(),
                                Set.of(),
                                OptionalLong.empty()));
    }

    private static Urls urls(TrainedModel model, Round round) {
        var protocol = round.manifest().predictor().text("model", "protocolVersion").orElse("v1");
        var path =
                protocol.endsWith("v2")
                        ? "/v2/models/" + model.name() + "/infer"
                        : "/v1/models/" + model.name() + ":predict";
        return new Urls(
                round.status().url().map(url -> url + path),
                round.status().address().map(address -> address + path));
    }

    /** A model goes with its service, as in KServe. */
    private void adopt(Json.Obj tree, Subject service) throws IOException {
        var owner =
                Json.Obj.of(
                        "apiVersion", Kind.INFERENCE_SERVICE.apiVersion(),
                        "kind", Kind.INFERENCE_SERVICE.name(),
                        "name", service.name(),
                        "uid", service.uid());
        var owners = new ArrayList<Json>();
        for (var other : tree.list("metadata", "ownerReferences")) {
            if (other.text("kind").filter(Kind.INFERENCE_SERVICE.name()::equals).isEmpty()) {
                owners.add(other);
            }
        }
        owners.add(owner);
        var subject = Subject.of(tree);
        if (subject.labels().getOrDefault(PARENT, "").equals(service.name())
                && owners.equals(tree.list("metadata", "ownerReferences"))) {
            return;
        }
        var patch =
                Json.Obj.of(
                        "metadata",
                        Json.Obj.of(
                                "labels",
                                Map.of(PARENT, service.name()),
                                "ownerReferences",
                                owners));
        try {
            api.merge(Kind.TRAINED_MODEL, subject.namespace(), subject.name(), patch);
        } catch (ApiRefusal refused) {
            if (!refused.notFound()) {
                throw refused;
            }
        }
    }
}
