package dev.marea.storage.stores.azure;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.store.Asking;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.Listing;
import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.store.Store;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.stores.talk.Prefix;
import dev.marea.storage.stores.talk.Refusals;
import dev.marea.storage.stores.talk.Xml;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists a directory of an Azure file share with all below it, or the one file of that name. */
public final class FileShareStore implements Store {
    private static final int FILES_MAX = 200_000;
    private static final int DIRECTORIES_MAX = 20_000;

    /** Whether the host of an https address is a file service of Azure's. */
    public static boolean serves(String host) {
        return Account.file(host);
    }

    @Override
    public Listing list(StoreUri uri, Access access, Asking http)
            throws FetchFailure, InterruptedException {
        var door = Door.of(uri, access, http, "fileendpoint");
        var prefix = new Prefix(door.account().path());
        var single = prefix.directoryOnly() ? Optional.<RemoteFile>empty() : single(door, prefix);
        var files = single.isPresent() ? List.of(single.get()) : walk(door, prefix.directory());
        if (files.isEmpty()) {
            throw Refusals.nothingThere(door.talk().subject());
        }
        return new Listing(uri.text(), Optional.empty(), files);
    }

    private static Optional<RemoteFile> single(Door door, Prefix prefix)
            throws FetchFailure, InterruptedException {
        var address = door.address(prefix.name(), Map.of());
        var answer = door.talk().raw(() -> door.head(address));
        if (answer.status() != 200) {
            return Optional.empty(); // a directory, or told when it is listed
        }
        return Optional.of(
                AzureFiles.file(
                        door,
                        prefix.fileName(),
                        address,
                        answer.headers().firstValueAsLong("Content-Length").orElse(-1),
                        answer.headers().firstValue("ETag"),
                        answer.headers().firstValue("Content-MD5")));
    }

    /** Each directory is asked for by itself; a queue, for they may be deep. */
    private static List<RemoteFile> walk(Door door, String root)
            throws FetchFailure, InterruptedException {
        var files = new ArrayList<RemoteFile>();
        var directories = new ArrayDeque<>(List.of(""));
        int seen = 0;
        while (!directories.isEmpty()) {
            var directory = directories.remove();
            if (++seen > DIRECTORIES_MAX || files.size() > FILES_MAX) {
                throw Refusals.tooMany(door.talk().subject(), FILES_MAX);
            }
            for (var entry : entries(door, root + directory)) {
                var path = directory + entry.textOf("Name").orElse("");
                if (entry.name().equals("Directory")) {
                    directories.add(path + "/");
                } else {
                    files.add(file(door, root, path, entry));
                }
            }
        }
        return List.copyOf(files);
    }

    private static List<Xml> entries(Door door, String directory)
            throws FetchFailure, InterruptedException {
        var path =
                directory.endsWith("/")
                        ? directory.substring(0, directory.length() - 1)
                        : directory;
        var entries = new ArrayList<Xml>();
        var marker = Optional.<String>empty();
        do {
            var query = new LinkedHashMap<String, String>();
            query.put("restype", "directory");
            query.put("comp", "list");
            query.put("include", "Etag");
            marker.ifPresent(next -> query.put("marker", next));
            var page =
                    door.talk()
                            .xml(() ->
                                    door.get(
                                            door.address(path, query),
                                            Map.of("x-ms-file-extended-info", "true")));
            page.first("Entries").ifPresent(found -> entries.addAll(found.children()));
            if (entries.size() > FILES_MAX) {
                throw Refusals.tooMany(door.talk().subject(), FILES_MAX);
            }
            marker = page.textOf("NextMarker");
        } while (marker.isPresent());
        return entries;
    }

    private static RemoteFile file(Door door, String root, String path, Xml entry) {
        var properties = entry.first("Properties").orElse(entry);
        return AzureFiles.file(
                door,
                path,
                door.address(root + path, Map.of()),
                AzureFiles.size(properties.textOf("Content-Length")),
                AzureFiles.quoted(properties.textOf("Etag")),
                Optional.empty());
    }
}
