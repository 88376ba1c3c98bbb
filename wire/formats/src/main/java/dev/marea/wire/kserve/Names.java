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
    private static final Pattern VERSION = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

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

    /** What a predictor may be called: the name stands in those of its revisions. */
    static void checkVersion(Json.Obj object, String version, String path, Problems problems) {
        int service = object.text("metadata", "name").orElse("").length();
        if (!VERSION.matcher(version).matches()) {
            problems.invalid(
                    path,
                    "\"%s\" must be lower-case letters, digits and dashes, a letter or digit first and last"
                            .formatted(version));
        } else if (service + 1 + version.length() > NAME_MAX) {
            problems.invalid(
                    path,
                    "has %d characters, at most %d are taken beside the service's name, so that \"{name}-{version}-predictor-00001\" can name a Service"
                            .formatted(version.length(), Math.max(0, NAME_MAX - 1 - service)));
        }
    }
}
