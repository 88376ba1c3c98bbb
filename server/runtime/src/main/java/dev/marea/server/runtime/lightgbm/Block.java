package dev.marea.server.runtime.lightgbm;

import dev.marea.server.runtime.lightgbm.ModelText.Line;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Lines of {@code key=value} up to a blank one, such as a tree's. */
final class Block {
    /** LightGBM itself reads no more of a tree. */
    private static final int LINES_MAX = 64;

    private final Line first;
    private final Map<String, Value> values = new HashMap<>();

    private Block(Line first) {
        this.first = first;
    }

    /** What follows a line that names the block. */
    static Block after(Line first, ModelText text) throws BadModel {
        var block = new Block(first);
        while (text.hasNext()) {
            var line = text.next();
            if (line.isBlank()) {
                return block;
            }
            block.add(line);
        }
        throw text.ended("in the middle of " + first.shown());
    }

    /** What stands before the first tree; blank lines mean nothing, some words stand alone. */
    static Block header(ModelText text) throws BadModel {
        var first = text.next();
        if (!first.is("tree")) {
            throw first.bad("'" + first.shown() + "' where a LightGBM model begins with 'tree'");
        }
        var block = new Block(first);
        while (text.hasNext() && !text.startsWith("Tree=") && !text.startsWith("end of trees")) {
            var line = text.next();
            if (!line.isBlank()) {
                block.add(line);
            }
        }
        return block;
    }

    /** A word that stands alone has an empty value. */
    private void add(Line line) throws BadModel {
        int sign = line.equalsSign() < 0 ? line.to() : line.equalsSign();
        if (values.size() == LINES_MAX) {
            throw line.bad("more than " + LINES_MAX + " lines in " + first.shown());
        }
        var key = new Line(line.bytes(), line.number(), line.from(), sign).shown();
        if (values.put(key, new Value(line, key, Math.min(sign + 1, line.to()))) != null) {
            throw line.bad(key + " is there twice");
        }
    }

    Optional<Value> find(String key) {
        return Optional.ofNullable(values.get(key));
    }

    Value need(String key) throws BadModel {
        return find(key).orElseThrow(() -> bad("has no " + key));
    }

    BadModel bad(String reason) {
        return first.bad(first.shown() + " " + reason);
    }
}
