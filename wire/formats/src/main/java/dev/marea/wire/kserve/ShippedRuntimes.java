package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The ClusterServingRuntimes that come with Marea. They bear KServe's names, so that {@code
 * runtime:} in old manifests resolves, and all run our own server.
 */
public final class ShippedRuntimes {
    /** The image of the model server, without its tag. */
    public static final String IMAGE = "marea-server";

    /** The label that tells them from runtimes of the users. */
    public static final String LABEL = "marea.dev/shipped";

    private static final String SERVER = IMAGE + ":{{version}}";

    private static final List<String> NAMES =
            List.of(
                    "kserve-sklearnserver",
                    "kserve-lgbserver",
                    "kserve-xgbserver",
                    "marea-onnxserver",
                    "marea-javaserver",
                    "kserve-huggingfaceserver",
                    "kserve-mlserver",
                    "kserve-tritonserver",
                    "marea-multimodelserver");

    private static final Map<String, Json.Obj> SPECS =
            all(OwnImages.of("0")).stream()
                    .collect(
                            Collectors.toUnmodifiableMap(
                                    r -> r.text("metadata", "name").orElseThrow(),
                                    r -> r.object("spec")));

    private ShippedRuntimes() {}

    /** The spec as it is shipped, but for the tag of its image. */
    public static Optional<Json.Obj> spec(String name) {
        return Optional.ofNullable(SPECS.get(name));
    }

    /** Every shipped runtime as an object to apply. */
    public static List<Json.Obj> all(OwnImages images) {
        return NAMES.stream()
                .map(name -> "runtimes/" + name + ".yaml")
                .map(file ->
                        Resources.object(
                                file, Resources.text(file).replace(SERVER, images.server())))
                .toList();
    }
}
