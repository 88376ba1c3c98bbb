package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.text.Nearest;
import dev.marea.wire.text.Quantity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * One JSON document of the platform's ConfigMap; whatever is wrong is told with its line and
 * column.
 *
 * @param key under which it stands
 * @param text as it stands there
 */
record ConfigDocument(String key, String text, Json.Obj tree) {
    private static final int TEXT_MAX = 100_000;
    private static final int HOSTS_MAX = 20;
    private static final Pattern HOST =
            Pattern.compile(
                    "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*");

    /** Keys of KServe's whose subject is another part of Marea, or none. */
    private static final Map<String, String> ELSEWHERE =
            Map.ofEntries(
                    Map.entry("explainers", "explainers name their own image"),
                    Map.entry("logger", "the gateway logs payloads itself"),
                    Map.entry("batcher", "the gateway batches itself"),
                    Map.entry("agent", "Marea's agent is part of its own image"),
                    Map.entry("router", "graphs run in the gateway"),
                    Map.entry("credentials", "credentials are found by annotation and Secret"),
                    Map.entry("opentelemetryCollector", "Marea needs no collector to scale"),
                    Map.entry("metricsAggregator", "the gateway's metrics need no aggregator"),
                    Map.entry("localModel", "Marea keeps a cache of models on every node"),
                    Map.entry("security", "pods get no token unless they ask for one"));

    private static final List<String> READ =
            List.of(
                    "ingress",
                    "deploy",
                    "service",
                    "inferenceService",
                    "multiNode",
                    "autoscaler",
                    "storageInitializer");

    /** All that we follow; the others go into the notes. */
    static Map<String, ConfigDocument> all(Json.Obj data, List<String> notes)
            throws InvalidPlatformConfig {
        var documents = new LinkedHashMap<String, ConfigDocument>();
        for (var entry : data.fields().entrySet()) {
            var key = entry.getKey();
            if (READ.contains(key)) {
                var text = entry.getValue() instanceof Json.Str(var s) ? s : "";
                documents.put(key, read(key, text));
            } else if (ELSEWHERE.containsKey(key)) {
                notes.add("%s has no effect: %s".formatted(key, ELSEWHERE.get(key)));
            } else if (!key.startsWith("_")) {
                notes.add("%s has no effect: unknown%s".formatted(key, Nearest.hint(key, READ)));
            }
        }
        return documents;
    }

    private static ConfigDocument read(String key, String text) throws InvalidPlatformConfig {
        if (text.length() > TEXT_MAX) {
            throw new InvalidPlatformConfig(
                    "%s: %d characters are more than %d".formatted(key, text.length(), TEXT_MAX));
        }
        try {
            if (JsonReader.read(text) instanceof Json.Obj tree) {
                return new ConfigDocument(key, text, tree);
            }
            throw new InvalidPlatformConfig(key + ": line 1, column 1: need a JSON object");
        } catch (JsonReader.MalformedJson bad) {
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            int end = (int) Math.min(bytes.length, bad.offset().orElse(0));
            var read = new String(bytes, 0, end, StandardCharsets.UTF_8);
            throw new InvalidPlatformConfig(
                    "%s: %s: %s".formatted(key, place(read), bad.getMessage()));
        }
    }

    boolean has(String name) {
        return tree.has(name);
    }

    InvalidPlatformConfig invalid(String name, String why) {
        int at = text.indexOf('"' + name + '"');
        return new InvalidPlatformConfig(
                "%s: %s: %s: %s"
                        .formatted(key, place(text.substring(0, Math.max(at, 0))), name, why));
    }

    Optional<String> text(String name) throws InvalidPlatformConfig {
        var value = value(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.get() instanceof Json.Str(var s)) {
            return s.isBlank() ? Optional.empty() : Optional.of(s.strip());
        }
        throw invalid(name, "need a text");
    }

    boolean flag(String name, boolean otherwise) throws InvalidPlatformConfig {
        var value = value(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        if (value.get() instanceof Json.Bool(var b)) {
            return b;
        }
        throw invalid(name, "need true or false");
    }

    /** KServe writes numbers as texts; both are read. */
    OptionalInt seconds(String name) throws InvalidPlatformConfig {
        var value = value(name);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        var digits =
                switch (value.get()) {
                    case Json.Str(var s) -> s;
                    case Json.Int(var n) -> Long.toString(n);
                    case Json other -> other.toString();
                };
        if (!digits.matches("\\d{1,4}") || Integer.parseInt(digits) > 3_600) {
            throw invalid(name, "need seconds from 0 to 3600, was " + digits);
        }
        return OptionalInt.of(Integer.parseInt(digits));
    }

    Optional<String> quantity(String name) throws InvalidPlatformConfig {
        var quantity = text(name);
        if (quantity.isPresent() && !Quantity.isValid(quantity.get())) {
            throw invalid(name, "\"%s\" is no quantity".formatted(quantity.get()));
        }
        return quantity;
    }

    Optional<String> host(String name) throws InvalidPlatformConfig {
        var host = text(name);
        if (host.isPresent() && !isHost(host.get())) {
            throw invalid(name, "\"%s\" is no DNS name".formatted(host.get()));
        }
        return host;
    }

    List<String> hosts(String name) throws InvalidPlatformConfig {
        var hosts = texts(name);
        for (var host : hosts) {
            if (!isHost(host)) {
                throw invalid(name, "\"%s\" is no DNS name".formatted(host));
            }
        }
        if (hosts.size() > HOSTS_MAX) {
            throw invalid(name, "%d domains are more than %d".formatted(hosts.size(), HOSTS_MAX));
        }
        return hosts;
    }

    List<String> texts(String name) throws InvalidPlatformConfig {
        var value = value(name);
        if (value.isEmpty()) {
            return List.of();
        }
        var texts = new ArrayList<String>();
        if (value.get() instanceof Json.Arr(var items)) {
            items.forEach(i -> texts.add(i instanceof Json.Str(var s) ? s : ""));
        }
        if (texts.contains("") || !(value.get() instanceof Json.Arr)) {
            throw invalid(name, "need a list of texts");
        }
        return texts;
    }

    /** A document within this one; an empty one if it is missing. */
    ConfigDocument child(String name) throws InvalidPlatformConfig {
        var value = value(name).orElse(Json.Obj.EMPTY);
        if (value instanceof Json.Obj object) {
            return new ConfigDocument(key, text, object);
        }
        throw invalid(name, "need an object");
    }

    static boolean isHost(String host) {
        return host.length() <= 253 && HOST.matcher(host).matches();
    }

    private Optional<Json> value(String name) {
        return tree.at(name).filter(v -> !(v instanceof Json.Null));
    }

    private static String place(String before) {
        long line = before.chars().filter(c -> c == '\n').count() + 1;
        int column = before.length() - before.lastIndexOf('\n');
        return "line %d, column %d".formatted(line, column);
    }
}
