package dev.marea.storage.stores.webhdfs;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.store.Asking;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.Listing;
import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.store.Store;
import dev.marea.storage.store.StoreUri;
import dev.marea.storage.store.Unpack;
import dev.marea.storage.stores.talk.Conversation;
import dev.marea.storage.stores.talk.Refusals;
import dev.marea.wire.json.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists a directory with all below it, or the one file of that name. */
public final class WebHdfsStore implements Store {
    private static final int FILES_MAX = 200_000;
    private static final int DIRECTORIES_MAX = 20_000;

    @Override
    public Listing list(StoreUri uri, Access access, Asking http)
            throws FetchFailure, InterruptedException {
        var namenode = Namenode.of(uri, access);
        var talk =
                new Conversation(
                        http,
                        uri.toString(),
                        namenode.administrators(),
                        status -> advice(status, access));
        var files = walk(namenode, talk);
        if (files.isEmpty()) {
            throw Refusals.nothingThere(uri.toString());
        }
        return new Listing(uri.toString(), Optional.empty(), files);
    }

    /** A file lists as itself, with an empty name. */
    private static List<RemoteFile> walk(Namenode namenode, Conversation talk)
            throws FetchFailure, InterruptedException {
        var root = namenode.path().replaceFirst("/+$", "");
        var files = new ArrayList<RemoteFile>();
        var directories = new ArrayDeque<>(List.of(""));
        int seen = 0;
        while (!directories.isEmpty()) {
            var directory = directories.remove();
            if (++seen > DIRECTORIES_MAX || files.size() > FILES_MAX) {
                throw Refusals.tooMany(talk.subject(), FILES_MAX);
            }
            for (var status : statuses(namenode, root + directory, talk)) {
                var name = status.text("pathSuffix").orElse("");
                var path = name.isEmpty() ? directory : directory + "/" + name;
                if (status.text("type").orElse("").equals("DIRECTORY")) {
                    directories.add(path);
                } else {
                    files.add(file(namenode, root + path, relative(root, path), status, talk));
                }
            }
        }
        return List.copyOf(files);
    }

    private static String relative(String root, String path) {
        return path.isEmpty() ? root.substring(root.lastIndexOf('/') + 1) : path.substring(1);
    }

    private static List<Json> statuses(Namenode namenode, String path, Conversation talk)
            throws FetchFailure, InterruptedException {
        return talk.json(() -> namenode.get(path, Map.of("op", "LISTSTATUS")))
                .list("FileStatuses", "FileStatus");
    }

    private static RemoteFile file(
            Namenode namenode, String path, String name, Json status, Conversation talk) {
        long size = status.integer("length").orElse(-1);
        long changed = status.integer("modificationTime").orElse(-1);
        return new RemoteFile(
                name,
                size,
                Optional.of(size + "@" + changed),
                Optional.empty(),
                Unpack.byName(name),
                new OpenedFile(namenode, path, size, changed, talk));
    }

    private static String advice(int status, Access access) {
        return switch (status) {
            case 401, 403 ->
                    "check USER_PROXY or HDFS_DELEGATION_TOKEN; " + access.advice("HDFS_NAMENODE");
            case 404 -> "check storageUri for a misspelt path";
            default -> "";
        };
    }
}
