package dev.marea.storage.stores;

import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Hand-written answers of each kind of store. */
final class Shapes {
    static final String SECRET = "c2VjcmV0LXRoYXQtbmV2ZXItc2hvd3M=";

    private Shapes() {}

    static List<Shape> all() {
        return List.of(
                new S3(),
                new Gcs(),
                new Blob(),
                new Share(),
                new Hub(),
                new Oci(),
                new Hdfs(),
                new Mlflow());
    }

    /** Pages of two keys. */
    record S3() implements Shape {
        @Override
        public String uri(FakeStore store) {
            return "s3://bucket/models/iris";
        }

        @Override
        public Map<String, String> environment(FakeStore store) {
            return Map.of("AWS_ENDPOINT_URL", store.url());
        }

        @Override
        public Map<String, String> secret() {
            return Map.of("AWS_ACCESS_KEY_ID", "AKIATEST", "AWS_SECRET_ACCESS_KEY", SECRET);
        }

        @Override
        public String mend() {
            return "AWS_SECRET_ACCESS_KEY";
        }

        @Override
        public void answer(FakeStore store, Call call) throws IOException {
            if (!call.header("Authorization").startsWith("AWS4-HMAC-SHA256 Credential=AKIATEST/")) {
                xml(call, 403, "<Error><Code>AccessDenied</Code></Error>");
            } else if (call.path().equals("/bucket/")) {
                xml(call, 200, page(store, call));
            } else {
                var content = store.files.get(call.path().replaceFirst("^/bucket/", ""));
                if (content == null) {
                    xml(call, 404, "<Error><Code>NoSuchKey</Code></Error>");
                } else {
                    store.content(call, content);
                }
            }
        }

        private static String page(FakeStore store, Call call) {
            var prefix = call.query("prefix");
            var after = call.query("continuation-token");
            var keys =
                    store.files.keySet().stream()
                            .filter(key -> key.startsWith(prefix) && key.compareTo(after) > 0)
                            .limit(3)
                            .toList();
            boolean more = keys.size() == 3;
            var shown = more ? keys.subList(0, 2) : keys;
            return "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><EncodingType>url</EncodingType>"
                    + shown.stream()
                            .map(key -> contents(key, store.files.getOrDefault(key, new byte[0])))
                            .collect(Collectors.joining())
                    + "<IsTruncated>"
                    + more
                    + "</IsTruncated>"
                    + (more
                            ? "<NextContinuationToken>"
                                    + shown.getLast()
                                    + "</NextContinuationToken>"
                            : "")
                    + "</ListBucketResult>";
        }

        private static String contents(String key, byte[] content) {
            return "<Contents><Key>%s</Key><Size>%d</Size><ETag>&quot;%s&quot;</ETag></Contents>"
                    .formatted(
                            java.net.URLEncoder.encode(
                                    key, java.nio.charset.StandardCharsets.UTF_8),
                            content.length,
                            FakeStore.md5(content));
        }
    }

    record Gcs() implements Shape {
        @Override
        public String uri(FakeStore store) {
            return "gs://bucket/models/iris";
        }

        @Override
        public Map<String, String> environment(FakeStore store) {
            return Map.of("STORAGE_EMULATOR_HOST", "127.0.0.1:" + store.port());
        }

        @Override
        public Map<String, String> secret() {
            return Map.of();
        }

        @Override
        public String mend() {
            return "STORAGE_EMULATOR_HOST";
        }

        @Override
        public void answer(FakeStore store, Call call) throws IOException {
            var root = "/storage/v1/b/bucket/o";
            if (call.path().equals(root)) {
                call.send(200, "{\"items\": [" + items(store, call.query("prefix")) + "]}");
                return;
            }
            var key = call.after(root + "/").orElse("");
            var content = store.files.get(key);
            if (content == null) {
                call.send(404, "{\"error\": {\"code\": 404, \"message\": \"No such object\"}}");
            } else if (call.query("alt").equals("media")) {
                boolean same = call.query("generation").equals(generation(content));
                if (same) {
                    store.content(call, content);
                } else {
                    call.send(
                            404,
                            "{\"error\": {\"code\": 404, \"message\": \"No such generation\"}}");
                }
            } else {
                call.send(200, item(key, content));
            }
        }

