package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import java.util.List;
import java.util.regex.Pattern;

/** What a service may be called, so that everything named after it has a legal name. */
final class Names {
    private static final String REGEX = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private static final Pattern PATTERN = Pattern.compile(REGEX);

    /** {@code {name}-predictor-00001} must fit the 63 characters of a Service's name. */
    private static final int NAME_MAX = 47;

    private static final int LABEL_MAX = 63;

    private Names() {}

    static void check(Json.Obj object, Problems problems, List<String> warnings) {
        var name = object.text("metadata", "name").orElse("");
        if (name.isEmpty()) {
            problems.missing("metadata.name", "is missing; every service needs a name");
        } else if (name.length() > NAME_MAX) {
            problems.invalid(
                    "metadata.name",
                    "has %d characters, at most %d are taken, so that \"{name}-predictor-00001\" can name a Service"
                            .formatted(name.length(), NAME_MAX));
        } else if (!PATTERN.matcher(name).matches()) {
            problems.invalid(
                    "metadata.name",
                    "\"%s\" must match %s: lower-case letters, digits and dashes, a letter first"
                            .formatted(name, REGEX));
        }
        var namespace = object.text("metadata", "namespace").orElse("");
        if (name.length() + 1 + namespace.length() > LABEL_MAX) {
            warnings.add(
                    "metadata.name: the host name \"%s-%s\" is longer than the %d characters of a DNS label; use the path /serving/%s/%s"
                            .formatted(name, namespace, LABEL_MAX, namespace, name));
        }
    }
}
