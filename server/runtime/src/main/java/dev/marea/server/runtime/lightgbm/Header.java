package dev.marea.server.runtime.lightgbm;

import java.util.List;
import java.util.Set;

/**
 * What stands before the trees.
 *
 * @param groups sums of a row: classes, or 1
 * @param average whether the sums are means over the iterations (a random forest)
 * @param trees how many the text says there are, or -1
 * @param infos one for each feature; a range for numbers, else categories
 */
record Header(
        String version,
        int groups,
        String objectiveName,
        Objective objective,
        boolean average,
        int trees,
        List<String> names,
        List<String> infos) {
    private static final Set<String> VERSIONS = Set.of("v2", "v3", "v4");
    private static final int CLASSES_MAX = 100_000;

    int features() {
        return names.size();
    }

    static Header read(Block block) throws BadModel {
        checkVersion(block);
        int groups = groups(block);
        var objective = objective(block, groups);
        var names = names(block);
        var sizes = block.find("tree_sizes");
        return new Header(
                block.find("version").map(Value::text).orElse("before v2"),
                groups,
                block.find("objective")
                        .map(v -> v.words().length > 0 ? v.words()[0] : "")
                        .orElse("none"),
                objective,
                block.find("average_output").isPresent(),
                sizes.isPresent() ? sizes.get().words().length : -1,
                names,
                infos(block, names.size()));
    }

    private static void checkVersion(Block block) throws BadModel {
        var version = block.find("version");
        if (version.isPresent() && !VERSIONS.contains(version.get().text())) {
            throw version.get()
                    .line()
                    .bad("version " + version.get().text() + " is unknown; v2, v3 and v4 are");
        }
    }

    private static int groups(Block block) throws BadModel {
        int classes = block.need("num_class").whole(1, CLASSES_MAX);
        var perIteration = block.find("num_tree_per_iteration");
        if (perIteration.isPresent() && perIteration.get().whole(1, CLASSES_MAX) != classes) {
            throw perIteration
                    .get()
                    .line()
                    .bad("num_tree_per_iteration and num_class (%d) differ".formatted(classes));
        }
        return classes;
    }

    private static Objective objective(Block block, int groups) throws BadModel {
        var value = block.find("objective");
        if (value.isEmpty() || value.get().words().length == 0) {
            return Objective.OWN;
        }
        var line = value.get().line();
        var words = value.get().words();
        for (var word : words) {
            if (word.startsWith("num_class:") && !word.equals("num_class:" + groups)) {
                throw line.bad("the objective's " + word + " is not num_class=" + groups);
            }
        }
        return Objective.named(words)
                .orElseThrow(() -> line.bad("the objective '" + line.shown() + "' is unknown"));
    }

    private static List<String> names(Block block) throws BadModel {
        int features = block.need("max_feature_idx").whole(0, Integer.MAX_VALUE - 8) + 1;
        return words(block.need("feature_names"), features);
    }

    private static List<String> words(Value value, int count) throws BadModel {
        var words = value.words();
        if (words.length != count) {
            throw value.line()
                    .bad("%s holds %d for %d features".formatted(value.key(), words.length, count));
        }
        return List.of(words);
    }

    private static List<String> infos(Block block, int features) throws BadModel {
        var found = block.find("feature_infos");
        return found.isPresent() ? words(found.get(), features) : List.of();
    }
}
