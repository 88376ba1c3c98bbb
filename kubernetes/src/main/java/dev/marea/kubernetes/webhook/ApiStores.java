package dev.marea.kubernetes.webhook;

import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.objects.StorageContainers;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.StorageContainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

/** What the API knows at this moment of how models are fetched. */
record ApiStores(Api api) implements Judge.Stores {
    @Override
    public List<StorageContainer> all() {
        try {
            return api.list(Kind.STORAGE_CONTAINER, "").list("items").stream()
                    .flatMap(item ->
                            item instanceof Json.Obj tree
                                    ? StorageContainers.read(tree).stream()
                                    : Stream.empty())
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public List<String> secretsOf(String namespace, String account) throws IOException {
        return api.get(Kind.SERVICE_ACCOUNT, namespace, account)
                .map(tree ->
                        tree.list("secrets").stream()
                                .flatMap(secret -> secret.text("name").stream())
                                .toList())
                .orElse(List.of());
    }
}
