package dev.marea.server.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.runtime.Examples;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** A process whose class path lacks ONNX Runtime still makes both runtimes and serves sklearn. */
class LazyNativesTest {
    @Test
    void servingSklearnNeverTouchesOnnxRuntime() throws Exception {
        try (var loader =
                new URLClassLoader(classPathWithoutOnnx(), ClassLoader.getPlatformClassLoader())) {
            var onnx = make(loader, "dev.marea.server.runtime.onnx.OnnxRuntime");
            var sklearn = make(loader, "dev.marea.server.runtime.sklearn.SklearnRuntime");
            assertThat(load(sklearn, "sklearn-iris/model-1").toString()).contains("SklearnModel");
            // The proof that the loader really lacks it:
            assertThatThrownBy(() -> load(onnx, "onnx-iris"))
                    .hasRootCauseInstanceOf(ClassNotFoundException.class);
        }
    }

    private static Object make(ClassLoader loader, String name) throws Exception {
        return loader.loadClass(name).getConstructor().newInstance();
    }

    private static Object load(Object runtime, String example) throws Exception {
        var file = Examples.modelFile(Examples.ROOT.resolve(example));
        try {
            return runtime.getClass().getMethod("load", Path.class).invoke(runtime, file);
        } catch (InvocationTargetException thrown) {
            throw new IllegalStateException(thrown.getCause());
        }
    }

    private static URL[] classPathWithoutOnnx() throws MalformedURLException {
        var urls = new ArrayList<URL>();
        for (var entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.contains("onnxruntime")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        return urls.toArray(URL[]::new);
    }
}
