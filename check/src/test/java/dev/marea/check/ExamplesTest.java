package dev.marea.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.spec.ServingRuntime;
import dev.marea.wire.admission.Admission;
import dev.marea.wire.admission.InferenceServiceAdmission;
import dev.marea.wire.admission.KnownRuntimes;
import dev.marea.wire.admission.ModelCacheAdmission;
import dev.marea.wire.admission.NodeGroupAdmission;
import dev.marea.wire.admission.ServingRuntimeAdmission;
import dev.marea.wire.admission.StorageContainerAdmission;
import dev.marea.wire.admission.TrainedModelAdmission;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever manifest we show is one that we admit. */
public class ExamplesTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern FENCED =
            Pattern.compile("^```yaml\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final KnownRuntimes NO_OTHERS =
            new KnownRuntimes() {
                @Override
                public List<ServingRuntime> in(Optional<String> namespace) {
                    return List.of();
                }
            };

    /** A manifest and the file that shows it. */
    public record Shown(Path file, Json.Obj manifest) {
        @Override
        public String toString() {
            return ROOT.relativize(file) + " " + manifest.text("metadata", "name").orElse("");
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void everyManifestIsAdmitted(Shown shown) {
        var manifest = shown.manifest();
        var verdict = judge(manifest.text("kind").orElse("")).review(Optional.empty(), manifest);
        assertThat(verdict.errors()).isEmpty();
        assertThat(manifest.text("metadata", "name")).isPresent();
    }

    @Test
    void theReadmeAndTheExamplesShowManifests() throws Exception {
        assertThat(manifests().map(shown -> ROOT.relativize(shown.file()).toString()))
                .contains("README.md", "examples/sklearn/service.yaml");
    }

    private static Admission judge(String kind) {
        return switch (kind) {
            case "InferenceService" -> new InferenceServiceAdmission(true);
            case "ServingRuntime", "ClusterServingRuntime" ->
                    new ServingRuntimeAdmission(NO_OTHERS);
            case "LocalModelCache", "LocalModelNamespaceCache" -> new ModelCacheAdmission(true);
            case "LocalModelNodeGroup" -> new NodeGroupAdmission();
            case "ClusterStorageContainer" -> new StorageContainerAdmission();
            case "TrainedModel" -> new TrainedModelAdmission(true);
            case "PersistentVolumeClaim", "Secret", "ConfigMap", "Namespace" -> Admission.NONE;
            default -> throw new AssertionError("no rule for kind " + kind);
        };
    }

    public static Stream<Shown> manifests() throws IOException, MalformedJson {
        var shown = new ArrayList<Shown>();
        for (var file : files()) {
            for (var text : texts(file)) {
                for (var document : Yaml.read(text)) {
                    if (document instanceof Json.Obj manifest && manifest.has("kind")) {
                        shown.add(new Shown(file, manifest));
                    }
                }
            }
        }
        return shown.stream();
    }

    private static List<Path> files() throws IOException {
        var files = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        for (var directory : List.of("examples", "docs")) {
            try (var found = Files.walk(ROOT.resolve(directory))) {
                found.filter(file -> file.toString().matches(".*\\.(md|ya?ml)"))
                        .forEach(files::add);
            }
        }
        return files;
    }

    // The placeholder of a path is a path, so that storage rules judge it as one.
    private static List<String> texts(Path file) throws IOException {
        var text = Files.readString(file).replace("{{MODELS}}", "/srv/models");
        return file.toString().endsWith(".md")
                ? FENCED.matcher(text).results().map(block -> block.group(1)).toList()
                : List.of(text);
    }
}
