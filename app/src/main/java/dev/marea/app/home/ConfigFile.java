package dev.marea.app.home;

import dev.marea.local.node.Images.Executable;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads config.yaml over the defaults; an unknown key is an error with the nearest known one. */
public final class ConfigFile {
    private static final Set<String> KEYS =
            Set.of("gatewayPort", "apiPort", "adminPort", "domain", "images", "storage");
    private static final Set<String> STORAGE_KEYS = Set.of("cacheBytes", "loopback");
    private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,12})(|Ki|Mi|Gi|Ti)");
    private static final Set<String> IMAGE_KEYS = Set.of("command", "args", "env");

    private final Path file;

    private ConfigFile(Path file) {
        this.file = file;
    }

    public static Settings read(Path file, Settings defaults) throws IOException, BadConfig {
        return Files.isRegularFile(file) ? new ConfigFile(file).settings(defaults) : defaults;
    }

    private Settings settings(Settings defaults) throws IOException, BadConfig {
        var root = root(file);
        known(root, KEYS, "");
        try {
            return new Settings(
                    port(root, "gatewayPort", defaults.gatewayPort()),
                    port(root, "apiPort", defaults.apiPort()),
                    port(root, "adminPort", defaults.adminPort()),
                    root.text("domain").orElse(defaults.domain()),
                    defaults.path(),
                    images(root),
                    fetching(root, defaults.fetching()));
        } catch (IllegalArgumentException bad) {
            throw new BadConfig(file, String.valueOf(bad.getMessage()));
        }
    }

    static Json.Obj root(Path file) throws IOException, BadConfig {
        try {
            var documents = Yaml.read(Files.readString(file));
            if (documents.isEmpty()) {
                return Json.Obj.EMPTY;
            }
            if (documents.getFirst() instanceof Json.Obj root) {
                return root;
            }
        } catch (MalformedJson bad) {
            throw new BadConfig(file, String.valueOf(bad.getMessage()));
        }
        throw new BadConfig(file, "must be a map of settings");
    }

    private void known(Json.Obj map, Set<String> keys, String where) throws BadConfig {
        ConfigSection.known(file, map, keys, where);
    }

    private int port(Json.Obj root, String key, int otherwise) throws BadConfig {
        if (!root.has(key)) {
            return otherwise;
        }
        var port = root.integer(key);
        if (port.isEmpty()) {
            throw new BadConfig(file, key + " must be a whole number");
        }
        long number = port.getAsLong();
        if (number < 0 || number > 65_535) {
            throw new BadConfig(file, key + " must be 0 (any free one) to 65535, was " + number);
        }
        return (int) number;
    }

    private Settings.Fetching fetching(Json.Obj root, Settings.Fetching otherwise)
            throws BadConfig {
        var storage = root.object("storage");
        known(storage, STORAGE_KEYS, "storage.");
        boolean loopback = otherwise.loopback();
        if (storage.has("loopback")) {
            if (!(storage.at("loopback").orElseThrow() instanceof Json.Bool(var set))) {
                throw new BadConfig(file, "storage.loopback must be true or false");
            }
            loopback = set;
        }
        return new Settings.Fetching(
                bytes(storage, otherwise.cacheBytes()), loopback, otherwise.environment());
    }

    private long bytes(Json.Obj storage, long otherwise) throws BadConfig {
        if (!storage.has("cacheBytes")) {
            return otherwise;
        }
        var quantity = QUANTITY.matcher(word(storage.at("cacheBytes").orElseThrow()));
        if (!quantity.matches()) {
            throw new BadConfig(file, "storage.cacheBytes must be a number such as 100Gi");
        }
        long unit = List.of("", "Ki", "Mi", "Gi", "Ti").indexOf(quantity.group(2));
        return Math.multiplyExact(Long.parseLong(quantity.group(1)), 1L << (10 * unit));
    }

    private Map<String, Executable> images(Json.Obj root) throws BadConfig {
        var images = new LinkedHashMap<String, Executable>();
        for (var entry : root.object("images").fields().entrySet()) {
            images.put(entry.getKey(), executable(entry.getKey(), entry.getValue()));
        }
        return images;
    }

    // A bare list is the command; the longer form may also give args and env.
    private Executable executable(String image, Json value) throws BadConfig {
        return switch (value) {
            case Json.Arr(var items) when items.isEmpty() ->
                    throw new BadConfig(file, "images." + image + " names no command");
            case Json.Arr command ->
                    new Executable(words(image, command), List.of(), Map.of(), true);
            case Json.Obj form -> {
                known(form, IMAGE_KEYS, "images." + image + ".");
                yield new Executable(
                        words(image, form.at("command").orElse(Json.Arr.EMPTY)),
                        words(image, form.at("args").orElse(Json.Arr.EMPTY)),
                        form.object("env").fields().entrySet().stream()
                                .collect(
                                        Collectors.toMap(
                                                Map.Entry::getKey, e -> word(e.getValue()))),
                        form.has("command"));
            }
            default ->
                    throw new BadConfig(
                            file,
                            "images."
                                    + image
                                    + " must be a list (the command) or a map of command, args, env");
        };
    }

    private List<String> words(String image, Json value) throws BadConfig {
        if (!(value instanceof Json.Arr(var items))) {
            throw new BadConfig(file, "images." + image + ": command and args must be lists");
        }
        return items.stream().map(ConfigFile::word).toList();
    }

    private static String word(Json value) {
        return value instanceof Json.Str(var text) ? text : value.toString();
    }

    /** A config.yaml that cannot be used; the message names the file and the key. */
    public static final class BadConfig extends Exception {
        private static final long serialVersionUID = 1;

        BadConfig(Path file, String what) {
            super(file + ": " + what);
        }
    }
}
