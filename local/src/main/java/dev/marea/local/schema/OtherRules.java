package dev.marea.local.schema;

import dev.marea.wire.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules of Services, ConfigMaps, Secrets and the smaller kinds. */
record OtherRules(Mistakes mistakes) {
    private static final int CONTENT_BYTES_MAX = 1 << 20;

    private static final Map<String, List<String>> SECRET_KEYS =
            Map.of(
                    "kubernetes.io/tls", List.of("tls.crt", "tls.key"),
                    "kubernetes.io/dockerconfigjson", List.of(".dockerconfigjson"),
                    "kubernetes.io/ssh-auth", List.of("ssh-privatekey"));

    void service(Optional<Json.Obj> before, Json.Obj after) {
        var type = after.text("spec", "type").orElse("ClusterIP");
        var ports = after.list("spec", "ports");
        boolean needsPorts =
                !type.equals("ExternalName")
                        && !after.text("spec", "clusterIP").orElse("").equals("None");
        if (needsPorts && ports.isEmpty()) {
            mistakes.required("spec.ports");
        }
        if (type.equals("ExternalName") && after.text("spec", "externalName").isEmpty()) {
            mistakes.required("spec.externalName");
        }
        servicePorts(ports);
        new MetaRules(mistakes).labels("spec.selector", after.object("spec", "selector"));
        before.flatMap(b -> b.text("spec", "clusterIP"))
                .filter(ip -> !ip.isEmpty() && type.equals("ClusterIP"))
                .filter(ip -> !after.text("spec", "clusterIP").orElse("").equals(ip))
                .ifPresent(_ ->
                        mistakes.invalid(
                                "spec.clusterIPs[0]",
                                after.at("spec", "clusterIP").orElse(Json.Null.VALUE),
                                "may not change once set"));
    }

    private void servicePorts(List<Json> ports) {
        var names = new HashSet<String>();
        for (int i = 0; i < ports.size(); i++) {
            var at = "spec.ports[" + i + "]";
            var name = ports.get(i).text("name").orElse("");
            if (name.isEmpty() && ports.size() > 1) {
                mistakes.required(at + ".name");
            } else if (!name.isEmpty() && !names.add(name)) {
                mistakes.duplicate(at + ".name", Json.of(name));
            }
            for (var field : List.of("port", "targetPort", "nodePort")) {
                var port = ports.get(i).at(field).orElse(Json.Null.VALUE);
                boolean unset = field.equals("nodePort") && port.equals(Json.of(0));
                if (!unset) {
                    mistakes.range(at + "." + field, port, 1, 65535);
                }
            }
        }
    }

    void configMap(Optional<Json.Obj> before, Json.Obj after) {
        content(before, after, List.of("data", "binaryData"));
        after.object("binaryData").fields().keySet().stream()
                .filter(after.object("data")::has)
                .forEach(key ->
                        mistakes.invalid(
                                "data." + key,
                                Json.of(key),
                                "duplicate of key present in binaryData"));
    }

    void secret(Optional<Json.Obj> before, Json.Obj after) {
        content(before, after, List.of("data"));
        var type = after.text("type").orElse("Opaque");
        SECRET_KEYS.getOrDefault(type, List.of()).stream()
                .filter(key -> !after.object("data").has(key))
                .forEach(key -> mistakes.required("data[" + key + "]"));
        before.flatMap(b -> b.at("type"))
                .ifPresent(old -> mistakes.immutable("type", old, Json.of(type)));
    }

    private void content(Optional<Json.Obj> before, Json.Obj after, List<String> parts) {
        long bytes = 0;
        for (var part : parts) {
            for (var entry : after.object(part).fields().entrySet()) {
                var key = entry.getKey();
                Names.CONFIG_KEY
                        .mistake(key)
                        .ifPresent(
                                why -> mistakes.invalid(part + "[" + key + "]", Json.of(key), why));
                bytes += size(entry.getValue(), !part.equals("data") || parts.size() == 1);
            }
        }
        if (bytes > CONTENT_BYTES_MAX) {
            mistakes.tooLong(parts.size() == 1 ? "data" : "", CONTENT_BYTES_MAX);
        }
        before.filter(b -> b.flag("immutable")).ifPresent(b -> frozen(b, after, parts));
    }

    /** Base64 counts as the bytes that it stands for. */
    private static long size(Json value, boolean base64) {
        if (!(value instanceof Json.Str(var text))) {
            return 0;
        }
        return base64 ? text.length() / 4L * 3 : text.getBytes(StandardCharsets.UTF_8).length;
    }

    private void frozen(Json.Obj before, Json.Obj after, List<String> parts) {
        var why = "field is immutable when `immutable` is set";
        if (!after.flag("immutable")) {
            mistakes.forbidden("immutable", why);
        }
        parts.stream()
                .filter(part -> !before.object(part).equals(after.object(part)))
                .forEach(part -> mistakes.forbidden(part, why));
    }

    void endpointSlice(Optional<Json.Obj> before, Json.Obj after) {
        var type = after.at("addressType");
        if (type.isEmpty()) {
            mistakes.required("addressType");
        }
        before.flatMap(b -> b.at("addressType"))
                .ifPresent(old ->
                        mistakes.immutable("addressType", old, type.orElse(Json.Null.VALUE)));
    }

    void lease(Json.Obj after) {
        mistakes.range(
                "spec.leaseDurationSeconds",
                after.at("spec", "leaseDurationSeconds").orElse(Json.Null.VALUE),
                1,
                Integer.MAX_VALUE);
    }

    void claim(Optional<Json.Obj> before, Json.Obj after) {
        if (after.list("spec", "accessModes").isEmpty()) {
            mistakes.required("spec.accessModes", "at least 1 access mode is required");
        }
        if (after.at("spec", "resources", "requests", "storage").isEmpty()) {
            mistakes.required("spec.resources[storage]");
        }
        before.map(OtherRules::fixedPart)
                .filter(old -> !old.equals(fixedPart(after)))
                .ifPresent(_ ->
                        mistakes.forbidden(
                                "spec",
                                "spec is immutable after creation except resources.requests"
                                        + " and volumeAttributesClassName for bound claims"));
    }

    private static Json fixedPart(Json claim) {
        return claim.object("spec")
                .without("resources")
                .without("volumeName")
                .without("volumeAttributesClassName");
    }

    void revision(Optional<Json.Obj> before, Json.Obj after) {
        before.flatMap(b -> b.at("data"))
                .ifPresent(old ->
                        mistakes.immutable("data", old, after.at("data").orElse(Json.Null.VALUE)));
    }
}
