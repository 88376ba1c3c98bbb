package dev.marea.server.runtime.onnx;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.ModelRuntime;
import java.nio.file.Path;
import java.util.List;

/** Serves ONNX graphs. */
public final class OnnxRuntime implements ModelRuntime {
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
        throw new LoadFailure(file, "the onnx runtime is being built", "");
    }
}
