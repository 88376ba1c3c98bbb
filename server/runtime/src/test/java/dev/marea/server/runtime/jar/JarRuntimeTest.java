package dev.marea.server.runtime.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.Runtimes;
import dev.marea.server.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example project, built as its reader would build it and served. */
class JarRuntimeTest {
    private static final Path EXAMPLE = Path.of("..", "..", "examples", "java-model");
    private static final String SERVICE = "META-INF/services/dev.marea.server.Model";

    @TempDir private Path home;
    private Path classes;

    @BeforeEach
    void compileTheExample() throws IOException {
        classes = Files.createDirectory(home.resolve("classes"));
        Files.createDirectory(home.resolve("model"));
        compile(EXAMPLE.resolve("src/main/java/com/example/Tide.java"));
        Files.copy(
                EXAMPLE.resolve("constituents.csv"),
                home.resolve("model").resolve("constituents.csv"));
    }

    @Test
    void servesTheExampleProject() throws Exception {
        try (var model = tide()) {
            var heights = model.predict(hours(0, 6.21), Asked.PLAINLY).getFirst();

            assertThat(heights.name()).isEqualTo("height");
            double atNoon =
                    1.20 * Math.cos(Math.toRadians(-105))
                            + 0.41 * Math.cos(Math.toRadians(-141))
                            + 0.12 * Math.cos(Math.toRadians(-72));
            assertThat(((Elements.Doubles) heights.elements()).values()[0])
                    .isCloseTo(atNoon, within(1e-12));
            assertThat(model.metadata().platform()).isEqualTo("java");
            assertThat(model.metadata().facts()).containsEntry("class", "com.example.Tide");
        }
    }

    @Test
    void explainsAndStreams() throws Exception {
        try (var model = tide()) {
            var shares = model.predict(hours(0, 1), Asked.of(Method.EXPLAIN)).getFirst();
            assertThat(shares.shape()).containsExactly(2, 3);

            var parts = new ArrayList<List<Tensor>>();
            model.stream(hours(0, 1, 2), Asked.PLAINLY, parts::add);
            assertThat(parts).hasSize(3);
        }
    }

    @Test
    void itsOwnBadInputIsTheCallersToMend() throws Exception {
        try (var model = tide()) {
            assertThatThrownBy(() ->
                            model.predict(
                                    List.of(Tensor.of("hours", new int[] {1}, 1L)), Asked.PLAINLY))
                    .isInstanceOf(BadInput.class)
                    .hasMessageContaining("FP64");
        }
    }

    @Test
    void isNotRunUnlessTheFormatIsNamed() throws Exception {
        jar(Map.of(SERVICE, "com.example.Tide\n"));
        assertThatThrownBy(() -> runtimes().load(home.resolve("model")))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("no model file found");
    }

    @Test
    void aJarThatNamesNoModelSaysWhatIsMissing() throws Exception {
        refuses(Map.of(), "names 0 models in " + SERVICE);
    }

    @Test
    void aClassThatIsNotThereOrIsNoModelIsNamed() throws Exception {
        refuses(Map.of(SERVICE, "com.example.Ebb\n"), "com.example.Ebb");
        refuses(Map.of(SERVICE, "com.example.Tide$Constituent\n"), "Tide$Constituent");
    }

    @Test
    void whatItsLoadThrowsIsTheReason() throws Exception {
        Files.delete(home.resolve("model").resolve("constituents.csv"));
        refuses(Map.of(SERVICE, "com.example.Tide\n"), "constituents.csv");
    }

    @Test
    void itDoesNotSeeOurLibraries() throws Exception {
        var spy =
                Files.writeString(
                        home.resolve("Spy.java"),
                        """
                        public final class Spy extends com.example.Hook {
                            @Override public void load(java.nio.file.Path directory) throws Exception {
                                Class.forName("com.fasterxml.jackson.core.JsonFactory");
                            }
                        }
                        """);
        var hook =
                Files.writeString(
                        home.resolve("Hook.java"),
                        """
                        package com.example;
                        import dev.marea.server.runtime.*;
                        import java.util.List;
                        public abstract class Hook implements dev.marea.server.Model {
                            public List<TensorSpec> inputs() { return List.of(); }
                            public List<TensorSpec> outputs() { return List.of(); }
                            public List<Tensor> predict(List<Tensor> inputs) { return inputs; }
                        }
                        """);
        compile(hook, spy);
        refuses(Map.of(SERVICE, "Spy\n"), "ClassNotFoundException");
    }

    private void refuses(Map<String, String> files, String reason) throws IOException {
        jar(files);
        assertThatThrownBy(() -> runtimes().load(home.resolve("model"), "java").close())
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining(reason);
    }

    private LoadedModel tide() throws Exception {
        jar(Map.of(SERVICE, "com.example.Tide\n"));
        return runtimes().load(home.resolve("model"), "java");
    }

    private static Runtimes runtimes() {
        return new Runtimes(List.of(new JarRuntime()));
    }

    private static List<Tensor> hours(double... hours) {
        return List.of(Tensor.of("hours", new int[] {hours.length}, hours));
    }

    private void compile(Path... sources) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            var done =
                    compiler.getTask(
                                    null,
                                    files,
                                    null,
                                    List.of(
                                            "-d",
                                            classes.toString(),
                                            "-cp",
                                            System.getProperty("java.class.path")
                                                    + java.io.File.pathSeparator
                                                    + classes),
                                    null,
                                    files.getJavaFileObjects(sources))
                            .call();
            assertThat(done).isTrue();
        }
    }

    private void jar(Map<String, String> files) throws IOException {
        var file = home.resolve("model").resolve("tide.jar");
        try (var jar = new JarOutputStream(Files.newOutputStream(file));
                var compiled = Files.walk(classes)) {
            for (var path : compiled.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new JarEntry(classes.relativize(path).toString()));
                jar.write(Files.readAllBytes(path));
            }
            for (var entry : files.entrySet()) {
                jar.putNextEntry(new JarEntry(entry.getKey()));
                jar.write(entry.getValue().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
        }
    }
}