        private static String items(FakeStore store, String prefix) {
            return store.files.entrySet().stream()
                    .filter(file -> file.getKey().startsWith(prefix))
                    .map(file -> item(file.getKey(), file.getValue()))
                    .collect(Collectors.joining(","));
        }

        private static String item(String key, byte[] content) {
            return "{\"name\": \"%s\", \"size\": \"%d\", \"generation\": \"%s\", \"md5Hash\": \"%s\"}"
                    .formatted(
                            key,
                            content.length,
                            generation(content),
                            Base64.getEncoder().encodeToString(FakeStore.digest("MD5", content)));
        }

        private static String generation(byte[] content) {
            return Long.toString(Long.parseLong(FakeStore.md5(content).substring(0, 12), 16));
        }
    }

    record Hub() implements Shape {
        @Override
        public String uri(FakeStore store) {
            return "hf://acme/iris";
        }

        @Override
        public Map<String, String> environment(FakeStore store) {
            return Map.of("HF_ENDPOINT", store.url());
        }

        @Override
        public Map<String, String> secret() {
            return Map.of("HF_TOKEN", SECRET);
        }

        @Override
        public String mend() {
            return "HF_TOKEN";
        }

        @Override
        public void answer(FakeStore store, Call call) throws IOException {
            var commit = commit(store);
            if (!call.header("Authorization").equals("Bearer " + SECRET)) {
                call.with("X-Error-Code", "GatedRepo").send(401, "");
            } else if (call.path().startsWith("/api/models/acme/iris/revision/")) {
                call.send(
                        200,
                        "{\"sha\": \"%s\", \"siblings\": [%s]}".formatted(commit, siblings(store)));
            } else {
                var path = call.after("/acme/iris/resolve/" + commit + "/").orElse("?");
                var content = store.files.get("models/iris/" + path);
                if (content == null) {
                    call.with("X-Error-Code", "EntryNotFound").send(404, "");
                } else {
                    store.content(call, content);
                }
            }
        }

        /** A branch's commit changes with any of its files. */
        static String commit(FakeStore store) {
            var all = new java.io.ByteArrayOutputStream();
            store.files.values().forEach(all::writeBytes);
            return FakeStore.sha256(all.toByteArray()).substring(0, 40);
        }

        private static String siblings(FakeStore store) {
            return store.files.entrySet().stream()
                    .filter(file -> file.getKey().startsWith("models/iris/"))
                    .map(file ->
                            "{\"rfilename\": \"%s\", \"size\": %d, \"lfs\": {\"sha256\": \"%s\", \"size\": %d}}"
                                    .formatted(
                                            file.getKey().substring(12),
                                            file.getValue().length,
                                            FakeStore.sha256(file.getValue()),
                                            file.getValue().length))
                    .collect(Collectors.joining(","));
        }
    }

    /** An artifact whose layers are the files; tokens from the registry itself. */
    record Oci() implements Shape {
        private static final String TOKEN = "registry-token";

        @Override
        public String uri(FakeStore store) {
            return "oci://127.0.0.1:" + store.port() + "/models/iris:latest";
        }

        @Override
        public Map<String, String> environment(FakeStore store) {
            return Map.of("MAREA_OCI_INSECURE_REGISTRIES", "127.0.0.1:" + store.port());
        }

        @Override
        public Map<String, String> secret() {
            return Map.of(
                    ".dockerconfigjson",
                    "{\"auths\": {\"{host}\": {\"username\": \"ada\", \"password\": \""
                            + SECRET
                            + "\"}}}");
        }

        @Override
        public String mend() {
            return ".dockerconfigjson";
        }

