package dev.marea.storage;

import dev.marea.storage.store.FetchFailure;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;

/** Turns a storage URI into files of a local directory, whole or not at all. */
public final class Storage {
    private final FetchLimits limits;

    public Storage(FetchLimits limits) {
        this.limits = limits;
    }

    /** Fetches {@code uri} into {@code directory}, which is made if it is not there. */
    public Fetched fetch(String uri, Path directory) throws IOException, InterruptedException {
        var source = parse(uri);
        var scheme =
                source.getScheme() == null ? "file" : source.getScheme().toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "file" -> new LocalFiles(limits).copy(Path.of(source.getPath()), directory);
            case "http", "https" -> new HttpFile(limits).fetch(source, directory);
            default ->
                    throw FetchFailure.lasting(
                            "cannot fetch "
                                    + uri
                                    + ": the scheme "
                                    + scheme
                                    + ":// is not served yet; use file://, pvc://, https:// or http://");
        };
    }

    private static URI parse(String uri) throws FetchFailure {
        try {
            return new URI(uri);
        } catch (URISyntaxException bad) {
            throw FetchFailure.lasting("cannot fetch " + uri + ": not a URI, " + bad.getReason());
        }
    }
}
