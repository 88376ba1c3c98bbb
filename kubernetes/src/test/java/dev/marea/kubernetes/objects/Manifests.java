package dev.marea.kubernetes.objects;

import dev.marea.core.plan.RuntimeChoice;
import dev.marea.core.plan.RuntimeSelection;
import dev.marea.core.spec.Workload;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.Yaml;
import dev.marea.wire.kserve.InferenceServices;
import dev.marea.wire.kserve.InvalidManifest;
import dev.marea.wire.kserve.OwnImages;
import dev.marea.wire.kserve.RuntimeManifest;
import dev.marea.wire.kserve.ServingRuntimes;
import dev.marea.wire.kserve.ShippedRuntimes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the YAML files beside the tests and renders them as the operator does. */
final class Manifests {
    private Manifests() {}

    static String text(String name) {
        try (var in = Manifests.class.getResourceAsStream(name + ".yaml")) {
            if (in == null) {
                throw new IllegalArgumentException("no file " + name + ".yaml");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static Json.Obj tree(String yaml) {
        return trees(yaml).getFirst();
    }

    static List<Json.Obj> trees(String yaml) {
        try {
            return Yaml.read(yaml).stream().map(Json.Obj.class::cast).toList();
        } catch (MalformedJson bad) {
            throw new IllegalArgumentException(bad);
        }
    }

    static Rendered render(Json.Obj tree, String version) throws Unrenderable {
        return render(tree, trees(text("runtimes")), version);
    }

    static Rendered render(Json.Obj tree, List<Json.Obj> runtimes, String version)
            throws Unrenderable {
        return render(tree, runtimes, version, StorageMeans.NONE);
    }

    static Rendered render(
            Json.Obj tree, List<Json.Obj> runtimes, String version, StorageMeans means)
            throws Unrenderable {
        try {
            var manifest = InferenceServices.read(tree);
            var workload = manifest.service().predictor().workload();
            return Rendered.of(
                    Subject.of(tree),
                    workload,
                    manifest.predictor(),
                    runtime(workload, runtimes),
                    new PodSettings(OwnImages.of(version), true, ModelTrust.OFF),
                    means);
        } catch (InvalidManifest bad) {
            throw new IllegalArgumentException(bad);
        }
    }

    private static Optional<RuntimeTree> runtime(Workload workload, List<Json.Obj> trees)
            throws InvalidManifest {
        if (!(workload instanceof Workload.Model model)) {
            return Optional.empty();
        }
        var known = new ArrayList<RuntimeManifest>();
        for (var tree : trees) {
            known.add(ServingRuntimes.read(tree));
        }
        var choice =
                RuntimeSelection.choose(
                        model, "demo", known.stream().map(RuntimeManifest::runtime).toList());
        if (!(choice instanceof RuntimeChoice.Chosen(var chosen))) {
            throw new IllegalArgumentException(choice.toString());
        }
        for (int i = 0; i < known.size(); i++) {
            if (known.get(i).runtime().equals(chosen)) {
                var shipped =
                        trees.get(i).at("metadata", "labels", ShippedRuntimes.LABEL).isPresent();
                return Optional.of(
                        new RuntimeTree(chosen.name(), true, shipped, known.get(i).spec()));
            }
        }
        return Optional.empty();
    }
}
