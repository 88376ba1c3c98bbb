package dev.marea.kubernetes.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.kubernetes.objects.StorageAccess.Named;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole objects against files that a person has read. With {@code -Dmarea.golden=DIRECTORY} the
 * test writes what it made instead; read the difference before committing it.
 */
class GoldenTest {
    private static final StorageMeans MEANS =
            new StorageMeans(
                    StorageContainers.read(Manifests.tree(Manifests.text("container"))).stream()
                            .toList(),
                    Map.of(
                            "fetcher",
                            new StorageAccess(
                                    List.of(
                                            new Named(
                                                    "minio",
                                                    Map.of(
                                                            "serving.kserve.io/s3-endpoint",
                                                            "minio.stores:9000",
                                                            "example.com/owner",
                                                            "nobody")),
                                            new Named("hub", Map.of()),
                                            new Named("fetcher-token-x7k2p", Map.of())),
                                    Map.of("serving.kserve.io/s3-region", "eu-north-1"))));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local-path",
                "https-step",
                "claim",
                "custom",
                "h2c",
                "shared",
                "several",
                "over-nodes",
                "store-secrets",
                "storage-spec",
                "foreign-store",
                "native-image"
            })
    void aManifestBecomesTheseObjects(String name) throws Exception {
        var made = objects(Manifests.tree(Manifests.text(name)));
        var directory = Optional.ofNullable(System.getProperty("marea.golden"));
        if (directory.isPresent()) {
            write(Path.of(directory.get(), name + ".objects.yaml"), made);
        }
        assertThat(made)
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(Manifests.trees(Manifests.text(name + ".objects")));
    }

    private static List<Json.Obj> objects(Json.Obj manifest) throws Unrenderable {
        var rendered =
                Manifests.render(
                        manifest, Manifests.trees(Manifests.text("runtimes")), "0.1.0", MEANS);
        var objects = new Objects(Subject.of(manifest));
        var name = manifest.text("metadata", "name").orElseThrow() + "-predictor-00001";
        var revision = objects.controllerRevision(name, 1, rendered);
        var strategy = manifest.at("spec", "predictor", "deploymentStrategy");
        var made = new ArrayList<Json.Obj>();
        made.add(revision);
        made.add(objects.deployment(revision, strategy));
        made.add(objects.revisionService(revision));
        made.add(objects.predictorService(rendered.port()));
        var group = new WorkerObjects(Subject.of(manifest), revision);
        if (group.any()) {
            made.add(group.head());
            made.add(group.workers());
        }
        return made;
    }

    static void write(Path file, List<Json.Obj> trees) throws IOException {
        Files.writeString(
                file, trees.stream().map(Yaml::write).collect(Collectors.joining("---\n")));
    }
}
