package dev.marea.storage.stores.azure;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.store.Asking;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.Listing;
import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.store.Store;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.stores.talk.Percent;
import dev.marea.storage.stores.talk.Prefix;
import dev.marea.storage.stores.talk.Refusals;
import dev.marea.storage.stores.talk.Xml;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists a container's blobs under a prefix, or the one of that name. */
public final class BlobStore implements Store {
    private static final int FILES_MAX = 200_000;

    /** Whether the host of an https address is a blob service of Azure's. */
    public static boolean serves(String host) {
        return Account.blob(host);
    }

    @Override
    public Listing list(StoreUri uri, Access access, Asking http)
            throws FetchFailure, InterruptedException {
        var door = Door.of(uri, access, http, "blobendpoint");
        var prefix = new Prefix(door.account().path());
        var single = single(door, prefix);
        var files = single.isPresent() ? List.of(single.get()) : pages(door, prefix);
        if (files.isEmpty()) {
            throw Refusals.nothingThere(door.talk().subject());
        }
        return new Listing(uri.text(), Optional.empty(), files);
    }

    private static Optional<RemoteFile> single(Door door, Prefix prefix)
            throws FetchFailure, InterruptedException {
        if (prefix.directoryOnly()) {
            return Optional.empty();
        }
        var address = door.address(prefix.name(), Map.of());
        var answer = door.talk().raw(() -> door.head(address));
        var headers = answer.headers();
        boolean directory =
                headers.firstValue("x-ms-resource-type").orElse("file").equals("directory")
                        || headers.firstValue("x-ms-meta-hdi_isfolder").isPresent();
        if (answer.status() != 200 || directory) {
            return Optional.empty(); // listed next; what is wrong is told there
        }
        return Optional.of(
                AzureFiles.file(
                        door,
                        prefix.fileName(),
                        address,
                        headers.firstValueAsLong("Content-Length").orElse(-1),
                        headers.firstValue("ETag"),
                        headers.firstValue("Content-MD5")));
    }

    private static List<RemoteFile> pages(Door door, Prefix prefix)
            throws FetchFailure, InterruptedException {
        var files = new ArrayList<RemoteFile>();
        var marker = Optional.<String>empty();
        do {
            var query = new LinkedHashMap<String, String>();
            query.put("restype", "container");
            query.put("comp", "list");
            query.put("prefix", prefix.directory());
            query.put("maxresults", "5000");
            marker.ifPresent(next -> query.put("marker", next));
            var page = door.talk().xml(() -> door.get(door.address("", query), Map.of()));
            for (var blob : page.first("Blobs").map(blobs -> blobs.all("Blob")).orElse(List.of())) {
                file(door, prefix, blob).ifPresent(files::add);
            }
            if (files.size() > FILES_MAX) {
                throw Refusals.tooMany(door.talk().subject(), FILES_MAX);
            }
            marker = page.textOf("NextMarker");
        } while (marker.isPresent());
        return List.copyOf(files);
    }

    private static Optional<RemoteFile> file(Door door, Prefix prefix, Xml blob) {
        var name = name(blob.first("Name"));
        var properties = blob.first("Properties").orElse(blob);
        if (properties.textOf("ResourceType").orElse("file").equals("directory")) {
            return Optional.empty();
        }
        return prefix.below(name)
                .map(path ->
                        AzureFiles.file(
                                door,
                                path,
                                door.address(name, Map.of()),
                                AzureFiles.size(properties.textOf("Content-Length")),
                                AzureFiles.quoted(properties.textOf("Etag")),
                                properties.textOf("Content-MD5")));
    }

    /** A name that XML cannot hold is sent percent-encoded, and says so. */
    private static String name(Optional<Xml> name) {
        return name.map(said ->
                        said.attribute("Encoded").equals("true")
                                ? Percent.decoded(said.text().replace("+", "%2B"))
                                : said.text())
                .orElse("");
    }
}
