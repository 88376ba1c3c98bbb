package dev.marea.app.home;

import dev.marea.app.home.ConfigFile.BadConfig;
import dev.marea.wire.json.Json;
import dev.marea.wire.text.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One section of a cluster's config.yaml, read key by key over the defaults. An unknown section or
 * key is an error with the nearest known name.
 */
public final class ConfigSection {
    private static final long SECONDS_MAX = 24 * 60 * 60;

    private final Path file;
    private final String name;
    private final Json.Obj values;

    private ConfigSection(Path file, String name, Json.Obj values) {
        this.file = file;
        this.name = name;
        this.values = values;
    }

    /**
     * A file that is not there says nothing, and then the defaults hold.
     *
     * @param sections every section that the file may have
     * @param keys every key of this one
     */
    public static ConfigSection read(Path file, String name, Set<String> sections, Set<String> keys)
            throws IOException, BadConfig {
        if (!Files.isRegularFile(file)) {
            return new ConfigSection(file, name, Json.Obj.EMPTY);
        }
        var root = ConfigFile.root(file);
        known(file, root, sections, "");
        if (root.has(name) && !(root.at(name).orElseThrow() instanceof Json.Obj)) {
            throw new BadConfig(file, name + " must be a map of settings");
        }
        var values = root.object(name);
        known(file, values, keys, name + ".");
        return new ConfigSection(file, name, values);
    }

    static void known(Path file, Json.Obj map, Set<String> keys, String where) throws BadConfig {
        for (var key : map.fields().keySet()) {
            if (!keys.contains(key)) {
                var hint =
                        Nearest.of(key, keys)
                                .map(near -> "; did you mean " + near + "?")
                                .orElse("; known are " + keys.stream().sorted().toList());
                throw new BadConfig(file, "unknown key " + where + key + hint);
            }
        }
    }

    public Optional<String> text(String key) throws BadConfig {
        if (!values.has(key)) {
            return Optional.empty();
        }
        var text = values.text(key);
        if (text.isEmpty()) {
            throw bad(key, "must be a text");
        }
        return text.filter(t -> !t.isEmpty());
    }

    public Optional<Boolean> flag(String key) throws BadConfig {
        if (!values.has(key)) {
            return Optional.empty();
        }
        if (values.at(key).orElseThrow() instanceof Json.Bool(var set)) {
            return Optional.of(set);
        }
        throw bad(key, "must be true or false");
    }

    public OptionalInt port(String key) throws BadConfig {
        var port = number(key, 65_535);
        return port < 0 ? OptionalInt.empty() : OptionalInt.of((int) port);
    }

    public Optional<Duration> seconds(String key) throws BadConfig {
        var seconds = number(key, SECONDS_MAX);
        return seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    }

    private long number(String key, long max) throws BadConfig {
        if (!values.has(key)) {
            return -1;
        }
        var number = values.integer(key).orElse(-1);
        if (number < 0 || number > max) {
            throw bad(key, "must be a whole number of 0 to " + max);
        }
        return number;
    }

    public Set<String> words(String key) throws BadConfig {
        var words = new LinkedHashSet<String>();
        if (values.has(key) && !(values.at(key).orElseThrow() instanceof Json.Arr)) {
            throw bad(key, "must be a list");
        }
        for (var word : values.list(key)) {
            if (!(word instanceof Json.Str(var text)) || text.isEmpty()) {
                throw bad(key, "must be a list of names");
            }
            words.add(text);
        }
        return words;
    }

    /** For a value that only its user can judge. */
    public BadConfig bad(String key, String what) {
        return new BadConfig(file, name + "." + key + " " + what);
    }
}
