package dev.marea.storage.stores.oci;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.store.Asking;
import dev.marea.storage.store.Checksum;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.Listing;
import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.store.Store;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.store.Unpack;
import dev.marea.storage.store.Unpack.Compression;
import dev.marea.storage.stores.talk.Refusals;
import dev.marea.storage.stores.talk.StoreOrigin;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Lists the layers of an image, of which what lies under {@code /models} is the model, or of an
 * artifact, whose layers are files or archives of their own.
 */
public final class OciStore implements Store {
    /** Where KServe's images keep the model. */
    static final String DIRECTORY = "models";

    private static final int LAYERS_MAX = 1_000;
    private static final Pattern DIGEST = Pattern.compile("sha256:([0-9a-f]{64})");
    private static final String TITLE = "org.opencontainers.image.title";
    private static final String MODEL_PACK_PATH = "org.cncf.model.filepath";
    private static final Pattern IMAGE_CONFIG =
            Pattern.compile(
                    "application/vnd\\.(?:oci\\.image\\.config\\.v1|docker\\.container\\.image\\.v1)\\+json");

    /** Directories of ModelPack and KitOps. */
    private static final Pattern PACKED =
            Pattern.compile("application/vnd\\.(?:cncf\\.model|kitops)\\..*[.+]tar\\b.*");

    @Override
    public Listing list(StoreUri uri, Access access, Asking http)
            throws FetchFailure, InterruptedException {
        var reference =
                Reference.read(uri.rest())
                        .orElseThrow(() ->
                                FetchFailure.lasting(
                                        uri
                                                + " is no image; write oci://registry/repository:tag or oci://registry/repository@sha256:…"));
        var registry = Registry.of(reference, uri.toString(), access, http, "pull");
        var found = new Manifests(registry).find();
        var layers = found.manifest().list("layers");
        if (layers.size() > LAYERS_MAX) {
            throw Refusals.tooMany(uri.toString(), LAYERS_MAX);
        }
        boolean image =
                IMAGE_CONFIG
                        .matcher(found.manifest().text("config", "mediaType").orElse(""))
                        .matches();
        var files = new ArrayList<RemoteFile>();
        for (var layer : layers) {
            files.add(file(registry, layer, image));
        }
        if (files.isEmpty()) {
            throw FetchFailure.lasting(uri + " has no layers");
        }
        return new Listing(
                "oci://" + reference.at(found.digest()),
                Optional.of(found.digest()),
                List.copyOf(files));
    }

    private static RemoteFile file(Registry registry, Json layer, boolean image)
            throws FetchFailure {
        var digest = layer.text("digest").orElse("");
        var sum = DIGEST.matcher(digest);
        if (!sum.matches()) {
            throw FetchFailure.lasting(
                    registry.talk().subject() + " has a layer without a sha256 digest");
        }
        var hex = sum.group(1);
        var title =
                layer.text("annotations", MODEL_PACK_PATH)
                        .or(() -> layer.text("annotations", TITLE));
        return new RemoteFile(
                title.filter(_ -> !image).orElse("layer-" + hex),
                layer.integer("size").orElse(-1),
                Optional.of(digest),
                Optional.of(new Checksum(Checksum.Algorithm.SHA256, hex)),
                unpack(layer, image, title.isPresent()),
                StoreOrigin.of(registry.talk(), registry.blob(digest), registry.auth()::letIn));
    }

    /** A file with a title is kept as it is, unless its packer says that it is a directory. */
    private static Unpack unpack(Json layer, boolean image, boolean titled) {
        var type = layer.text("mediaType").orElse("");
        if (image) {
            return new Unpack.Layer(compression(type), DIRECTORY);
        }
        boolean directory =
                layer.text("annotations", "io.deis.oras.content.unpack").orElse("").equals("true")
                        || PACKED.matcher(type).matches();
        boolean layered =
                !titled
                        && (type.startsWith("application/vnd.oci.image.layer.v1.tar")
                                || type.startsWith("application/vnd.docker.image.rootfs.diff.tar"));
        return directory || layered ? new Unpack.Layer(compression(type), "") : Unpack.KEEP;
    }

    private static Compression compression(String type) {
        if (type.endsWith("gzip")) {
            return Compression.GZIP;
        }
        return type.endsWith("zstd") ? Compression.ZSTD : Compression.NONE;
    }
}
