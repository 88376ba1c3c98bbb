package dev.marea.wire.kserve;

import dev.marea.wire.text.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Collects what is wrong with a manifest, so that its author hears everything at once. */
final class Problems {
    /** Nobody reads further, and a hostile manifest must not make a large answer. */
    private static final int KEPT_MAX = 50;

    private static final int FIELD_MAX = 500;
    private static final int MESSAGE_MAX = 1_500;

    private final Schema schema;
    private final List<Problem> found = new ArrayList<>();

    /**
     * @param schema of the whole object, to tell where a field that stands in the wrong place
     *     belongs
     */
    Problems(Schema schema) {
        this.schema = schema;
    }

    void invalid(String field, String message) {
        add(field, Problem.Kind.INVALID, message);
    }

    void wrongType(String field, String message) {
        add(field, Problem.Kind.WRONG_TYPE, message);
    }

    void missing(String field, String message) {
        add(field, Problem.Kind.MISSING, message);
    }

    void notSupported(String field, String message) {
        add(field, Problem.Kind.NOT_SUPPORTED, message);
    }

    void forbidden(String field, String message) {
        add(field, Problem.Kind.FORBIDDEN, message);
    }

    void unknown(String field, String name, Collection<String> known) {
        if (full()) {
            return;
        }
        var hint =
                schema.at("spec")
                        .place(name)
                        .filter(_ -> !known.contains(name))
                        .map(path -> ", did you mean \"spec." + path + "\"?")
                        .filter(_ ->
                                Nearest.of(name, known).filter(name::equalsIgnoreCase).isEmpty())
                        .orElseGet(() -> Nearest.hint(name, known));
        forbidden(field, "unknown field" + hint);
    }

    private void add(String field, Problem.Kind kind, String message) {
        if (!full()) {
            found.add(new Problem(clipped(field, FIELD_MAX), kind, clipped(message, MESSAGE_MAX)));
        }
    }

    /** Looking for nearest names is the costly part, so it ends here too. */
    private boolean full() {
        return found.size() >= KEPT_MAX;
    }

    private static String clipped(String text, int max) {
        return text.length() <= max ? text : text.substring(0, max) + "...";
    }

    boolean none() {
        return found.isEmpty();
    }

    void refuseIfAny() throws InvalidManifest {
        if (!found.isEmpty()) {
            throw new InvalidManifest(found);
        }
    }
}
