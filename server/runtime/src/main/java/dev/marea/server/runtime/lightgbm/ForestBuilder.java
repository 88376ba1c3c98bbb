package dev.marea.server.runtime.lightgbm;

import dev.marea.server.runtime.lightgbm.Forest.Walk;
import dev.marea.server.runtime.lightgbm.Views.Kind;
import java.util.Arrays;
import java.util.List;

/** Lays trees out for {@link Forest}. */
final class ForestBuilder {
    private final List<Tree> trees;
    private final Views views;
    private final Walk[] walks;
    private final int[] roots;
    private final int[] steps;
    private final int[] column;
    private final double[] threshold;
    private final int[] first;
    private final ExtrasBuilder extras;
    private int used;

    ForestBuilder(List<Tree> trees, int features) {
        this.trees = trees;
        this.views = views(trees, features);
        this.walks = new Walk[trees.size()];
        this.roots = new int[trees.size()];
        this.steps = new int[trees.size()];
        int nodes = 0;
        for (var tree : trees) {
            nodes = Math.addExact(nodes, tree.splits() + tree.leaves());
        }
        this.column = new int[nodes];
        this.threshold = new double[nodes];
        this.first = new int[nodes];
        this.extras = new ExtrasBuilder(trees, nodes);
    }

    Forest build() {
        for (int i = 0; i < roots.length; i++) {
            var tree = trees.get(i);
            walks[i] = isPlain(tree) ? Walk.PLAIN : Walk.CAREFUL;
            roots[i] = used;
            extras.enter(tree);
            used++;
            steps[i] = lay(tree, roots[i]);
        }
        return new Forest(views, walks, roots, steps, column, threshold, first, extras.build());
    }

    /** A leaf of NaN would not hold a walk that has arrived. */
    private static boolean isPlain(Tree tree) {
        return tree.sets().isEmpty()
                && tree.linear().isEmpty()
                && Arrays.stream(tree.values()).noneMatch(Double::isNaN);
    }

    /** Level by level, so that what is walked most lies together; answers how many levels. */
    private int lay(Tree tree, int root) {
        var depths = new int[tree.splits() + tree.leaves()];
        var placed = new int[tree.splits() + tree.leaves()]; // what lies at root + i
        placed[0] = tree.splits() == 0 ? ~0 : 0;
        for (int i = 0; i < placed.length; i++) {
            int at = root + i;
            int child = placed[i];
            if (child < 0) {
                layLeaf(tree, ~child, at);
            } else {
                laySplit(tree, child, at);
                placed[used - root] = tree.left()[child];
                placed[used - root + 1] = tree.right()[child];
                depths[used - root] = depths[i] + 1;
                depths[used - root + 1] = depths[i] + 1;
                used += 2;
            }
        }
        return depths[depths.length - 1];
    }

    private void layLeaf(Tree tree, int leaf, int at) {
        column[at] = views.lowest();
        threshold[at] = tree.values()[leaf];
        first[at] = at;
        extras.leaf(tree, leaf, at);
    }

    private void laySplit(Tree tree, int split, int at) {
        column[at] = views.column(kind(tree, split), tree.feature()[split]);
        threshold[at] = tree.threshold()[split];
        first[at] = used;
        extras.split(tree, split, at);
    }

    /** NaN is zero where nothing is missing: it goes to the side where zero goes. */
    private static Kind kind(Tree tree, int split) {
        if (tree.isCategorical(split)) {
            return Kind.PLAIN;
        }
        return switch (tree.missing(split)) {
            case NOTHING -> 0 <= tree.threshold()[split] ? Kind.NAN_LEFT : Kind.PLAIN;
            case NAN -> tree.defaultLeft(split) ? Kind.NAN_LEFT : Kind.PLAIN;
            case ZERO -> tree.defaultLeft(split) ? Kind.ZERO_AND_NAN_LEFT : Kind.ZERO_AND_NAN_RIGHT;
        };
    }

    private static Views views(List<Tree> trees, int features) {
        var seen = new boolean[Kind.COUNT];
        seen[Kind.PLAIN.place] = true;
        for (var tree : trees) {
            for (int split = 0; split < tree.splits(); split++) {
                seen[kind(tree, split).place] = true;
            }
        }
        var starts = new int[seen.length];
        int width = 0;
        for (int i = 0; i < seen.length; i++) {
            starts[i] = seen[i] ? width : -1;
            width += seen[i] ? features : 0;
        }
        return new Views(features, starts, width + 1);
    }
}
