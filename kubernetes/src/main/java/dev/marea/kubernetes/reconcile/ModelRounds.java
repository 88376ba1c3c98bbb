package dev.marea.kubernetes.reconcile;

import dev.marea.core.plan.ModelHost;
import dev.marea.core.plan.ModelPlacement;
import dev.marea.core.plan.ModelPlacement.Placed;
import dev.marea.core.plan.TrainedModelStatus;
import dev.marea.core.spec.TrainedModel;
import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.ApiRefusal;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.objects.ModelConfig;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InvalidManifest;
import dev.marea.wire.kserve.TrainedModels;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One round for all trained models of one service: they share its memory and its ConfigMap. The
 * ConfigMap is written anew from the models that there are, so a deleted one needs no finalizer.
 */
final class ModelRounds {
    private static final Logger LOG = LoggerFactory.getLogger(ModelRounds.class);

    private final Api api;
    private final ModelHosts hosts;
    private final InstantSource clock;

    ModelRounds(Api api, InstantSource clock) {
        this.api = api;
        this.hosts = new ModelHosts(api);
        this.clock = clock;
    }

    /**
     * @param host the InferenceService that they name, if it is there
     * @param models those that name it now
     */
    void round(String namespace, String service, Optional<Json.Obj> host, List<Json.Obj> models)
            throws IOException {
        var trees = new HashMap<String, Json.Obj>();
        var read = new ArrayList<TrainedModel>();
        for (var tree : models) {
            try {
                var model = TrainedModels.read(tree);
                trees.put(model.name(), tree);
                read.add(model);
            } catch (InvalidManifest odd) {
                // Admission refuses these; one that slipped by disturbs no other.
                LOG.warn("a TrainedModel in {} cannot be read: {}", namespace, odd.getMessage());
            }
        }
        var facts = hosts.of(service, host);
        var placed = ModelPlacement.place(read, facts);
        if (facts instanceof ModelHost.Present present && host.isPresent()) {
            var owner = Subject.of(host.get());
            own(owner, trees);
            if (present.many().isPresent()) {
                write(owner, placed);
            }
        }
        for (var one : placed) {
            var tree = Objects.requireNonNull(trees.get(one.model().name()), "placed unasked");
            tell(tree, one.status());
        }
    }

    /** Models go with their service, as in KServe. */
    private void own(Subject owner, Map<String, Json.Obj> trees) throws IOException {
        for (var tree : trees.values()) {
            var patch = ModelConfig.ownership(owner, tree);
            if (patch.isPresent()) {
                ifThere(() ->
                        api.merge(
                                Kind.TRAINED_MODEL,
                                owner.namespace(),
                                tree.text("metadata", "name").orElseThrow(),
                                patch.get()));
            }
        }
    }

    private void write(Subject owner, List<Placed> placed) throws IOException {
        var listed = placed.stream().filter(Placed::listed).map(Placed::model).toList();
        var wanted = ModelConfig.of(owner, TrainedModels.config(listed));
        var live =
                api.get(
                        Kind.CONFIG_MAP,
                        owner.namespace(),
                        wanted.text("metadata", "name").orElseThrow());
        var same =
                live.filter(map -> map.object("data").equals(wanted.object("data")))
                        .filter(map ->
                                map.list("metadata", "ownerReferences").stream()
                                        .anyMatch(o ->
                                                o.text("uid")
                                                        .filter(owner.uid()::equals)
                                                        .isPresent()));
        if (same.isEmpty()) {
            api.apply(Kind.CONFIG_MAP, owner.namespace(), wanted, true);
        }
    }

    private void tell(Json.Obj tree, TrainedModelStatus status) throws IOException {
        var before = tree.object("status");
        var wanted =
                TrainedModels.status(
                        status, before, clock.instant().truncatedTo(ChronoUnit.SECONDS));
        if (wanted.equals(before)) {
            return;
        }
        var namespace = tree.text("metadata", "namespace").orElse("");
        var patch =
                Json.Obj.of(
                        "apiVersion", Kind.TRAINED_MODEL.apiVersion(),
                        "kind", Kind.TRAINED_MODEL.name(),
                        "metadata",
                                Json.Obj.of(
                                        "name",
                                        tree.text("metadata", "name").orElseThrow(),
                                        "namespace",
                                        namespace),
                        "status", wanted);
        ifThere(() -> api.applyStatus(Kind.TRAINED_MODEL, namespace, patch));
    }

    private interface Write {
        Json.Obj run() throws IOException;
    }

    /** One that was deleted meanwhile needs nothing. */
    private static void ifThere(Write write) throws IOException {
        try {
            var _ = write.run();
        } catch (ApiRefusal refused) {
            if (!refused.notFound()) {
                throw refused;
            }
        }
    }
}
