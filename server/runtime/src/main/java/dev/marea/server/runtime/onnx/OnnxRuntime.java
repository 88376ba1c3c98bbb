package dev.marea.server.runtime.onnx;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.ModelRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Serves ONNX graphs. This class names no class of ONNX Runtime, so that a process that loads no
 * graph never loads its native library.
 */
public final class OnnxRuntime implements ModelRuntime {
    /** Few: many requests run at once, and each model has a pool of its own. */
    private static final int THREADS_MAX = 2;

    @Override
    public String format() {
        return "onnx";
    }

    @Override
    public List<String> endings() {
        return List.of(".onnx");
    }

    @Override
    public LoadedModel load(Path file) throws LoadFailure {
        try {
            if (Files.size(file) == 0) {
                throw new LoadFailure(file, "the file is empty", "export the model again");
            }
        } catch (IOException unreadable) {
            throw new LoadFailure(
                            file,
                            "cannot be read: " + unreadable.getMessage(),
                            "check the path and its permissions")
                    .causedBy(unreadable);
        }
        return OnnxModel.open(
                file, Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors()));
    }
}
