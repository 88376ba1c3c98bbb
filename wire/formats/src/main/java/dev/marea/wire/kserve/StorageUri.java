package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** One of several artefacts of a predictor, and where its server finds it. */
public record StorageUri(String uri, String mountPath) {
    private static final String FIELD = "storageUris";
    private static final String DIRECTORY = "/mnt/models";

    /** As a predictor names them; none where it has one model or none. */
    public static List<StorageUri> all(Json.Obj predictor) {
        return predictor.list(FIELD).stream()
                .map(entry ->
                        new StorageUri(
                                entry.text("uri").orElse(""),
                                trimmed(entry.text("mountPath").orElse(DIRECTORY))))
                .toList();
    }

    /**
     * A URI of a manifest.
     *
     * @param field where it stands
     */
    public record Written(String field, String uri) {}

    /** Every URI that a predictor gets its files from, whatever way it is written. */
    public static List<Written> written(Json.Obj predictor, String path) {
        var written = new ArrayList<Written>();
        predictor
                .text("model", "storageUri")
                .ifPresent(uri -> written.add(new Written(path + ".model.storageUri", uri)));
        var several = all(predictor);
        for (int i = 0; i < several.size(); i++) {
            var field = "%s.%s[%d].uri".formatted(path, FIELD, i);
            written.add(new Written(field, several.get(i).uri()));
        }
        Environment.storageUri(predictor)
                .ifPresent(uri -> written.add(new Written(path + ".containers[STORAGE_URI]", uri)));
        return written;
    }

    private static String trimmed(String path) {
        var end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    /** The deepest directory that all of them lie in; of a single one its own place. */
    public static String parent(List<StorageUri> artefacts) {
        var parent = artefacts.getFirst().mountPath();
        for (var artefact : artefacts) {
            while (!within(artefact.mountPath(), parent)) {
                parent = parent.substring(0, Math.max(parent.lastIndexOf('/'), 0));
            }
        }
        return parent.isEmpty() ? "/" : parent;
    }

    private static boolean within(String path, String directory) {
        return path.equals(directory) || path.startsWith(directory + "/");
    }

    static void check(Json.Obj predictor, String path, Problems problems) {
        var artefacts = all(predictor);
        if (artefacts.isEmpty()) {
            return;
        }
        if (predictor.text("model", "storageUri").isPresent()) {
            problems.forbidden(
                    path + "." + FIELD,
                    "stands beside model.storageUri; put that one into the list too");
        }
        var places = new HashSet<String>();
        for (int i = 0; i < artefacts.size(); i++) {
            checkOne(artefacts.get(i), "%s.%s[%d]".formatted(path, FIELD, i), places, problems);
        }
        if (problems.none() && parent(artefacts).equals("/")) {
            problems.invalid(
                    path + "." + FIELD,
                    "the mountPaths have no directory in common; put them below one, such as /mnt/models");
        }
    }

    private static void checkOne(
            StorageUri artefact, String field, HashSet<String> places, Problems problems) {
        if (artefact.uri().isEmpty()) {
            problems.missing(field + ".uri", "is missing; it says what to fetch");
        } else if (StorageScheme.of(artefact.uri()) instanceof StorageScheme.Refused(var why)) {
            problems.invalid(field + ".uri", why);
        }
        var place = artefact.mountPath();
        if (!place.startsWith("/") || place.equals("/")) {
            problems.invalid(
                    field + ".mountPath",
                    "must be an absolute path below /, was \"%s\"".formatted(place));
        } else if (List.of(place.split("/", -1)).contains("..")) {
            problems.invalid(field + ".mountPath", "must not have \"..\" in it");
        } else if (!places.add(place)) {
            problems.invalid(
                    field + ".mountPath",
                    place + " is taken by another entry; every artefact needs a place of its own");
        }
    }
}
