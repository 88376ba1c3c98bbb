package dev.marea.server.runtime.lightgbm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a whole model: header, trees, and what of the rest says how columns become numbers. */
final class BoosterReader {
    private static final String CATEGORIES = "pandas_categorical:";
    private static final String CATEGORICAL = "[categorical_feature: ";

    private final ModelText text;

    private BoosterReader(byte[] utf8) {
        this.text = new ModelText(utf8);
    }

    static Booster read(byte[] utf8) throws BadModel {
        return new BoosterReader(utf8).read();
    }

    private Booster read() throws BadModel {
        var header = Header.read(Block.header(text));
        var trees = trees(header);
        int iterations = trees.size() / header.groups();
        var categorical = categoricalColumns();
        return new Booster(
                header,
                Forest.of(trees, header.features()),
                iterations,
                Categories.read(text.last(), CATEGORIES, categorical, header));
    }

    private List<Tree> trees(Header header) throws BadModel {
        var trees = new ArrayList<Tree>();
        boolean ended = false;
        while (text.hasNext() && !ended) {
            var line = text.next();
            if (line.startsWith("Tree=")) {
                trees.add(TreeReader.read(Block.after(line, text), header.features()));
            } else if (!line.isBlank()) {
                // Before v3 the trees end without a word, at what features are worth.
                ended = line.is("end of trees") || line.startsWith("feature importances");
                if (!ended) {
                    throw line.bad("'" + line.shown() + "' where a tree begins");
                }
            }
        }
        if (!ended) {
            throw text.ended("after %d trees, without 'end of trees'".formatted(trees.size()));
        }
        check(trees.size(), header);
        return trees;
    }

    private void check(int count, Header header) throws BadModel {
        if (header.trees() >= 0 && header.trees() != count) {
            throw text.bad("%d trees where tree_sizes has %d".formatted(count, header.trees()));
        }
        if (count % header.groups() != 0) {
            throw text.bad("%d trees for %d classes".formatted(count, header.groups()));
        }
    }

    /** The columns that were named categorical at the training, if the parameters say so. */
    private Optional<String> categoricalColumns() {
        while (text.hasNext()) {
            var line = text.next();
            if (line.startsWith(CATEGORICAL)) {
                var list = line.text(line.from() + CATEGORICAL.length()).replace("]", "").strip();
                return list.isEmpty() ? Optional.empty() : Optional.of(list);
            }
        }
        return Optional.empty();
    }
}
