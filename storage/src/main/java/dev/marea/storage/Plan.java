package dev.marea.storage;

import dev.marea.storage.cache.ModelKey;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.Listing;
import dev.marea.storage.store.ModelTree;
import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.store.Unpack;
import dev.marea.storage.stores.Patterns;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a listing comes to: which files, judged before the first byte is asked for.
 *
 * @param key by which the cache knows the model; empty if the store does not tell versions apart,
 *     and then it is brought each time
 */
record Plan(FetchOrder order, Listing listing, List<Planned> files, ModelKey key, boolean known) {
    /**
     * A file to have.
     *
     * @param version a hash of what its server holds it to be; empty if it does not say
     */
    record Planned(RemoteFile file, Optional<String> version) {}

    static Plan of(FetchOrder order, Listing listing, StorageSettings settings)
            throws FetchFailure, InterruptedException {
        var tree = new ModelTree(order.uri(), settings.filesMax());
        boolean alone = listing.files().size() == 1;
        var server = server(listing);
        var files = new ArrayList<Planned>();
        long bytes = 0;
        for (var file : listing.files()) {
            if (!(file.unpack() instanceof Unpack.Layer)) {
                tree.add(file.path());
            }
            var kept = alone ? file : kept(file);
            files.add(new Planned(kept, version(server, kept)));
            bytes += Math.max(0, file.size());
        }
        if (files.isEmpty()) {
            throw FetchFailure.lasting(order.uri() + " names no file");
        }
        if (bytes > settings.transfer().bytesMax()) {
            throw FetchFailure.lasting(
                    "%s has %d bytes, the limit for one model is %d"
                            .formatted(order.uri(), bytes, settings.transfer().bytesMax()));
        }
        boolean known = files.stream().allMatch(file -> file.version().isPresent());
        return new Plan(order, listing, List.copyOf(files), key(order, listing, files), known);
    }

    /**
     * Who answers for the versions. A tenant may name an endpoint of its own, and what that says of
     * a bucket counts for that endpoint alone.
     */
    private static String server(Listing listing) throws FetchFailure, InterruptedException {
        if (listing.files().isEmpty()) {
            return "";
        }
        var address = listing.files().getFirst().origin().request(Optional.empty()).build().uri();
        return address.getScheme() + "://" + address.getRawAuthority();
    }

    /** Only an archive that is all there is gets unpacked. */
    private static RemoteFile kept(RemoteFile file) {
        return file.unpack() instanceof Unpack.Archive
                ? new RemoteFile(
                        file.path(),
                        file.size(),
                        file.version(),
                        file.sum(),
                        Unpack.KEEP,
                        file.origin())
                : file;
    }

    private static ModelKey key(FetchOrder order, Listing listing, List<Planned> files) {
        var content = new StringBuilder(listing.pinned());
        files.forEach(file -> content.append('\n').append(file.version().orElse("-")));
        var asked = order.uri() + "\n" + Patterns.of(order.access());
        return ModelKey.of(asked, content.toString());
    }

    private static Optional<String> version(String server, RemoteFile file) {
        if (file.version().isEmpty() && file.sum().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                ModelKey.hash(
                        String.join(
                                "\n",
                                server,
                                file.path(),
                                Long.toString(file.size()),
                                file.version().orElse(""),
                                file.sum().map(Object::toString).orElse(""),
                                file.unpack().toString())));
    }
}
