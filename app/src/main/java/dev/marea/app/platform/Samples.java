package dev.marea.app.platform;

import dev.marea.app.home.Home;
import dev.marea.kubernetes.client.Cluster;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * The services that a first start shows: small real models, copied into the home and applied like
 * anybody's.
 */
public final class Samples {
    public static final String NAMESPACE = "default";

    private static final List<Sample> ALL =
            List.of(
                    new Sample(
                            "sklearn-iris",
                            "sklearn",
                            List.of("sklearn-iris/model-1/model.pkl"),
                            "/v1/models/sklearn-iris:predict",
                            "{\"instances\": [[6.8, 2.8, 4.8, 1.4], [6.0, 3.4, 4.5, 1.6]]}"),
                    new Sample(
                            "onnx-iris",
                            "onnx",
                            List.of("onnx-iris/model.onnx"),
                            "/v2/models/onnx-iris/infer",
                            "{\"inputs\": [{\"name\": \"X\", \"shape\": [1, 4], \"datatype\": \"FP32\", \"data\": [6.8, 2.8, 4.8, 1.4]}]}"));

    private Samples() {}

    private record Sample(
            String name, String format, List<String> files, String path, String request) {}

    /** Applies every sample and returns their names. */
    public static List<String> apply(Cluster cluster, Home home, Consumer<String> onWarning)
            throws IOException {
        for (var sample : ALL) {
            cluster.apply(manifest(sample, materialise(sample, home)), NAMESPACE, onWarning);
        }
        return ALL.stream().map(Sample::name).toList();
    }

    /** The path of a sample's predict call. */
    public static String path(String name) {
        return named(name).path();
    }

    public static String request(String name) {
        return named(name).request();
    }

    private static Sample named(String name) {
        return ALL.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }

    private static Path materialise(Sample sample, Home home) throws IOException {
        var directory = home.directory().resolve("samples").resolve(sample.name());
        Files.createDirectories(directory);
        for (var file : sample.files()) {
            var target = directory.resolve(file.substring(file.lastIndexOf('/') + 1));
            if (!Files.exists(target)) {
                copy(file, target);
            }
        }
        return directory;
    }

    private static void copy(String file, Path target) throws IOException {
        try (InputStream content =
                Samples.class.getResourceAsStream("/dev/marea/app/samples/" + file)) {
            if (content == null) {
                throw new IOException("the sample model " + file + " is not in this build");
            }
            var part = target.resolveSibling(target.getFileName() + ".part");
            Files.copy(content, part, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, target, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static Json.Obj manifest(Sample sample, Path directory) {
        return Json.Obj.of(
                "apiVersion",
                "serving.kserve.io/v1beta1",
                "kind",
                "InferenceService",
                "metadata",
                Json.Obj.of("name", sample.name(), "namespace", NAMESPACE),
                "spec",
                Json.Obj.of(
                        "predictor",
                        Json.Obj.of(
                                "minReplicas",
                                0,
                                "model",
                                Json.Obj.of(
                                        "modelFormat", Json.Obj.of("name", sample.format()),
                                        "storageUri", directory.toUri().toString()))));
    }
}
