package dev.marea.storage.stores;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.store.Asking;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.Listing;
import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.store.Store;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.store.Unpack;
import dev.marea.storage.stores.azure.BlobStore;
import dev.marea.storage.stores.azure.FileShareStore;
import dev.marea.storage.stores.gcs.GcsStore;
import dev.marea.storage.stores.hub.HubStore;
import dev.marea.storage.stores.mlflow.MlflowStore;
import dev.marea.storage.stores.oci.OciStore;
import dev.marea.storage.stores.s3.S3Store;
import dev.marea.storage.stores.webhdfs.WebHdfsStore;
import java.io.IOException;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Every kind of store, each for the URIs that are its own. */
public final class Stores implements Store {
    private final Store web;
    private final Store s3 = new S3Store();
    private final Store gcs = new GcsStore();
    private final Store hub = new HubStore();
    private final Store oci = new OciStore();
    private final Store blobs = new BlobStore();
    private final Store shares = new FileShareStore();
    private final Store hdfs = new WebHdfsStore();
    private final Store mlflow = new MlflowStore(this);

    /**
     * @param web for https addresses that are no other store's
     */
    public Stores(Store web) {
        this.web = web;
    }

    /** With the entry of storage-config put in, and without what the patterns leave out. */
    @Override
    public Listing list(StoreUri uri, Access access, Asking http)
            throws FetchFailure, InterruptedException {
        var resolved = resolved(uri, access);
        var listing = of(resolved).list(resolved, access, http);
        var files = chosen(listing.files(), access);
        if (files.isEmpty()) {
            throw FetchFailure.lasting(
                    resolved
                            + ": STORAGE_ALLOW_PATTERNS and STORAGE_IGNORE_PATTERNS leave none of its "
                            + listing.files().size()
                            + " files");
        }
        return new Listing(listing.pinned(), listing.digest(), files);
    }

    private static StoreUri resolved(StoreUri uri, Access access) throws FetchFailure {
        try {
            return new StoreUri(access.resolve(uri.text()));
        } catch (IOException bad) {
            throw FetchFailure.lasting(String.valueOf(bad.getMessage()));
        }
    }

    private Store of(StoreUri uri) throws FetchFailure {
        return switch (uri.scheme()) {
            case "s3" -> s3;
            case "gs" -> gcs;
            case "hf" -> hub;
            case "oci", "oci+fetch", "oci+native" -> oci;
            case "webhdfs", "hdfs" -> hdfs;
            case "models" -> mlflow;
            case "http", "https" -> web(host(uri));
            default ->
                    throw FetchFailure.lasting(
                            uri
                                    + " is in no store that is known; write s3://, gs://, hf://, https://, oci://, webhdfs:// or models:/");
        };
    }

    private Store web(String host) {
        if (BlobStore.serves(host)) {
            return blobs;
        }
        return FileShareStore.serves(host) ? shares : web;
    }

    private static String host(StoreUri uri) {
        try {
            var host = URI.create(uri.text()).getHost();
            return host == null ? "" : host.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException bad) {
            return "";
        }
    }

    /** What is inside of layers and archives has no names yet. */
    private static List<RemoteFile> chosen(List<RemoteFile> files, Access access) {
        var patterns = Patterns.of(access);
        var directories = directories(files);
        return files.stream()
                .filter(file -> !(file.size() == 0 && directories.contains(file.path())))
                .filter(file ->
                        file.unpack() instanceof Unpack.Layer || patterns.admits(file.path()))
                .toList();
    }

    /** Some clients put an empty object where a directory begins. */
    private static Set<String> directories(List<RemoteFile> files) {
        var directories = new HashSet<String>();
        for (var file : files) {
            var path = file.path();
            for (int slash = path.lastIndexOf('/');
                    slash > 0 && directories.add(path.substring(0, slash));
                    slash = path.lastIndexOf('/', slash - 1)) {
                // each directory above, up to one that is known
            }
        }
        return directories;
    }
}
