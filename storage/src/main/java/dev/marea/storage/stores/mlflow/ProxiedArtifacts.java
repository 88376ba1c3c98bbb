package dev.marea.storage.stores.mlflow;

import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.store.RemoteFile;
import dev.marea.storage.store.Unpack;
import dev.marea.storage.stores.talk.Percent;
import dev.marea.storage.stores.talk.Refusals;
import dev.marea.storage.stores.talk.StoreOrigin;
import dev.marea.wire.json.Json;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Files that the tracking server keeps and hands out itself. */
record ProxiedArtifacts(Tracking tracking, String uri, String source) {
    private static final int FILES_MAX = 100_000;
    private static final int DIRECTORIES_MAX = 10_000;
    private static final String PATH = "/api/2.0/mlflow-artifacts/artifacts";

    List<RemoteFile> files() throws FetchFailure, InterruptedException {
        // mlflow-artifacts:/path, or with a host, which is the tracking server's own name
        var root = uri.replaceFirst("^mlflow-artifacts:(?://[^/]*)?/+", "").replaceFirst("/+$", "");
        var files = new ArrayList<RemoteFile>();
        var directories = new ArrayDeque<>(List.of(""));
        int seen = 0;
        while (!directories.isEmpty()) {
            var directory = directories.remove();
            if (++seen > DIRECTORIES_MAX || files.size() > FILES_MAX) {
                throw Refusals.tooMany(tracking.talk().subject(), FILES_MAX);
            }
            for (var entry : entries(root + "/" + directory)) {
                var path = directory + entry.text("path").orElse("");
                if (entry.flag("is_dir")) {
                    directories.add(path + "/");
                } else {
                    files.add(file(root, path, entry));
                }
            }
        }
        return List.copyOf(files);
    }

    private List<Json> entries(String directory) throws FetchFailure, InterruptedException {
        var path =
                directory.endsWith("/")
                        ? directory.substring(0, directory.length() - 1)
                        : directory;
        var address = URI.create(tracking.base() + PATH + "?path=" + Percent.part(path));
        return tracking.talk().json(() -> tracking.get(address)).list("files");
    }

    private RemoteFile file(String root, String path, Json entry) {
        var address = URI.create(tracking.base() + PATH + "/" + Percent.path(root + "/" + path));
        return new RemoteFile(
                path,
                entry.integer("file_size").orElse(-1),
                source.isEmpty() ? Optional.empty() : Optional.of(source),
                Optional.empty(),
                Unpack.KEEP,
                StoreOrigin.of(tracking.talk(), address, tracking::letIn));
    }
}
