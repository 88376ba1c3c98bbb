package dev.marea.storage;

import dev.marea.storage.cache.ModelKey;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.Listing;
import dev.marea.storage.store.ModelTree;
import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.store.Unpack;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a listing comes to: which files, judged before the first byte is asked for.
 *
 * @param key by which the cache knows the model; empty if the store does not tell versions apart,
 *     and then it is brought each time
 */
record Plan(
        FetchOrder order, Listing listing, List<RemoteFile> files, ModelKey key, boolean known) {

    static Plan of(FetchOrder order, Listing listing, StorageSettings settings)
            throws FetchFailure {
        var files = new ArrayList<RemoteFile>();
        var tree = new ModelTree(order.uri(), settings.filesMax());
        boolean alone = listing.files().size() == 1;
        long bytes = 0;
        for (var file : listing.files()) {
            if (!(file.unpack() instanceof Unpack.Layer)) {
                tree.add(file.path());
                if (!order.wanted().path().test(file.path())) {
                    continue;
                }
            }
            files.add(alone ? file : kept(file));
            bytes += Math.max(0, file.size());
        }
        if (files.isEmpty()) {
            throw FetchFailure.lasting(
                    order.uri()
                            + " names no file that is wanted; look at STORAGE_ALLOW_PATTERNS and STORAGE_IGNORE_PATTERNS");
        }
        if (bytes > settings.transfer().bytesMax()) {
            throw FetchFailure.lasting(
                    "%s has %d bytes, the limit for one model is %d"
                            .formatted(order.uri(), bytes, settings.transfer().bytesMax()));
        }
        boolean known =
                files.stream()
                        .allMatch(file -> file.version().isPresent() || file.sum().isPresent());
        return new Plan(order, listing, List.copyOf(files), key(order, listing, files), known);
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

    private static ModelKey key(FetchOrder order, Listing listing, List<RemoteFile> files) {
        var content = new StringBuilder(listing.pinned());
        files.forEach(file -> content.append('\n').append(version(file).orElse("-")));
        return ModelKey.of(order.uri() + "\n" + order.wanted().text(), content.toString());
    }

    /** What the store holds a file to be, as a hash; empty if it does not say. */
    static Optional<String> version(RemoteFile file) {
        if (file.version().isEmpty() && file.sum().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                ModelKey.hash(
                        "%s\n%d\n%s\n%s\n%s"
                                .formatted(
                                        file.path(),
                                        file.size(),
                                        file.version().orElse(""),
                                        file.sum().map(Object::toString).orElse(""),
                                        file.unpack())));
    }
}
