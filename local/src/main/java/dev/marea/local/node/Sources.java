package dev.marea.local.node;

import dev.marea.local.objects.Key;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The files of configMap, secret, downwardAPI and projected volumes. */
final class Sources {
    private static final int CONFIG_MODE = 0644;
    private static final int SECRET_MODE = 0600;

    private final Objects objects;
    private final Downward downward;

    Sources(Objects objects, Downward downward) {
        this.objects = objects;
        this.downward = downward;
    }

    /** Empty if the volume is of another kind. */
    Optional<Map<String, Projection.Content>> of(PodSpec pod, Json volume) throws Blocked {
        var files = new TreeMap<String, Projection.Content>();
        if (volume.at("projected").isPresent()) {
            for (var source : volume.list("projected", "sources")) {
                add(pod, source, files);
            }
            return Optional.of(files);
        }
        return add(pod, volume, files) ? Optional.of(files) : Optional.empty();
    }

    private boolean add(PodSpec pod, Json source, Map<String, Projection.Content> files)
            throws Blocked {
        if (source.at("configMap").isPresent()) {
            keyed(pod, Resource.CONFIG_MAP, source.object("configMap"), files);
        } else if (source.at("secret").isPresent()) {
            keyed(pod, Resource.SECRET, source.object("secret"), files);
        } else if (source.at("downwardAPI").isPresent()) {
            facts(pod, source.object("downwardAPI"), files);
        } else {
            // a serviceAccountToken names nobody here: the platform's own token is its owner's
            return source.at("serviceAccountToken").isPresent();
        }
        return true;
    }

    private void keyed(
            PodSpec pod, Resource kind, Json.Obj source, Map<String, Projection.Content> files)
            throws Blocked {
        var name = source.text("name").or(() -> source.text("secretName")).orElse("");
        var optional = source.flag("optional");
        var data = data(kind, pod.meta().namespace(), name);
        if (data.isEmpty()) {
            if (optional) {
                return;
            }
            throw new Blocked("FailedMount", missing(kind, name));
        }
        int mode = mode(kind, source.integer("defaultMode").orElse(-1));
        var items = source.list("items");
        if (items.isEmpty()) {
            data.get().forEach((key, bytes) -> files.put(key, new Projection.Content(bytes, mode)));
        }
        for (var item : items) {
            var key = item.text("key").orElse("");
            var bytes = data.get().get(key);
            if (bytes == null && !optional) {
                throw new Blocked(
                        "FailedMount",
                        "%s \"%s\" has no key \"%s\"".formatted(kind.kind(), name, key));
            }
            if (bytes != null) {
                int own =
                        item.integer("mode").isPresent()
                                ? mode(kind, item.integer("mode").getAsLong())
                                : mode;
                files.put(
                        Volumes.checked("items[].path", item.text("path").orElse(key)),
                        new Projection.Content(bytes, own));
            }
        }
    }

    /**
     * A secret is its owner's alone, whatever the manifest allows: this machine has other users.
     */
    private static int mode(Resource kind, long declared) {
        boolean secret = kind.equals(Resource.SECRET);
        if (declared < 0) {
            return secret ? SECRET_MODE : CONFIG_MODE;
        }
        return (int) declared & (secret ? 0700 : 0777);
    }

    private void facts(PodSpec pod, Json.Obj source, Map<String, Projection.Content> files)
            throws Blocked {
        for (var item : source.list("items")) {
            var container =
                    pod.containers().stream()
                            .filter(c ->
                                    item.text("resourceFieldRef", "containerName")
                                            .orElse("")
                                            .equals(c.name()))
                            .findFirst()
                            .orElse(pod.containers().getFirst());
            files.put(
                    Volumes.checked("items[].path", item.text("path").orElse("")),
                    new Projection.Content(
                            downward.value(pod, container, item).getBytes(StandardCharsets.UTF_8),
                            CONFIG_MODE));
        }
    }

    /** The bytes of every key; empty if there is no such object. */
    Optional<Map<String, byte[]>> data(Resource kind, String namespace, String name) {
        return objects.get(new Key(kind, namespace, name)).map(object -> bytes(kind, object));
    }

    private static Map<String, byte[]> bytes(Resource kind, Json.Obj object) {
        var bytes = new TreeMap<String, byte[]>();
        var encoded = kind.equals(Resource.SECRET) ? "data" : "binaryData";
        object.object(encoded)
                .fields()
                .forEach((key, value) -> {
                    if (value instanceof Json.Str(var text)) {
                        bytes.put(key, Base64.getMimeDecoder().decode(text));
                    }
                });
        var plain = kind.equals(Resource.SECRET) ? "stringData" : "data";
        object.object(plain)
                .fields()
                .forEach((key, value) -> {
                    if (value instanceof Json.Str(var text)) {
                        bytes.put(key, text.getBytes(StandardCharsets.UTF_8));
                    }
                });
        return bytes;
    }

    static String missing(Resource kind, String name) {
        return "%s \"%s\" not found"
                .formatted(kind.plural().substring(0, kind.plural().length() - 1), name);
    }
}
