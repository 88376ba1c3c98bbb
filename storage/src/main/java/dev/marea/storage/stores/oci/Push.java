package dev.marea.storage.stores.oci;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.store.Asking;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.Unpack.Compression;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Pushes a directory as an image whose {@code /models} layers every reader of KServe's takes. The
 * same files give the same digest, and blobs that the registry has are not sent again, so that a
 * push that was cut off is simply made once more.
 */
public final class Push {
    private static final int PIECE_BYTES = 16 << 20;

    private final Access access;
    private final Asking http;
    private final Path work;

    /**
     * @param work where layers are packed before they are sent
     */
    public Push(Access access, Asking http, Path work) {
        this.access = access;
        this.http = http;
        this.work = work;
    }

    /** What is told while it goes on. */
    public interface Watcher {
        Watcher NOBODY =
                new Watcher() {
                    @Override
                    public void packed(String digest, long bytes) {
                        // nobody wants to know
                    }

                    @Override
                    public void sent(String digest, long bytes) {
                        // nobody wants to know
                    }
                };

        /** A layer of so many bytes is packed. */
        void packed(String digest, long bytes);

        /** The registry has so many bytes of it. */
        void sent(String digest, long bytes);
    }

    /**
     * What stands in the registry now.
     *
     * @param bytes that were sent; the others were there
     */
    public record Pushed(String uri, String digest, int layers, long bytes) {}

    public Pushed push(Path directory, Reference target, Compression compression, Watcher watcher)
            throws IOException, InterruptedException {
        if (target.byDigest()) {
            throw FetchFailure.lasting(
                    target + " is a digest; push to a tag, its digest is told afterwards");
        }
        var registry = Registry.of(target, "oci://" + target, access, http, "pull,push");
        var upload = new BlobUpload(registry, PIECE_BYTES);
        Files.createDirectories(work);
        var layers = new ArrayList<LayerFile>();
        long bytes = 0;
        for (var entries : PushedTree.of(directory).layers()) {
            var file = Files.createTempFile(work, "layer", ".tar");
            try {
                var layer = LayerFile.pack(entries, compression, file);
                watcher.packed(layer.digest(), layer.size());
                bytes += send(upload, layer, watcher);
                layers.add(layer);
            } finally {
                Files.deleteIfExists(file);
            }
        }
        var digest = manifest(registry, upload, layers);
        return new Pushed("oci://" + target.at(digest), digest, layers.size(), bytes);
    }

    private static long send(BlobUpload upload, LayerFile layer, Watcher watcher)
            throws IOException, InterruptedException {
        if (upload.there(layer.digest())) {
            return 0;
        }
        upload.send(
                layer.file(),
                layer.size(),
                layer.digest(),
                sent -> watcher.sent(layer.digest(), sent));
        return layer.size();
    }

    private static String manifest(Registry registry, BlobUpload upload, List<LayerFile> layers)
            throws FetchFailure, InterruptedException {
        var config = JsonWriter.bytes(config(layers));
        var configDigest = Manifests.digest(config);
        if (!upload.there(configDigest)) {
            upload.send(config, configDigest);
        }
        var manifest =
                JsonWriter.bytes(
                        Json.Obj.of(
                                "schemaVersion",
                                2,
                                "mediaType",
                                Manifests.OCI_MANIFEST,
                                "config",
                                descriptor(
                                        "application/vnd.oci.image.config.v1+json",
                                        configDigest,
                                        config.length),
                                "layers",
                                layers.stream()
                                        .map(l -> descriptor(l.mediaType(), l.digest(), l.size()))
                                        .toList()));
        var address = registry.manifest(registry.reference().label());
        registry.talk()
                .ok(() ->
                        registry.request(address)
                                .header("Content-Type", Manifests.OCI_MANIFEST)
                                .PUT(BodyPublishers.ofByteArray(manifest)));
        return Manifests.digest(manifest);
    }

    private static Json.Obj descriptor(String type, String digest, long size) {
        return Json.Obj.of("mediaType", type, "digest", digest, "size", size);
    }

    /** An image's configuration as far as one that is never run needs it. */
    private static Json.Obj config(List<LayerFile> layers) {
        return Json.Obj.of(
                "architecture",
                "amd64",
                "os",
                "linux",
                "created",
                "1970-01-01T00:00:00Z",
                "config",
                Json.Obj.EMPTY,
                "rootfs",
                Json.Obj.of(
                        "type",
                        "layers",
                        "diff_ids",
                        layers.stream().map(LayerFile::diffId).toList()),
                "history",
                layers.stream()
                        .map(_ ->
                                Json.Obj.of(
                                        "created",
                                        "1970-01-01T00:00:00Z",
                                        "created_by",
                                        "marea push"))
                        .toList());
    }
}
