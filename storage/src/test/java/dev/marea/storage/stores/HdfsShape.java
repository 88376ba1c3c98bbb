package dev.marea.storage.stores;

import java.io.IOException;
import java.util.Arrays;
import java.util.TreeSet;

/** A namenode that is its own datanode: opening redirects once. */
final class HdfsShape {
    private HdfsShape() {}

    static void answer(FakeStore store, Call call) throws IOException {
        if (!call.query("delegation").equals(Shapes.SECRET)) {
            call.send(
                    403,
                    "{\"RemoteException\": {\"exception\": \"AccessControlException\", \"message\": \"denied\"}}");
            return;
        }
        var path = call.after("/webhdfs/v1/").orElse("");
        switch (call.query("op")) {
            case "LISTSTATUS" ->
                    call.send(
                            200,
                            "{\"FileStatuses\": {\"FileStatus\": ["
                                    + statuses(store, path)
                                    + "]}}");
            case "GETFILESTATUS" ->
                    call.send(200, "{\"FileStatus\": " + file("", content(store, path)) + "}");
            case "OPEN" -> open(store, call, path);
            default -> call.send(400, "{}");
        }
    }

    private static byte[] content(FakeStore store, String path) {
        return store.files.getOrDefault(path, new byte[0]);
    }

    private static void open(FakeStore store, Call call, String path) throws IOException {
        if (call.query("redirected").isEmpty()) {
            var offset = call.query("offset");
            var range =
                    offset.isEmpty() ? "" : "&offset=" + offset + "&length=" + call.query("length");
            call.redirect(
                    store.url()
                            + call.rawPath()
                            + "?op=OPEN&redirected=1&delegation="
                            + Shapes.SECRET.replace("=", "%3D")
                            + range);
            return;
        }
        var content = content(store, path);
        int from = call.query("offset").isEmpty() ? 0 : Integer.parseInt(call.query("offset"));
        int to =
                call.query("length").isEmpty()
                        ? content.length
                        : Math.min(content.length, from + Integer.parseInt(call.query("length")));
        var bytes = Arrays.copyOfRange(content, from, to);
        if (!store.troubled(call, bytes)) {
            call.send(200, bytes);
        }
    }

    private static String statuses(FakeStore store, String path) {
        var entries = new TreeSet<String>();
        store.files.forEach((name, content) -> {
            if (name.equals(path)) {
                entries.add(file("", content));
            } else if (name.startsWith(path + "/")) {
                var below = name.substring(path.length() + 1);
                int slash = below.indexOf('/');
                entries.add(
                        slash < 0 ? file(below, content) : directory(below.substring(0, slash)));
            }
        });
        return String.join(",", entries);
    }

    private static String directory(String name) {
        return "{\"pathSuffix\": \"%s\", \"type\": \"DIRECTORY\", \"length\": 0, \"modificationTime\": 1}"
                .formatted(name);
    }

    private static String file(String name, byte[] content) {
        return "{\"pathSuffix\": \"%s\", \"type\": \"FILE\", \"length\": %d, \"modificationTime\": %d}"
                .formatted(
                        name,
                        content.length,
                        Long.parseLong(FakeStore.md5(content).substring(0, 12), 16));
    }
}
