package dev.marea.app.cli;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Reads manifests from files, directories or standard input. */
final class Manifests {
    private static final int BYTES_MAX = 3 << 20;

    private Manifests() {}

    static List<Json.Obj> read(List<Path> sources) throws IOException, Failure {
        var objects = new ArrayList<Json.Obj>();
        for (var source : sources) {
            if (source.toString().equals("-")) {
                parse(
                        "standard input",
                        new String(System.in.readNBytes(BYTES_MAX + 1), StandardCharsets.UTF_8),
                        objects);
            } else if (Files.isDirectory(source)) {
                directory(source, objects);
            } else {
                file(source, objects);
            }
        }
        if (objects.isEmpty()) {
            throw new Failure(
                    "no manifest found in "
                            + sources.stream()
                                    .map(Path::toString)
                                    .collect(Collectors.joining(", ")));
        }
        return objects;
    }

    private static void directory(Path directory, List<Json.Obj> into) throws IOException, Failure {
        try (var entries = Files.list(directory)) {
            for (var file :
                    entries.filter(f -> f.toString().matches(".*\\.(ya?ml|json)"))
                            .sorted()
                            .toList()) {
                file(file, into);
            }
        }
    }

    private static void file(Path file, List<Json.Obj> into) throws IOException, Failure {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new Failure(file + " is larger than " + BYTES_MAX + " bytes");
            }
            parse(file.toString(), Files.readString(file), into);
        } catch (NoSuchFileException none) {
            throw new Failure("there is no file " + file);
        }
    }

    private static void parse(String source, String text, List<Json.Obj> into) throws Failure {
        try {
            for (var document : Yaml.read(text)) {
                if (!(document instanceof Json.Obj object)) {
                    throw new Failure(
                            source
                                    + " is not a Kubernetes manifest: it must be a map with apiVersion and kind");
                }
                flatten(object, into);
            }
        } catch (MalformedJson bad) {
            throw new Failure(source + ": " + bad.getMessage());
        }
    }

    private static void flatten(Json.Obj object, List<Json.Obj> into) {
        if (!object.text("kind").orElse("").equals("List")) {
            into.add(object);
            return;
        }
        for (var item : object.list("items")) {
            if (item instanceof Json.Obj inner) {
                flatten(inner, into);
            }
        }
    }
}
