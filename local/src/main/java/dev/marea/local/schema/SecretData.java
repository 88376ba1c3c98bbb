package dev.marea.local.schema;

import dev.marea.wire.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;

/** A Secret's {@code stringData}: written in plain, kept in {@code data} as base64. */
final class SecretData {
    private SecretData() {}

    static Json.Obj merged(Json.Obj secret) {
        var plain = secret.object("stringData");
        if (plain.isEmpty()) {
            return secret.without("stringData");
        }
        var data = new LinkedHashMap<>(secret.object("data").fields());
        plain.fields()
                .forEach((name, value) -> {
                    var text = value instanceof Json.Str(var s) ? s : value.toString();
                    var bytes = text.getBytes(StandardCharsets.UTF_8);
                    data.put(name, Json.of(Base64.getEncoder().encodeToString(bytes)));
                });
        return secret.without("stringData").with("data", new Json.Obj(data));
    }
}
