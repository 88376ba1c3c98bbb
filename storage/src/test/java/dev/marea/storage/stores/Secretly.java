package dev.marea.storage.stores;

import dev.marea.storage.credentials.Access;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.FetchTerms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What a fetch may use, made of an environment and one Secret with annotations. */
public final class Secretly {
    private Secretly() {}

    public static Access access(
            Path root,
            Map<String, String> environment,
            Map<String, String> secret,
            Map<String, String> annotations)
            throws IOException {
        var directory = Files.createDirectories(root.resolve("let-in"));
        for (var entry : secret.entrySet()) {
            Files.writeString(directory.resolve(entry.getKey()), entry.getValue());
        }
        var all = new HashMap<>(environment);
        all.put(FetchTerms.SECRETS, root.toString());
        all.put(
                FetchTerms.TOLD,
                Json.Obj.of("secrets", Map.of("let-in", annotations), "account", Map.of())
                        .toString());
        return Access.read(all);
    }
}
