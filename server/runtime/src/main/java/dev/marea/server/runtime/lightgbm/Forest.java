package dev.marea.server.runtime.lightgbm;

import java.util.List;

/**
 * Trees side by side in flat arrays, made for speed.
 *
 * <p>The two children of a split are neighbours, so that a step is {@code first child + (left ? 0 :
 * 1)}, without a branch. A leaf is its own first child and asks a column that is always -∞, so that
 * a walk that has arrived stays, and several can go on together until the last has arrived. What a
 * split does with missing values is not decided in the walk either: {@link Views} lays each value
 * down as a split of each kind wants to see it.
 *
 * @param roots of the trees
 * @param steps from each root to its deepest leaf
 * @param walks how each tree must be walked
 * @param column of the laid-down row that a node asks
 * @param threshold of a split, or the value of a leaf
 * @param first child of a split, or the leaf itself
 * @param extras by node, for trees that are not plain
 */
record Forest(
        Views views,
        Walk[] walks,
        int[] roots,
        int[] steps,
        int[] column,
        double[] threshold,
        int[] first,
        Extras extras) {
    private static final int BLOCK_ROWS = 64;
    private static final int BLOCK_NUMBERS = 1 << 16;

    /** Deeper trees are walked one row at a time, to the leaf and no further. */
    private static final int EVEN_STEPS_MAX = 24;

    /** How a tree must be walked. */
    enum Walk {
        /** Numbers compared, a value in the leaf: several walks at once. */
        PLAIN,
        /** With sets of categories, or a function in the leaf. */
        CAREFUL
    }

    static Forest of(List<Tree> trees, int features) {
        return new ForestBuilder(trees, features).build();
    }

    int trees() {
        return roots.length;
    }

    /** Bytes of the arrays. */
    long bytes() {
        return 16L * column.length + 8L * roots.length + extras.bytes();
    }

    /**
     * Sums of the leaves that each row falls into.
     *
     * @param groups the trees belong to in turn, one for each class
     * @param trees how many of them count, from the first
     */
    double[] sums(double[] rows, int count, int groups, int trees) {
        var sums = new double[count * groups];
        int width = views.width();
        int blockRows = Math.clamp(BLOCK_NUMBERS / width, 1, BLOCK_ROWS);
        var block = new double[Math.min(blockRows, count) * width];
        for (int row = 0; row < count; row += blockRows) {
            int some = Math.min(blockRows, count - row);
            views.lay(rows, row, some, block);
            if (some == 1) {
                one(block, sums, row * groups, groups, trees);
            } else {
                for (int tree = 0; tree < trees; tree++) {
                    many(tree, block, some, sums, row * groups + tree % groups, groups);
                }
            }
        }
        return sums;
    }

    /** One row through all trees, four at a time. */
    private void one(double[] row, double[] sums, int to, int groups, int trees) {
        int tree = 0;
        while (tree < trees) {
            if (tree + 4 <= trees && isPlain(tree, 4)) {
                fourTrees(tree, row, sums, to, groups);
                tree += 4;
            } else {
                sums[to + tree % groups] += careful(tree, row, 0);
                tree++;
            }
        }
    }

    private boolean isPlain(int tree, int count) {
        for (int i = tree; i < tree + count; i++) {
            if (walks[i] != Walk.PLAIN) {
                return false;
            }
        }
        return true;
    }

    private void fourTrees(int tree, double[] row, double[] sums, int to, int groups) {
        final int[] column = this.column;
        final int[] first = this.first;
        final double[] threshold = this.threshold;
        int a = roots[tree];
        int b = roots[tree + 1];
        int c = roots[tree + 2];
        int d = roots[tree + 3];
        int moved;
        do {
            int nextA = first[a] + (row[column[a]] <= threshold[a] ? 0 : 1);
            int nextB = first[b] + (row[column[b]] <= threshold[b] ? 0 : 1);
            int nextC = first[c] + (row[column[c]] <= threshold[c] ? 0 : 1);
            int nextD = first[d] + (row[column[d]] <= threshold[d] ? 0 : 1);
            moved = (nextA ^ a) | (nextB ^ b) | (nextC ^ c) | (nextD ^ d);
            a = nextA;
            b = nextB;
            c = nextC;
            d = nextD;
        } while (moved != 0);
        sums[to + tree % groups] += threshold[a];
        sums[to + (tree + 1) % groups] += threshold[b];
        sums[to + (tree + 2) % groups] += threshold[c];
        sums[to + (tree + 3) % groups] += threshold[d];
    }

    /** One tree for all rows of a block, eight at a time. */
    private void many(int tree, double[] block, int count, double[] sums, int to, int groups) {
        int width = views.width();
        int row = 0;
        if (walks[tree] == Walk.PLAIN && steps[tree] <= EVEN_STEPS_MAX) {
            for (; row + 8 <= count; row += 8) {
                eightRows(tree, block, row * width, width, sums, to + row * groups, groups);
            }
        }
        for (; row < count; row++) {
            sums[to + row * groups] += careful(tree, block, row * width);
        }
    }

    /** Eight walks that do not wait for one another, until the last has arrived. */
    private void eightRows(
            int tree, double[] block, int row, int width, double[] sums, int to, int groups) {
        int row1 = row + width;
        int row2 = row1 + width;
        int row3 = row2 + width;
        int row4 = row3 + width;
        int row5 = row4 + width;
        int row6 = row5 + width;
        int row7 = row6 + width;
        int a = roots[tree];
        int b = a;
        int c = a;
        int d = a;
        int e = a;
        int f = a;
        int g = a;
        int h = a;
        for (int step = steps[tree]; step > 0; step--) {
            a = next(a, block, row);
            b = next(b, block, row1);
            c = next(c, block, row2);
            d = next(d, block, row3);
            e = next(e, block, row4);
            f = next(f, block, row5);
            g = next(g, block, row6);
            h = next(h, block, row7);
        }
        sums[to] += threshold[a];
        sums[to + groups] += threshold[b];
        sums[to + 2 * groups] += threshold[c];
        sums[to + 3 * groups] += threshold[d];
        sums[to + 4 * groups] += threshold[e];
        sums[to + 5 * groups] += threshold[f];
        sums[to + 6 * groups] += threshold[g];
        sums[to + 7 * groups] += threshold[h];
    }

    private int next(int node, double[] block, int row) {
        return first[node] + (block[row + column[node]] <= threshold[node] ? 0 : 1);
    }

    private double careful(int tree, double[] block, int from) {
        int node = roots[tree];
        while (first[node] != node) {
            int set = extras.set(node);
            boolean left =
                    set < 0
                            ? block[from + column[node]] <= threshold[node]
                            : extras.contains(set, block[from + column[node]]);
            node = first[node] + (left ? 0 : 1);
        }
        return extras.answer(node, threshold[node], block, from);
    }
}
