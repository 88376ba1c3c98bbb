package dev.marea.storage;

import dev.marea.storage.http.AddressPolicy;
import dev.marea.storage.http.Authorities;
import dev.marea.storage.http.ClientSettings;
import dev.marea.storage.http.Proxies;
import dev.marea.storage.http.Retries;
import dev.marea.storage.transfer.TransferSettings;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** Settings for tests: small parts, short waits, and pauses that are noted instead of slept. */
final class Fetches {
    static final Duration STALL = Duration.ofMillis(300);

    private Fetches() {}

    static StorageSettings quick(List<Duration> pauses) {
        return StorageSettings.usual(AddressPolicy.ONE_MACHINE)
                .with(client(AddressPolicy.ONE_MACHINE))
                .with(
                        new Retries(
                                4,
                                Duration.ofMillis(500),
                                Duration.ofSeconds(60),
                                pauses::add,
                                new Random(1)))
                .with(new TransferSettings(4, 64 << 10, STALL, 64 << 20));
    }

    static ClientSettings client(AddressPolicy addresses) {
        return new ClientSettings(
                Duration.ofSeconds(2), STALL, 3, addresses, Proxies.NONE, Authorities.usual());
    }

    static StorageSettings quick() {
        return quick(new CopyOnWriteArrayList<>());
    }

    static byte[] bytes(int count, long seed) {
        var bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
