package dev.marea.storage.stores;

import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Azure's blobs and files of one account. */
record AzureShape(String kind, String endpoint) {
    String uri() {
        return "https://acme." + kind + ".core.windows.net/models/iris";
    }

    Map<String, String> environment(FakeStore store) {
        return Map.of(
                "AZURE_STORAGE_CONNECTION_STRING",
                "AccountName=acme;%s=%s/acme".formatted(endpoint, store.url()));
    }

    Map<String, String> secret() {
        return Map.of("AZURE_STORAGE_ACCESS_KEY", Shapes.SECRET);
    }

    private static boolean let(Call call) throws IOException {
        if (call.header("Authorization").startsWith("SharedKey acme:")
                && !call.header("x-ms-date").isEmpty()
                && !call.header("x-ms-version").isEmpty()) {
            return true;
        }
        Shapes.xml(call, 403, "<Error><Code>AuthenticationFailed</Code></Error>");
        return false;
    }

    /** The container is {@code models}, so that its blobs are named without it. */
    void answerBlobs(FakeStore store, Call call) throws IOException {
        if (!let(call)) {
            return;
        }
        if (call.query("comp").equals("list")) {
            Shapes.xml(
                    call,
                    200,
                    "<EnumerationResults><Blobs>"
                            + store.files.entrySet().stream()
                                    .filter(f ->
                                            f.getKey().startsWith("models/" + call.query("prefix")))
                                    .map(f -> blob(f.getKey().substring(7), f.getValue()))
                                    .collect(Collectors.joining())
                            + "</Blobs><NextMarker/></EnumerationResults>");
            return;
        }
        sendFile(store, call);
    }

    private static void sendFile(FakeStore store, Call call) throws IOException {
        var content = store.files.get(call.after("/acme/").orElse(""));
        if (content == null) {
            Shapes.xml(call, 404, "<Error><Code>BlobNotFound</Code></Error>");
        } else {
            store.content(call, content);
        }
    }

    private static String blob(String name, byte[] content) {
        return "<Blob><Name>%s</Name><Properties><Etag>%s</Etag><Content-Length>%d</Content-Length><Content-MD5>%s</Content-MD5></Properties></Blob>"
                .formatted(
                        name,
                        FakeStore.md5(content),
                        content.length,
                        Base64.getEncoder().encodeToString(FakeStore.digest("MD5", content)));
    }

    void answerShare(FakeStore store, Call call) throws IOException {
        if (!let(call)) {
            return;
        }
        if (!call.query("comp").equals("list")) {
            sendFile(store, call);
            return;
        }
        var directory = call.after("/acme/").orElse("") + "/";
        var entries = new TreeSet<String>();
        store.files.forEach((path, content) -> {
            if (path.startsWith(directory)) {
                entries.add(entry(path.substring(directory.length()), content));
            }
        });
        Shapes.xml(
                call,
                200,
                "<EnumerationResults><Entries>"
                        + String.join("", entries)
                        + "</Entries><NextMarker/></EnumerationResults>");
    }

    private static String entry(String path, byte[] content) {
        int slash = path.indexOf('/');
        return slash >= 0
                ? "<Directory><Name>" + path.substring(0, slash) + "</Name></Directory>"
                : "<File><Name>%s</Name><Properties><Content-Length>%d</Content-Length><Etag>\"%s\"</Etag></Properties></File>"
                        .formatted(path, content.length, FakeStore.md5(content));
    }
}
