package dev.marea.local.patch;

import java.util.Arrays;
import java.util.List;

/** A path into a JSON document (RFC 6901); empty steps mean the whole document. */
record JsonPointer(String text, List<String> steps) {
    static JsonPointer parse(String text) throws PatchFailed {
        if (text.isEmpty()) {
            return new JsonPointer(text, List.of());
        }
        if (!text.startsWith("/")) {
            throw new PatchFailed("the path \"" + text + "\" must start with \"/\"");
        }
        var steps =
                Arrays.stream(text.substring(1).split("/", -1))
                        .map(step -> step.replace("~1", "/").replace("~0", "~"))
                        .toList();
        return new JsonPointer(text, steps);
    }

    boolean startsWith(JsonPointer other) {
        return steps.size() > other.steps.size()
                && steps.subList(0, other.steps.size()).equals(other.steps);
    }

    /** Why one operation cannot be done; the door turns it into a 422. */
    static final class PatchFailed extends Exception {
        private static final long serialVersionUID = 1;

        PatchFailed(String message) {
            super(message);
        }
    }
}
