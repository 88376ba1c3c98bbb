package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * What a predictor runs, in its canonical tree: {@code model} for a model, whatever block named it,
 * or {@code containers} with one called kserve-container.
 */
final class Implementations {
    static final String CONTAINER = "kserve-container";
    private static final String TRANSFORMER_CONTAINER = "transformer-container";

    /** The older blocks; each bears the name of its model format. */
    static final List<String> FRAMEWORKS =
            List.of(
                    "sklearn",
                    "xgboost",
                    "lightgbm",
                    "tensorflow",
                    "pytorch",
                    "triton",
                    "onnx",
                    "huggingface",
                    "pmml",
                    "paddle");

    private Implementations() {}

    /** Reads nothing but gives every implementation one spelling. */
    static Json.Obj canonical(
            Json.Obj predictor, String path, Problems problems, List<String> warnings) {
        var named = named(predictor);
        if (named.size() > 1) {
            problems.invalid(
                    path, "has " + String.join(" and ", named) + "; keep exactly one of them");
            return predictor;
        }
        if (named.isEmpty()) {
            problems.missing(
                    path,
                    "names nothing to run; give model with modelFormat.name and storageUri, or containers of your own");
            return predictor;
        }
        var tree = withModel(predictor, path, warnings);
        checkContainers(tree, path, problems);
        return tree.has("model") ? tree : withContainerName(tree, path, problems);
    }

    /** What the predictor says it runs. */
    static List<String> named(Json.Obj predictor) {
        var named = new ArrayList<String>();
        if (predictor.has("model")) {
            named.add("model");
        }
        FRAMEWORKS.stream().filter(predictor::has).forEach(named::add);
        if (hasOwnServer(predictor, named.isEmpty())) {
            named.add("containers (a custom server)");
        }
        return named;
    }

    private static boolean hasOwnServer(Json.Obj predictor, boolean alone) {
        var containers = predictor.list("containers");
        return alone
                ? !containers.isEmpty()
                : containers.stream()
                        .anyMatch(c -> c.text("name").filter(CONTAINER::equals).isPresent());
    }

    /** Turns an older block into {@code model}, in its place. */
    static Json.Obj withModel(Json.Obj predictor, String path, List<String> warnings) {
        var fields = new LinkedHashMap<String, Json>();
        predictor
                .fields()
                .forEach((name, value) -> {
                    if (FRAMEWORKS.contains(name) && value instanceof Json.Obj block) {
                        fields.put("model", modelOf(name, block));
                        warnings.add(
                                "%s.%s: write %s.model with modelFormat: {name: %s}; both are served alike"
                                        .formatted(path, name, path, name));
                    } else {
                        fields.put(name, value);
                    }
                });
        return new Json.Obj(fields);
    }

    private static Json.Obj modelOf(String framework, Json.Obj block) {
        var fields = new LinkedHashMap<String, Json>();
        fields.put("modelFormat", Json.Obj.of("name", framework));
        fields.putAll(block.fields());
        return new Json.Obj(fields);
    }

    private static void checkContainers(Json.Obj predictor, String path, Problems problems) {
        var containers = predictor.list("containers");
        for (int i = 0; i < containers.size(); i++) {
            if (predictor.has("model") && containers.get(i).text("name").isEmpty()) {
                problems.missing(
                        "%s.containers[%d].name".formatted(path, i),
                        "is missing; a container beside the model needs a name");
            }
            if (containers.get(i).text("name").filter(TRANSFORMER_CONTAINER::equals).isPresent()) {
                problems.forbidden(
                        "%s.containers[%d]".formatted(path, i),
                        "a transformer beside the predictor is not served by this release");
            }
        }
        if (predictor.text("model", "name").filter(n -> !n.isEmpty()).isPresent()) {
            problems.forbidden(
                    path + ".model.name",
                    "a model's container is always called " + CONTAINER + "; leave the field out");
        }
    }

    /** A single container may be called anything; of several, one must bear the name. */
    private static Json.Obj withContainerName(Json.Obj predictor, String path, Problems problems) {
        var containers = new ArrayList<>(predictor.list("containers"));
        boolean named =
                containers.stream()
                        .anyMatch(c -> c.text("name").filter(CONTAINER::equals).isPresent());
        boolean free = containers.size() == 1 || containers.getFirst().text("name").isEmpty();
        if (!named && !free) {
            problems.invalid(
                    path + ".containers",
                    "one of several containers must be called "
                            + CONTAINER
                            + ": it takes the requests");
        } else if (!named && containers.getFirst() instanceof Json.Obj first) {
            containers.set(0, first.with("name", new Json.Str(CONTAINER)));
        }
        return predictor.with("containers", new Json.Arr(containers));
    }
}
