package dev.marea.server.runtime.lightgbm;

import java.util.Arrays;
import java.util.List;

/** Collects what only some nodes have. */
final class ExtrasBuilder {
    private final int[] setOf;
    private final int[] setStarts;
    private final int[] bits;
    private final int[] functionOf;
    private final int[] functionStarts;
    private final double[] constants;
    private final int[] features;
    private final double[] factors;
    private int sets;
    private int words;
    private int functions;
    private int terms;
    private int firstSet;

    ExtrasBuilder(List<Tree> trees, int nodes) {
        int setCount = 0;
        int wordCount = 0;
        int functionCount = 0;
        int termCount = 0;
        for (var tree : trees) {
            if (tree.sets().isPresent()) {
                setCount += tree.sets().get().count();
                wordCount += tree.sets().get().words().length;
            }
            if (tree.linear().isPresent()) {
                functionCount += tree.leaves();
                termCount += tree.linear().get().features().length;
            }
        }
        this.setOf = unset(setCount > 0 ? nodes : 0);
        this.setStarts = new int[setCount + 1];
        this.bits = new int[wordCount];
        this.functionOf = unset(functionCount > 0 ? nodes : 0);
        this.functionStarts = new int[functionCount + 1];
        this.constants = new double[functionCount];
        this.features = new int[termCount];
        this.factors = new double[termCount];
    }

    private static int[] unset(int length) {
        var out = new int[length];
        Arrays.fill(out, -1);
        return out;
    }

    /** The nodes that follow are this tree's. */
    void enter(Tree tree) {
        firstSet = sets;
        tree.sets().ifPresent(this::add);
    }

    private void add(Tree.Sets more) {
        // Words before the first set belong to none.
        int from = more.starts()[0];
        int length = more.words().length - from;
        System.arraycopy(more.words(), from, bits, words, length);
        for (int i = 1; i <= more.count(); i++) {
            setStarts[++sets] = words + more.starts()[i] - from;
        }
        words += length;
    }

    void split(Tree tree, int split, int node) {
        if (tree.isCategorical(split)) {
            setOf[node] = firstSet + (int) tree.threshold()[split];
        }
    }

    void leaf(Tree tree, int leaf, int node) {
        if (tree.linear().isEmpty()) {
            return;
        }
        var linear = tree.linear().get();
        int from = linear.starts()[leaf];
        int length = linear.starts()[leaf + 1] - from;
        System.arraycopy(linear.features(), from, features, terms, length);
        System.arraycopy(linear.factors(), from, factors, terms, length);
        terms += length;
        functionOf[node] = functions;
        constants[functions] = linear.constants()[leaf];
        functionStarts[++functions] = terms;
    }

    Extras build() {
        return new Extras(
                setOf, setStarts, bits, functionOf, functionStarts, constants, features, factors);
    }
}
