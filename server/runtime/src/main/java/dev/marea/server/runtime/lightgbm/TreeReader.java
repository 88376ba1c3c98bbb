package dev.marea.server.runtime.lightgbm;

import dev.marea.server.runtime.lightgbm.Tree.Linear;
import dev.marea.server.runtime.lightgbm.Tree.Sets;
import java.util.BitSet;
import java.util.Optional;

/** Reads one tree and refuses any that could mislead a walk: every index and count is checked. */
final class TreeReader {
    private static final int DECISION_MAX = 0b1011;

    private final Block block;
    private final int features;
    private final int leaves;
    private final int splits;

    private TreeReader(Block block, int features) throws BadModel {
        this.block = block;
        this.features = features;
        this.leaves = Math.max(block.need("num_leaves").whole(0, Integer.MAX_VALUE - 8), 1);
        this.splits = leaves - 1;
    }

    /**
     * @param features how many a row has
     */
    static Tree read(Block block, int features) throws BadModel {
        return new TreeReader(block, features).read();
    }

    private Tree read() throws BadModel {
        var values = block.need("leaf_value").reals(leaves);
        int setCount = block.need("num_cat").whole(0, Integer.MAX_VALUE - 8);
        var sets =
                setCount > 0 && splits > 0 ? Optional.of(sets(setCount)) : Optional.<Sets>empty();
        var tree =
                new Tree(
                        features(),
                        reals("threshold"),
                        decisions(),
                        wholes("left_child"),
                        wholes("right_child"),
                        values,
                        sets,
                        linear());
        checkSplits(tree);
        checkShape(tree);
        return tree;
    }

    private int[] wholes(String key) throws BadModel {
        return splits == 0 ? new int[0] : block.need(key).wholes(splits);
    }

    private double[] reals(String key) throws BadModel {
        return splits == 0 ? new double[0] : block.need(key).reals(splits);
    }

    private int[] features() throws BadModel {
        var chosen = wholes("split_feature");
        for (int feature : chosen) {
            checkFeature(feature, block.need("split_feature"));
        }
        return chosen;
    }

    private void checkFeature(int feature, Value value) throws BadModel {
        if (feature < 0 || feature >= features) {
            throw value.line()
                    .bad("%s has %d, not in 0..%d".formatted(value.key(), feature, features - 1));
        }
    }

    /** Old versions wrote none where nothing was missing. */
    private byte[] decisions() throws BadModel {
        var out = new byte[splits];
        var found = block.find("decision_type");
        if (splits > 0 && found.isPresent()) {
            var numbers = found.get().wholes(splits);
            for (int i = 0; i < splits; i++) {
                if (numbers[i] < 0 || numbers[i] > DECISION_MAX) {
                    throw found.get()
                            .line()
                            .bad("decision_type %d is unknown".formatted(numbers[i]));
                }
                out[i] = (byte) numbers[i];
            }
        }
        return out;
    }

    private Sets sets(int count) throws BadModel {
        var bounds = block.need("cat_boundaries");
        var starts = bounds.wholes(Math.addExact(count, 1));
        for (int i = 0; i < starts.length; i++) {
            if (starts[i] < (i == 0 ? 0 : starts[i - 1])) {
                throw bounds.line().bad("cat_boundaries go back at " + starts[i]);
            }
        }
        return new Sets(starts, block.need("cat_threshold").words32(starts[count]));
    }

    private Optional<Linear> linear() throws BadModel {
        if (block.find("is_linear").isEmpty() || block.need("is_linear").whole(0, 1) == 0) {
            return Optional.empty();
        }
        var constants = block.need("leaf_const").reals(leaves);
        var counts = block.need("num_features").wholes(leaves);
        var starts = new int[leaves + 1];
        for (int leaf = 0; leaf < leaves; leaf++) {
            if (counts[leaf] < 0 || counts[leaf] > features) {
                throw block.need("num_features")
                        .line()
                        .bad("num_features has " + counts[leaf] + ", of " + features);
            }
            long next = (long) starts[leaf] + counts[leaf];
            starts[leaf + 1] = (int) Math.min(next, Integer.MAX_VALUE - 8);
        }
        int terms = starts[leaves];
        var chosen = block.need("leaf_features").wholes(terms);
        for (int feature : chosen) {
            checkFeature(feature, block.need("leaf_features"));
        }
        return Optional.of(
                new Linear(constants, starts, chosen, block.need("leaf_coeff").reals(terms)));
    }

    private void checkSplits(Tree tree) throws BadModel {
        int sets = tree.sets().map(Sets::count).orElse(0);
        for (int split = 0; split < splits; split++) {
            double threshold = tree.threshold()[split];
            if (Double.isNaN(threshold)) {
                throw block.need("threshold").line().bad("threshold holds NaN");
            }
            if (tree.isCategorical(split)
                    && !(threshold >= 0 && threshold < sets && threshold == Math.rint(threshold))) {
                throw block.need("threshold")
                        .line()
                        .bad("split %d wants the set %s of %d".formatted(split, threshold, sets));
            }
        }
    }

    /** Every split and leaf is some split's child exactly once, and all hang together. */
    private void checkShape(Tree tree) throws BadModel {
        var splitsSeen = new BitSet(splits);
        var leavesSeen = new BitSet(leaves);
        var waiting = new int[splits + 1];
        int count = 0;
        if (splits > 0) {
            splitsSeen.set(0);
            waiting[count++] = 0;
        }
        while (count > 0) {
            int split = waiting[--count];
            for (int child : new int[] {tree.left()[split], tree.right()[split]}) {
                check(child, split, splitsSeen, leavesSeen);
                if (child >= 0) {
                    waiting[count++] = child;
                }
            }
        }
        int seen = splitsSeen.cardinality();
        if (seen != splits) {
            throw block.bad("has %d splits that no walk reaches".formatted(splits - seen));
        }
    }

    private void check(int child, int parent, BitSet splitsSeen, BitSet leavesSeen)
            throws BadModel {
        boolean isLeaf = child < 0;
        int index = isLeaf ? ~child : child;
        int count = isLeaf ? leaves : splits;
        if (index >= count) {
            throw block.bad(
                    "split %d has the child %d, of %d splits and %d leaves"
                            .formatted(parent, child, splits, leaves));
        }
        var seen = isLeaf ? leavesSeen : splitsSeen;
        if (seen.get(index)) {
            throw block.bad("has the child %d twice, or a circle".formatted(child));
        }
        seen.set(index);
    }
}
