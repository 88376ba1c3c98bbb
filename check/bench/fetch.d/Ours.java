import dev.marea.storage.FetchOrder;
import dev.marea.storage.Storage;
import dev.marea.storage.StorageSettings;
import dev.marea.storage.credentials.Access;
import dev.marea.storage.http.AddressPolicy;
import java.nio.file.Path;

/** Fetches as the node does: URI CACHE FIRST SECOND; prints the milliseconds of two replicas. */
final class Ours {
    private Ours() {}

    public static void main(String[] args) throws Exception {
        var cache = new StorageSettings.Cache(Path.of(args[1]), Long.MAX_VALUE);
        var storage = new Storage(StorageSettings.usual(AddressPolicy.ONE_MACHINE).with(cache));
        var access = Access.read(System.getenv());
        for (int replica = 2; replica < args.length; replica++) {
            long began = System.nanoTime();
            var order = FetchOrder.of(args[0], Path.of(args[replica])).with(access);
            var fetched = storage.fetch(order, _ -> {});
            System.out.printf(
                    "%d %d %d %d%n",
                    (System.nanoTime() - began) / 1_000_000,
                    fetched.files(),
                    fetched.bytes(),
                    fetched.network());
        }
    }
}
