package dev.marea.server.runtime.jar;

import dev.marea.server.Model;
import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.InferenceFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.Tensor;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A user's model behind the seam that every model stands behind. */
final class JarModel implements LoadedModel {
    private final Model model;
    private final URLClassLoader classes;
    private final ModelMetadata metadata;
    private final long fileBytes;
    private final AtomicBoolean closed = new AtomicBoolean();

    JarModel(Model model, URLClassLoader classes, Path file) {
        this.model = model;
        this.classes = classes;
        fileBytes = file.toFile().length();
        metadata =
                new ModelMetadata(
                        "java",
                        model.inputs(),
                        model.outputs(),
                        model.columns(),
                        model.explains()
                                ? List.of(Method.PREDICT, Method.EXPLAIN)
                                : List.of(Method.PREDICT),
                        Map.of("class", model.getClass().getName()));
    }

    @Override
    public ModelMetadata metadata() {
        return metadata;
    }

    @Override
    public List<Tensor> predict(List<Tensor> inputs, Asked asked) throws BadInput {
        var method = asked.method().orElse(Method.PREDICT);
        if (!metadata.methods().contains(method)) {
            throw new BadInput(
                    method.wireName(),
                    "is not what this model answers; it answers " + metadata.methods());
        }
        return guarded(() ->
                wanted(
                        method == Method.EXPLAIN ? model.explain(inputs) : model.predict(inputs),
                        asked));
    }

    @Override
    public boolean streams() {
        return model.streams();
    }

    @Override
    public void stream(List<Tensor> inputs, Asked asked, Consumer<List<Tensor>> part)
            throws BadInput {
        guarded(() -> {
            model.stream(inputs, part);
            return List.of();
        });
    }

    private static List<Tensor> wanted(List<Tensor> outputs, Asked asked) throws BadInput {
        if (asked.outputs().isEmpty()) {
            return outputs;
        }
        var wanted = new ArrayList<Tensor>();
        for (var name : asked.outputs()) {
            wanted.add(
                    outputs.stream()
                            .filter(output -> output.name().equals(name))
                            .findFirst()
                            .orElseThrow(() ->
                                    new BadInput("outputs", "has '" + name + "', not given")));
        }
        return wanted;
    }

    @FunctionalInterface
    private interface Asking {
        List<Tensor> answer() throws Exception;
    }

    /** The user's exceptions are failures of the model; ours pass. */
    private static List<Tensor> guarded(Asking asking) throws BadInput {
        try {
            return asking.answer();
        } catch (BadInput callers) {
            throw callers;
        } catch (Exception | LinkageError | StackOverflowError failed) {
            if (failed instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new InferenceFailure("the model failed: " + failed, failed);
        }
    }

    @Override
    public long bytes() {
        return Math.max(model.bytes(), fileBytes);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            model.close();
            try {
                classes.close();
            } catch (IOException failed) {
                throw new InferenceFailure("the jar cannot be closed", failed);
            }
        }
    }
}
