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

/**
 * Reads the binary format: the structures of the library as they lay in memory, little-endian, with
 * room that was reserved and never used. Before 1.0 it was the only one; 3.1 gave it up.
 */
final class BinaryModel {
    /** Most files begin with it; some versions left it out. */
    static final String NAME = "binf";

    private static final int PARAMETER_INTS_RESERVED = 25;
    private static final int TREES_INTS_RESERVED = 32;
    private static final int TREE_INTS_RESERVED = 31;
    private static final int NODE_BYTES = 20;
    private static final int STATISTICS_BYTES = 16;
    private static final int LEFT_BIT = 1 << 31;

    /** Where the length of the objective's name lies: behind the learner's parameters. */
    private static final int NAME_AT = 4 * (9 + PARAMETER_INTS_RESERVED);

    private static final int NAME_LENGTH_MAX = 64;

    private final BinaryInput in;

    private BinaryModel(BinaryInput in) {
        this.in = in;
    }

    /** Whether the bytes have a name of an objective where this format has it. */
    static boolean isLikely(ModelBytes source) {
        if (source.length() < NAME_AT + 9) {
            return false;
        }
        var in = new BinaryInput(source, source.from() + NAME_AT);
        long length = in.peekLong();
        if (length < 1 || length > NAME_LENGTH_MAX) {
            return false;
        }
        int at = source.from() + NAME_AT + 8;
        return source.bytes()[at] >= 'a' && source.bytes()[at] <= 'z';
    }

    static BoosterParts read(ModelBytes source, int from) throws LoadFailure {
        return new BinaryModel(new BinaryInput(source, from)).parts();
    }

    /** A model of the given length, and settings that we do not need. */
    static BoosterParts snapshot(ModelBytes source, int from) throws LoadFailure {
        var in = new BinaryInput(source, from);
        int length = in.length("a model", 1);
        int start = from + 8;
        var model = source.part(start, start + length);
        return read(model, model.begin(NAME) ? start + NAME.length() : start);
    }

    private BoosterParts parts() throws LoadFailure {
        float score = in.real();
        int columns = in.whole();
        int classes = in.whole();
        boolean hasAttributes = in.whole() != 0;
        in.whole(); // whether it has metrics: they are never reached
        var version = new Version(in.whole(), in.whole());
        int targets = in.whole();
        in.skip(4 * (1 + PARAMETER_INTS_RESERVED));
        var objective = in.text();
        var kind = in.text();
        int outputs = Math.max(1, Math.max(classes, targets));
        var body = body(kind, outputs);
        return new BoosterParts(
                version,
                objective,
                columns,
                outputs,
                new float[] {score},
                hasAttributes ? attributes() : Map.of(),
                List.of(),
                List.of(),
                List.of(),
                body);
    }

    private Body body(String kind, int outputs) throws LoadFailure {
        return switch (kind) {
            case "gbtree" -> trees(outputs, false);
            case "dart" -> trees(outputs, true);
            case "gblinear" -> {
                in.skip(4 * (2 + TREES_INTS_RESERVED));
                yield new LinearBody(in.reals());
            }
            default -> throw in.failure("'" + kind + "' is no booster that we know");
        };
    }

    private TreeBody trees(int outputs, boolean dart) throws LoadFailure {
        int count = in.count("trees", in.whole(), 4 * (6 + TREE_INTS_RESERVED));
        int parallel = Math.max(1, in.whole());
        in.skip(4 * (6 + TREES_INTS_RESERVED));
        var trees = new ArrayList<TreeParts>(count);
        for (int i = 0; i < count; i++) {
            trees.add(tree("tree " + i));
        }
        var groups = in.wholes(count);
        var weights = dart && count > 0 ? in.reals() : new float[0];
        if (weights.length > 0 && weights.length != count) {
            throw in.failure("%d weights for %d trees".formatted(weights.length, count));
        }
        return new TreeBody(trees, groups, weights, TreeRounds.even(count, parallel * outputs));
    }

    private TreeParts tree(String place) throws LoadFailure {
        in.whole(); // the number of roots: there is one
        int nodes = in.count("nodes", in.whole(), NODE_BYTES + STATISTICS_BYTES);
        in.skip(4 * 3);
        int width = in.whole();
        if (width > 1) {
            throw in.failure("leaves of several numbers, which no version wrote so");
        }
        in.skip(4 * TREE_INTS_RESERVED);
        var left = new int[nodes];
        var right = new int[nodes];
        var feature = new int[nodes];
        var condition = new float[nodes];
        var defaultLeft = new byte[nodes];
        for (int i = 0; i < nodes; i++) {
            in.whole(); // the parent
            left[i] = in.whole();
            right[i] = in.whole();
            int split = in.whole();
            feature[i] = split & ~LEFT_BIT;
            defaultLeft[i] = (byte) (split >>> 31);
            condition[i] = in.real();
        }
        in.skip(STATISTICS_BYTES * nodes);
        return new TreeParts(
                place,
                left,
                right,
                feature,
                condition,
                defaultLeft,
                new long[0][],
                1,
                new float[0],
                new int[0]);
    }

    private Map<String, String> attributes() throws LoadFailure {
        int count = in.length("attributes", 16);
        var attributes = new LinkedHashMap<String, String>();
        for (int i = 0; i < count; i++) {
            attributes.put(in.text(), in.text());
        }
        return attributes;
    }
}
