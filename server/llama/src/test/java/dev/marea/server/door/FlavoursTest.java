package dev.marea.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlavoursTest {
    @TempDir Path directory;

    @Test
    void aDirectoryWithAGgufIsServedByTheFlavour() throws Exception {
        assertThat(Flavours.of("--model_dir=" + directory)).isEmpty();
        Files.createFile(directory.resolve("model.gguf"));
        assertThat(Flavours.of("--model-dir=" + directory)).isPresent();
        assertThat(Flavours.of("--model_dir=" + directory.resolve("model.gguf"))).isPresent();
    }

    @Test
    void aNamedFrameworkSettlesIt() {
        assertThat(Flavours.of("--framework=gguf")).isPresent();
        assertThat(Flavours.of("--framework=onnx", "--model_dir=x.gguf")).isEmpty();
    }
}
