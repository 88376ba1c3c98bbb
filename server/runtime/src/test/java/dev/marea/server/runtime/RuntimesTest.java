package dev.marea.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.runtime.lightgbm.LightgbmRuntime;
import dev.marea.server.runtime.onnx.OnnxRuntime;
import dev.marea.server.runtime.sklearn.SklearnRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimesTest {
    private final Runtimes runtimes =
            new Runtimes(List.of(new SklearnRuntime(), new OnnxRuntime()));

    @TempDir Path scratch;

    @Test
    void picksTheRuntimeByTheOneModelFile() throws Exception {
        for (var example : new String[] {"sklearn-iris/model-1", "sklearn-iris/model-2"}) {
            try (var model = runtimes.load(Examples.ROOT.resolve(example))) {
                assertThat(model.metadata().platform()).isEqualTo("sklearn");
            }
        }
        try (var model = runtimes.load(Examples.ROOT.resolve("onnx-iris"))) {
            assertThat(model.metadata().platform()).isEqualTo("onnx");
        }
    }

    @Test
    void takesAFileAsWellAsADirectory() throws Exception {
        try (var model =
                runtimes.load(Examples.modelFile(Examples.ROOT.resolve("sklearn-iris/model-1")))) {
            assertThat(model.metadata().facts()).containsEntry("estimator", "LogisticRegression");
        }
    }

    @Test
    void aNamedFormatReadsAFileOfAnyName() throws Exception {
        var file =
                Files.copy(
                        Examples.modelFile(Examples.ROOT.resolve("sklearn-iris/model-1")),
                        scratch.resolve("weights.bin"));
        try (var model = runtimes.load(file, "sklearn")) {
            assertThat(model.metadata().platform()).isEqualTo("sklearn");
        }
        assertThatThrownBy(() -> runtimes.load(file))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("put exactly one file here that ends in .joblib, .pkl");
    }

    @Test
    void aNamedFormatLooksOnlyAtItsOwnFiles() throws Exception {
        Files.copy(
                Examples.modelFile(Examples.ROOT.resolve("sklearn-iris/model-1")),
                scratch.resolve("model.pkl"));
        Files.copy(
                Examples.modelFile(Examples.ROOT.resolve("onnx-iris")),
                scratch.resolve("model.onnx"));
        try (var model = runtimes.load(scratch, "onnx")) {
            assertThat(model.metadata().platform()).isEqualTo("onnx");
        }
        assertThatThrownBy(() -> runtimes.load(scratch))
                .hasMessageContaining("found 2 model files where one is needed")
                .hasMessageContaining("model.onnx, model.pkl");
    }

    @Test
    void nothingToServeIsSaidWithWhatWasSeen() throws Exception {
        assertThatThrownBy(() -> runtimes.load(scratch.resolve("none")))
                .hasMessageContaining("there is nothing at this path");
        assertThatThrownBy(() -> runtimes.load(scratch)).hasMessageContaining("no files at all");
        Files.createFile(scratch.resolve("README.md"));
        assertThatThrownBy(() -> runtimes.load(scratch))
                .hasMessageContaining("no model file found among README.md");
    }

    @Test
    void anEndingThatOtherFilesBearIsSettledByTheContent() throws Exception {
        var formats = new Runtimes(List.of(new SklearnRuntime(), new LightgbmRuntime()));
        Files.copy(
                Examples.modelFile(Examples.ROOT.resolve("sklearn-iris/model-1")),
                scratch.resolve("model.pkl"));
        Files.writeString(scratch.resolve("requirements.txt"), "scikit-learn\n");
        try (var model = formats.load(scratch)) {
            assertThat(model.metadata().platform()).isEqualTo("sklearn");
        }
        Files.delete(scratch.resolve("model.pkl"));
        Files.copy(
                Examples.modelFile(Examples.ROOT.resolve("lightgbm/binary")),
                scratch.resolve("model.bst"));
        try (var model = formats.load(scratch)) {
            assertThat(model.metadata().platform()).isEqualTo("lightgbm");
        }
        Files.delete(scratch.resolve("model.bst"));
        assertThatThrownBy(() -> formats.load(scratch))
                .hasMessageContaining("requirements.txt, line 1")
                .hasMessageContaining("where a LightGBM model begins with 'tree'");
    }

    @Test
    void anUnknownFormatNamesTheKnownOnes() {
        assertThatThrownBy(() -> runtimes.load(scratch, "pytorch"))
                .hasMessageContaining("no runtime here reads the format 'pytorch'")
                .hasMessageContaining("sklearn, onnx");
    }
}
