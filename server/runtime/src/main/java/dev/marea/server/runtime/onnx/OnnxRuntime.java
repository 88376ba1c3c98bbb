package dev.marea.server.runtime.onnx;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.ModelRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Serves ONNX graphs. This class names no class of ONNX Runtime, so that a process that loads no
 * graph never loads its native library.
 */
public final class OnnxRuntime implements ModelRuntime {
    /** Few: many requests run at once, and each model has a pool of its own. */
    private static final int THREADS_MAX = 2;

    /** A graph is a program: one with a loop may never end. */
    private static final Duration RUN_MAX = Duration.ofMinutes(5);

    /**
     * A run that takes less has nothing to share: waking a second thread costs more than it saves.
     */
    private static final Duration WORTH_THREADS = Duration.ofMillis(3);

    private final int threads;
    private final Duration runMax;
    private final Duration worthThreads;

    public OnnxRuntime() {
        this(Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors()));
    }

    public OnnxRuntime(int threads) {
        this(threads, RUN_MAX, WORTH_THREADS);
    }

    /**
     * @param threads that one prediction may use
     * @param runMax after which a prediction is stopped
     * @param worthThreads from which on a prediction gets more threads than one
     */
    OnnxRuntime(int threads, Duration runMax, Duration worthThreads) {
        this.threads = threads;
        this.runMax = runMax;
        this.worthThreads = worthThreads;
    }

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
            throw unreadable(file, unreadable);
        }
        var model = OnnxModel.open(file, 1, runMax);
        if (threads > 1 && model.takes(worthThreads)) {
            model.close();
            return OnnxModel.open(file, threads, runMax);
        }
        return model;
    }

    static LoadFailure unreadable(Path file, IOException why) {
        return new LoadFailure(
                        file,
                        "cannot be read: " + why.getMessage(),
                        "check the path and its permissions")
                .causedBy(why);
    }
}