        @Override
        public void answer(FakeStore store, Call call) throws IOException {
            if (call.path().equals("/token")) {
                boolean known = call.header("Authorization").startsWith("Basic ");
                call.send(known ? 200 : 401, "{\"token\": \"" + TOKEN + "\"}");
                return;
            }
            if (!call.header("Authorization").equals("Bearer " + TOKEN)) {
                call.with(
                                "WWW-Authenticate",
                                "Bearer realm=\"" + store.url() + "/token\",service=\"fake\"")
                        .send(
                                401,
                                "{\"errors\": [{\"code\": \"UNAUTHORIZED\", \"message\": \"authentication required\"}]}");
                return;
            }
            var manifest = manifest(store);
            var digest = call.after("/v2/models/iris/blobs/sha256:").orElse("");
            var blob =
                    store.files.values().stream()
                            .filter(content -> FakeStore.sha256(content).equals(digest))
                            .findFirst();
            if (call.path().startsWith("/v2/models/iris/manifests/")) {
                call.send(200, manifest);
            } else if (blob.isPresent()) {
                store.content(call, blob.get());
            } else {
                call.send(
                        404,
                        "{\"errors\": [{\"code\": \"BLOB_UNKNOWN\", \"message\": \"blob unknown\"}]}");
            }
        }

        private static String manifest(FakeStore store) {
            return "{\"schemaVersion\": 2, \"config\": {\"mediaType\": \"application/vnd.oci.empty.v1+json\"}, \"layers\": ["
                    + store.files.entrySet().stream()
                            .filter(file -> file.getKey().startsWith("models/iris/"))
                            .map(file ->
                                    "{\"mediaType\": \"application/octet-stream\", \"digest\": \"sha256:%s\", \"size\": %d, \"annotations\": {\"org.opencontainers.image.title\": \"%s\"}}"
                                            .formatted(
                                                    FakeStore.sha256(file.getValue()),
                                                    file.getValue().length,
                                                    file.getKey().substring(12)))
                            .collect(Collectors.joining(","))
                    + "]}";
        }
    }

    static void xml(Call call, int status, String text) throws IOException {
        call.with("Content-Type", "application/xml")
                .send(status, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + text);
    }

    /** Implemented in files of their own, as directories make them longer. */
    record Blob() implements Shape {
        private static final AzureShape BLOBS = new AzureShape("blob", "BlobEndpoint");

        @Override
        public String uri(FakeStore store) {
            return BLOBS.uri();
        }

        @Override
        public Map<String, String> environment(FakeStore store) {
            return BLOBS.environment(store);
        }

        @Override
        public Map<String, String> secret() {
            return BLOBS.secret();
        }

        @Override
        public String mend() {
            return "AZURE_STORAGE_ACCESS_KEY";
        }

        @Override
        public void answer(FakeStore store, Call call) throws IOException {
            BLOBS.answerBlobs(store, call);
        }
    }

    record Share() implements Shape {
        private static final AzureShape FILES = new AzureShape("file", "FileEndpoint");

        @Override
        public String uri(FakeStore store) {
            return FILES.uri();
        }

        @Override
        public Map<String, String> environment(FakeStore store) {
            return FILES.environment(store);
        }

        @Override
        public Map<String, String> secret() {
            return FILES.secret();
        }

        @Override
        public String mend() {
            return "AZURE_STORAGE_ACCESS_KEY";
        }

        @Override
        public void answer(FakeStore store, Call call) throws IOException {
            FILES.answerShare(store, call);
        }
    }

    record Hdfs() implements Shape {
        @Override
        public String uri(FakeStore store) {
            return "webhdfs://127.0.0.1:" + store.port() + "/models/iris";
        }

        @Override
        public Map<String, String> environment(FakeStore store) {
            return Map.of();
        }

        @Override
        public Map<String, String> secret() {
            return Map.of("HDFS_NAMENODE", "http://unused:1", "HDFS_DELEGATION_TOKEN", SECRET);
        }

        @Override
        public String mend() {
            return "HDFS_DELEGATION_TOKEN";
        }

        @Override
        public void answer(FakeStore store, Call call) throws IOException {
            HdfsShape.answer(store, call);
        }
    }

    record Mlflow() implements Shape {
        @Override
        public String uri(FakeStore store) {
            return "models:/iris@champion";
        }

        @Override
        public Map<String, String> environment(FakeStore store) {
            return Map.of();
        }

        @Override
        public Map<String, String> secret() {
            return Map.of("MLFLOW_TRACKING_URI", "{url}", "MLFLOW_TRACKING_TOKEN", SECRET);
        }

        @Override
        public String mend() {
            return "MLFLOW_TRACKING_TOKEN";
        }

        @Override
        public void answer(FakeStore store, Call call) throws IOException {
            MlflowShape.answer(store, call);
        }
    }
}
