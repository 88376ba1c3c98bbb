package dev.marea.kubernetes.reconcile;

import dev.marea.core.plan.ModelHost;
import dev.marea.core.spec.Memory;
import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.objects.Names;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InferenceServices;
import dev.marea.wire.kserve.InvalidManifest;
import dev.marea.wire.kserve.Quantities;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads from an InferenceService what matters to the trained models that name it. */
record ModelHosts(Api api) {

    ModelHost of(String service, Optional<Json.Obj> tree) throws IOException {
        var there = tree.filter(t -> t.at("metadata", "deletionTimestamp").isEmpty());
        if (there.isEmpty()) {
            return new ModelHost.Missing(service);
        }
        var model = model(there.get());
        return new ModelHost.Present(
                service,
                trouble(there.get()),
                there.get().text("status", "url"),
                there.get().text("status", "address", "url"),
                model.flatMap(m -> m.text("protocolVersion")).filter("v2"::equals).isPresent(),
                model.isPresent() ? room(there.get(), model.get()) : Optional.empty());
    }

    /** The predictor's model block, where it names no model of its own. */
    private static Optional<Json.Obj> model(Json.Obj tree) {
        try {
            var predictor = InferenceServices.read(tree).predictor();
            return predictor.has("model") && InferenceServices.storageUri(predictor).isEmpty()
                    ? Optional.of(predictor.object("model"))
                    : Optional.empty();
        } catch (InvalidManifest odd) {
            return Optional.empty();
        }
    }

    private static Optional<String> trouble(Json.Obj tree) {
        var ready =
                tree.list("status", "conditions").stream()
                        .filter(c -> c.text("type").filter("Ready"::equals).isPresent())
                        .findFirst();
        return ready.flatMap(c -> c.text("status")).filter("True"::equals).isPresent()
                ? Optional.empty()
                : Optional.of(ready.flatMap(c -> c.text("message")).orElse(""));
    }

    /** Empty until a runtime was chosen, and for one that is for one model. */
    private Optional<ModelHost.Room> room(Json.Obj tree, Json.Obj model) throws IOException {
        var shared = tree.text("status", "clusterServingRuntimeName");
        var own = tree.text("status", "servingRuntimeName");
        var runtime =
                shared.isPresent()
                        ? api.get(Kind.CLUSTER_SERVING_RUNTIME, "", shared.get())
                        : own.isPresent()
                                ? api.get(Kind.SERVING_RUNTIME, namespace(tree), own.get())
                                : Optional.<Json.Obj>empty();
        return runtime.map(r -> r.object("spec"))
                .filter(spec -> spec.flag("multiModel"))
                .map(spec -> room(shared.or(() -> own).orElse(""), spec, model));
    }

    private static ModelHost.Room room(String runtime, Json.Obj spec, Json.Obj model) {
        var formats =
                spec.list("supportedModelFormats").stream()
                        .flatMap(f -> f.text("name").stream())
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet());
        return new ModelHost.Room(runtime, formats, memory(spec, model));
    }

    /** The author's limit stands over the runtime's. */
    private static Optional<Memory> memory(Json.Obj spec, Json.Obj model) {
        var own = model.at("resources", "limits", "memory");
        return Quantities.memory(own.isPresent() ? own : runtimesLimit(spec));
    }

    private static Optional<Json> runtimesLimit(Json.Obj spec) {
        return spec.list("containers").stream()
                .filter(c -> c.text("name").filter(Names.CONTAINER::equals).isPresent())
                .flatMap(c -> c.at("resources", "limits", "memory").stream())
                .findFirst();
    }

    private static String namespace(Json.Obj tree) {
        return tree.text("metadata", "namespace").orElse("");
    }
}
