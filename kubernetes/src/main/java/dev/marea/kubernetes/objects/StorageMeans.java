package dev.marea.kubernetes.objects;

import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.StorageContainer;
import java.util.List;
import java.util.Map;

/**
 * With what the models of one service are fetched.
 *
 * @param containers of administrators
 * @param accounts by name; of the predictor and its canaries
 */
public record StorageMeans(List<StorageContainer> containers, Map<String, StorageAccess> accounts) {
    public static final StorageMeans NONE = new StorageMeans(List.of(), Map.of());
    private static final String DEFAULT = "default";

    public StorageMeans {
        containers = List.copyOf(containers);
        accounts = Map.copyOf(accounts);
    }

    /** The account that a predictor's pods run as. */
    public static String account(Json.Obj predictor) {
        return predictor
                .text("serviceAccountName")
                .or(() -> predictor.text("serviceAccount"))
                .filter(name -> !name.isEmpty())
                .orElse(DEFAULT);
    }

    StorageAccess access(Json.Obj predictor) {
        return accounts.getOrDefault(account(predictor), StorageAccess.NONE);
    }
}
