package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The YAML files that this module ships. */
final class Resources {
    private Resources() {}

    static String text(String name) {
        try (var in = Resources.class.getResourceAsStream("/dev/marea/wire/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the jar of marea-wire lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static Json.Obj object(String name, String text) {
        try {
            return (Json.Obj) Yaml.read(text).getFirst();
        } catch (JsonReader.MalformedJson bad) {
            throw new IllegalStateException(name + ": " + bad.getMessage(), bad);
        }
    }
}
