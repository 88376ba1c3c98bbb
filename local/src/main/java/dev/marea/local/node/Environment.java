package dev.marea.local.node;

import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** The environment variables that a container declares, resolved in their order. */
final class Environment {
    private final Sources sources;
    private final Downward downward;

    Environment(Objects objects, Downward downward) {
        this.sources = new Sources(objects, downward);
        this.downward = downward;
    }

    /**
     * @param given what is there before, which values may refer to
     */
    SequencedMap<String, String> declared(
            PodSpec pod, ContainerSpec container, Map<String, String> given) throws Blocked {
        var known = new LinkedHashMap<>(given);
        var declared = new LinkedHashMap<String, String>();
        for (var source : container.json().list("envFrom")) {
            from(pod, source, declared);
        }
        known.putAll(declared);
        for (var variable : container.json().list("env")) {
            var name = variable.text("name").orElse("");
            var value = value(pod, container, variable, known);
            if (value.isPresent()) {
                declared.put(name, value.get());
                known.put(name, value.get());
            }
        }
        return declared;
    }

    private void from(PodSpec pod, Json source, Map<String, String> declared) throws Blocked {
        boolean secret = source.at("secretRef").isPresent();
        var kind = secret ? Resource.SECRET : Resource.CONFIG_MAP;
        var ref = source.object(secret ? "secretRef" : "configMapRef");
        var name = ref.text("name").orElse("");
        var data = sources.data(kind, pod.meta().namespace(), name);
        if (data.isEmpty() && !ref.flag("optional")) {
            throw Blocked.config(Sources.missing(kind, name));
        }
        var prefix = source.text("prefix").orElse("");
        data.orElse(Map.of()).forEach((key, bytes) -> declared.put(prefix + key, text(bytes)));
    }

    private Optional<String> value(
            PodSpec pod, ContainerSpec container, Json variable, Map<String, String> known)
            throws Blocked {
        var from = variable.object("valueFrom");
        if (from.isEmpty()) {
            return Optional.of(Expansion.expand(variable.text("value").orElse(""), known));
        }
        if (from.has("secretKeyRef")) {
            return keyed(pod, Resource.SECRET, from.object("secretKeyRef"));
        }
        if (from.has("configMapKeyRef")) {
            return keyed(pod, Resource.CONFIG_MAP, from.object("configMapKeyRef"));
        }
        return Optional.of(downward.value(pod, container, from));
    }

    private Optional<String> keyed(PodSpec pod, Resource kind, Json.Obj ref) throws Blocked {
        var name = ref.text("name").orElse("");
        var key = ref.text("key").orElse("");
        var data = sources.data(kind, pod.meta().namespace(), name);
        var bytes = data.flatMap(all -> Optional.ofNullable(all.get(key)));
        if (bytes.isEmpty() && !ref.flag("optional")) {
            throw Blocked.config(
                    data.isEmpty()
                            ? Sources.missing(kind, name)
                            : "couldn't find key %s in %s %s/%s"
                                    .formatted(key, kind.kind(), pod.meta().namespace(), name));
        }
        return bytes.map(Environment::text);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
