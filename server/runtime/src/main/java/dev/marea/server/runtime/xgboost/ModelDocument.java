package dev.marea.server.runtime.xgboost;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.xgboost.BoosterParts.Body;
import dev.marea.server.runtime.xgboost.BoosterParts.LinearBody;
import dev.marea.server.runtime.xgboost.BoosterParts.TreeBody;
import dev.marea.server.runtime.xgboost.BoosterParts.Version;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds a booster's parts in a document, by the names that XGBoost's schema gives them. */
final class ModelDocument {
    private static final String OTHER_JSON =
            "this is JSON, but no XGBoost model: it has no 'learner'";

    private ModelDocument() {}

    static BoosterParts parts(Section root, ModelBytes source) throws LoadFailure {
        // A pickled booster is a snapshot: the model, and its training's settings beside it.
        var model = root.maybe("Model").orElse(root);
        if (model.maybe("learner").isEmpty()) {
            throw new LoadFailure(
                    root.file(),
                    OTHER_JSON,
                    "save the booster with Booster.save_model, or point storageUri at its file");
        }
        var learner = model.at("learner");
        var params = learner.at("learner_model_param");
        var booster = learner.at("gradient_booster");
        var version = version(model);
        int outputs =
                Math.max(1, Math.max(params.size("num_class", 0), params.size("num_target", 1)));
        return new BoosterParts(
                version,
                learner.at("objective").at("name").text(),
                params.at("num_feature").size(),
                outputs,
                intercepts(params.at("base_score")),
                attributes(learner),
                texts(learner, "feature_names"),
                texts(learner, "feature_types"),
                categories(booster, version),
                body(booster, outputs, new CategorySet(source)));
    }

    private static Version version(Section model) throws LoadFailure {
        var section = model.maybe("version");
        if (section.isEmpty()) {
            return new Version(1, 0);
        }
        var numbers = section.get().wholes();
        if (numbers.length < 2) {
            throw section.get().failure("must hold major, minor and patch");
        }
        return new Version(numbers[0], numbers[1]);
    }

    /** One number as a text, or since 3.1 a list of them: "[5E-1,2.5E-1]". */
    private static float[] intercepts(Section score) throws LoadFailure {
        var text = score.text().strip();
        boolean list = text.startsWith("[") && text.endsWith("]");
        var parts = (list ? text.substring(1, text.length() - 1) : text).split(",", -1);
        var numbers = new float[parts.length];
        for (int i = 0; i < parts.length; i++) {
            try {
                numbers[i] = Float.parseFloat(parts[i].strip());
            } catch (NumberFormatException noNumber) {
                throw score.failure("must be a number or a list of numbers, is '" + text + "'");
            }
        }
        return numbers;
    }

    private static Map<String, String> attributes(Section learner) throws LoadFailure {
        var section = learner.maybe("attributes");
        var attributes = new LinkedHashMap<String, String>();
        if (section.isPresent() && section.get().value() instanceof Value.Group(var members)) {
            for (var name : members.keySet()) {
                attributes.put(name, section.get().at(name).text());
            }
        }
        return attributes;
    }

    private static List<String> texts(Section learner, String name) throws LoadFailure {
        var section = learner.maybe(name);
        return section.isPresent() ? section.get().texts() : List.of();
    }

    private static List<Categories> categories(Section booster, Version version)
            throws LoadFailure {
        var trees = booster.maybe("gbtree").orElse(booster).maybe("model");
        if (trees.isEmpty() || trees.get().maybe("cats").isEmpty()) {
            return List.of();
        }
        return Categories.of(trees.get().at("cats"), version);
    }

    private static Body body(Section booster, int outputs, CategorySet sets) throws LoadFailure {
        var kind = booster.at("name");
        return switch (kind.text()) {
            case "gbtree" -> trees(booster.at("model"), new float[0], outputs, sets);
            case "dart" -> {
                var weights = booster.at("weight_drop");
                yield trees(booster.at("gbtree").at("model"), weights.reals(), outputs, sets);
            }
            case "gblinear" -> new LinearBody(booster.at("model").at("weights").reals());
            default -> throw kind.failure("is '" + kind.text() + "', no booster that we know");
        };
    }

    private static TreeBody trees(Section model, float[] weights, int outputs, CategorySet sets)
            throws LoadFailure {
        var sections = model.at("trees").items();
        int count = sections.size();
        var groups = model.at("tree_info").wholes(count);
        if (weights.length > 0 && weights.length != count) {
            throw model.failure("has %d weights for %d trees".formatted(weights.length, count));
        }
        var trees = new ArrayList<TreeParts>(count);
        boolean vectors = false;
        for (var section : sections) {
            var tree = TreeDocument.parts(section, sets);
            vectors |= tree.leafWidth() > 1;
            trees.add(tree);
        }
        var params = model.at("gbtree_model_param");
        int perRound = Math.max(1, params.size("num_parallel_tree", 1)) * (vectors ? 1 : outputs);
        return new TreeBody(trees, groups, weights, rounds(model, count, perRound));
    }

    private static int[] rounds(Section model, int trees, int perRound) throws LoadFailure {
        var saved = model.maybe("iteration_indptr");
        return saved.isPresent() ? checked(saved.get(), trees) : TreeRounds.even(trees, perRound);
    }

    private static int[] checked(Section section, int trees) throws LoadFailure {
        var rounds = section.wholes();
        int before = 0;
        for (int end : rounds) {
            if (end < before || end > trees) {
                throw section.failure("does not count up to the %d trees".formatted(trees));
            }
            before = end;
        }
        return rounds;
    }
}
