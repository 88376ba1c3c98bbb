package dev.marea.storage.stores;

import java.io.IOException;
import java.util.TreeSet;

/**
 * A tracking server that hands out its artifacts itself; what it said was noted from a real one.
 */
final class MlflowShape {
    private static final String API = "/api/2.0/mlflow/";
    private static final String ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts";

    private MlflowShape() {}

    static void answer(FakeStore store, Call call) throws IOException {
        if (!call.header("Authorization").equals("Bearer " + Shapes.SECRET)) {
            call.send(401, "{\"error_code\": \"UNAUTHENTICATED\", \"message\": \"not you\"}");
        } else if (call.path().equals(API + "registered-models/alias")
                || call.path().equals(API + "model-versions/get")) {
            call.send(
                    200,
                    "{\"model_version\": {\"name\": \"iris\", \"version\": \"3\", \"source\": \"models:/m-f70d\"}}");
        } else if (call.path().equals(API + "model-versions/get-download-uri")) {
            call.send(200, "{\"artifact_uri\": \"mlflow-artifacts:/models/iris\"}");
        } else if (call.path().equals(ARTIFACTS)) {
            call.send(200, "{\"files\": [" + entries(store, call.query("path")) + "]}");
        } else {
            var content = store.files.get(call.after(ARTIFACTS + "/").orElse(""));
            if (content == null) {
                call.send(
                        404,
                        "{\"error_code\": \"RESOURCE_DOES_NOT_EXIST\", \"message\": \"no artifact\"}");
            } else {
                store.content(call, content);
            }
        }
    }

    private static String entries(FakeStore store, String directory) {
        var entries = new TreeSet<String>();
        store.files.forEach((path, content) -> {
            if (path.startsWith(directory + "/")) {
                var below = path.substring(directory.length() + 1);
                int slash = below.indexOf('/');
                entries.add(
                        slash < 0
                                ? "{\"path\": \"%s\", \"is_dir\": false, \"file_size\": %d}"
                                        .formatted(below, content.length)
                                : "{\"path\": \"%s\", \"is_dir\": true}"
                                        .formatted(below.substring(0, slash)));
            }
        });
        return String.join(",", entries);
    }
}
