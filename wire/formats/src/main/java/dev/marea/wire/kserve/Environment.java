package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rules for the environment of containers. */
final class Environment {
    /** KServe refuses it too: it would run the author's code inside a runtime's interpreter. */
    private static final Set<String> BLOCKED = Set.of("PYTHONPATH");

    private static final int ENTRIES_MAX = 500;

    private Environment() {}

    static void check(Json.Obj predictor, String path, Problems problems) {
        checkContainer(predictor.object("model"), path + ".model", problems);
        for (var list : List.of("containers", "initContainers")) {
            var containers = predictor.list(list);
            for (int i = 0; i < containers.size(); i++) {
                checkContainer(containers.get(i), "%s.%s[%d]".formatted(path, list, i), problems);
            }
        }
    }

    static void checkContainer(Json container, String path, Problems problems) {
        var entries = container.list("env");
        if (entries.size() > ENTRIES_MAX) {
            problems.invalid(
                    path + ".env",
                    "has %d entries, at most %d are taken".formatted(entries.size(), ENTRIES_MAX));
            return;
        }
        for (int i = 0; i < entries.size(); i++) {
            var name = entries.get(i).text("name").orElse("");
            var field = "%s.env[%d].name".formatted(path, i);
            if (name.isEmpty()) {
                problems.missing(field, "is missing; every variable needs a name");
            } else if (BLOCKED.contains(name)) {
                problems.forbidden(
                        field,
                        name + " must not be set: it would load foreign code into the server");
            }
        }
    }

    /** KServe's way to give a custom server a model: the variable STORAGE_URI of its container. */
    static Optional<String> storageUri(Json.Obj predictor) {
        return predictor.list("containers").stream()
                .filter(c -> c.text("name").filter(Implementations.CONTAINER::equals).isPresent())
                .flatMap(c -> c.list("env").stream())
                .filter(e -> e.text("name").filter("STORAGE_URI"::equals).isPresent())
                .flatMap(e -> e.text("value").stream())
                .filter(v -> !v.isEmpty())
                .findFirst();
    }
}
