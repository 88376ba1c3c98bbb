package dev.marea.storage;

import dev.marea.storage.archive.Budget;
import dev.marea.storage.credentials.Access;
import dev.marea.storage.http.AddressPolicy;
import dev.marea.storage.http.ClientSettings;
import dev.marea.storage.http.Retries;
import dev.marea.storage.transfer.TransferSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * How models are fetched.
 *
 * @param cache of the node; without one, each fetch has its own, below its directory
 * @param access for fetches that bring none of their own
 */
public record StorageSettings(
        Optional<Cache> cache,
        ClientSettings client,
        Retries retries,
        TransferSettings transfer,
        Budget archives,
        Access access,
        Clock clock) {
    private static final int FILES_MAX = 200_000;

    /**
     * The node's cache.
     *
     * @param bytesMax of all its files; only what is in use or pinned may exceed it
     */
    public record Cache(Path root, long bytesMax) {
        public Cache {
            if (bytesMax < 0) {
                throw new IllegalArgumentException(
                        "a cache has room for 0 bytes or more, was " + bytesMax);
            }
        }
    }

    public static StorageSettings usual(AddressPolicy addresses) {
        return new StorageSettings(
                Optional.empty(),
                ClientSettings.usual(addresses),
                Retries.usual(),
                TransferSettings.USUAL,
                Budget.USUAL,
                Access.NONE,
                Clock.systemUTC());
    }

    public StorageSettings with(Cache node) {
        return new StorageSettings(
                Optional.of(node), client, retries, transfer, archives, access, clock);
    }

    public StorageSettings with(ClientSettings other) {
        return new StorageSettings(cache, other, retries, transfer, archives, access, clock);
    }

    public StorageSettings with(Retries other) {
        return new StorageSettings(cache, client, other, transfer, archives, access, clock);
    }

    public StorageSettings with(TransferSettings other) {
        return new StorageSettings(cache, client, retries, other, archives, access, clock);
    }

    public StorageSettings with(Budget other) {
        return new StorageSettings(cache, client, retries, transfer, other, access, clock);
    }

    public StorageSettings with(Access other) {
        return new StorageSettings(cache, client, retries, transfer, archives, other, clock);
    }

    /** Of one model. */
    int filesMax() {
        return FILES_MAX;
    }
}
