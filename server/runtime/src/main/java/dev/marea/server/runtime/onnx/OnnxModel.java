package dev.marea.server.runtime.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.InferenceFailure;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.Zeros;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A graph in ONNX Runtime's memory. Closing waits for the requests that are running. */
final class OnnxModel implements LoadedModel {
    /** So many weights are worth threads, and are not loaded twice to find that out. */
    private static final long LARGE_BYTES = 64 << 20;

    private final OrtSession session;
    private final OnnxSignature signature;
    private final ModelMetadata metadata;
    private final Weights weights;
    private final RunLimit limit;
    private final long bytes;
    private final int threads;
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
    private boolean closed;

    private OnnxModel(Sessions.Opened opened, int threads, RunLimit limit, long bytes)
            throws OrtException {
        this.session = opened.session();
        this.signature = opened.signature();
        this.limit = limit;
        this.weights = opened.weights();
        this.bytes = bytes;
        this.threads = threads;
        this.metadata =
                new ModelMetadata(
                        "onnx",
                        signature.inputs(),
                        signature.outputs(),
                        List.of(),
                        List.of(Method.PREDICT),
                        Map.of("producer", session.getMetadata().getProducerName()));
    }

    static OnnxModel open(Path file, int threads, Duration runMax) throws LoadFailure {
        try {
            var opened = new Sessions(file, threads).open();
            return new OnnxModel(opened, threads, new RunLimit(runMax), weight(file));
        } catch (OrtException failed) {
            throw new LoadFailure(
                            file,
                            "ONNX Runtime refuses it: " + reason(failed),
                            "check it with onnx.checker.check_model, or export it again")
                    .causedBy(failed);
        } catch (IllegalArgumentException damaged) {
            throw new LoadFailure(
                            file,
                            "cannot be read: " + damaged.getMessage(),
                            "check it with onnx.checker.check_model, or export it again")
                    .causedBy(damaged);
        }
    }

    /** Whether a run takes so long; a graph that cannot be tried is taken for a large one. */
    boolean takes(Duration atLeast) {
        var request = Zeros.of(metadata.inputs());
        if (request.isEmpty() || bytes > LARGE_BYTES) {
            return true;
        }
        try {
            predict(request.get(), Asked.PLAINLY); // the first run makes what the others have
            long begun = System.nanoTime();
            predict(request.get(), Asked.PLAINLY);
            return System.nanoTime() - begun >= atLeast.toNanos();
        } catch (BadInput | InferenceFailure doesNotFit) {
            return true;
        }
    }

    /** The graph, and the files beside it that large graphs keep their weights in. */
    private static long weight(Path file) {
        try (var beside = Files.list(file.toAbsolutePath().getParent())) {
            return beside.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
        } catch (IOException unreadable) {
            return file.toFile().length();
        }
    }

    /** Its first dimension may be time: only its owner knows that it is a batch. */
    @Override
    public boolean rowsAreIndependent() {
        return false;
    }

    @Override
    public int threads() {
        return threads;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public ModelMetadata metadata() {
        return metadata;
    }

    @Override
    public List<Tensor> predict(List<Tensor> inputs, Asked asked) throws BadInput {
        if (asked.method().orElse(Method.PREDICT) != Method.PREDICT) {
            throw new BadInput(
                    asked.method().orElseThrow().wireName(),
                    "is not what this model answers; it answers predict");
        }
        var named = signature.arranged(inputs);
        var wanted = wanted(asked);
        use.readLock().lock();
        try {
            if (closed) {
                throw new InferenceFailure("the model is unloaded", new IllegalStateException());
            }
            return run(named, wanted);
        } finally {
            use.readLock().unlock();
        }
    }

    private Set<String> wanted(Asked asked) throws BadInput {
        var given = signature.outputNames();
        for (var name : asked.outputs()) {
            if (!given.contains(name)) {
                throw new BadInput(
                        "outputs",
                        "has '%s'; the model gives %s".formatted(name, String.join(", ", given)));
            }
        }
        return new LinkedHashSet<>(asked.outputs().isEmpty() ? given : asked.outputs());
    }

    private List<Tensor> run(Map<String, Tensor> inputs, Set<String> wanted) throws BadInput {
        var given = new LinkedHashMap<String, OnnxTensor>();
        try (var options = new OrtSession.RunOptions()) {
            for (var input : inputs.entrySet()) {
                given.put(
                        OnnxValues.nameFor(input.getKey(), input.getValue()),
                        OnnxValues.give(Sessions.environment(), input.getValue()));
            }
            return run(given, wanted, options);
        } catch (OrtException failed) {
            throw judged(failed);
        } finally {
            given.values().forEach(OnnxTensor::close);
        }
    }

    private List<Tensor> run(
            Map<String, OnnxTensor> given, Set<String> wanted, OrtSession.RunOptions options)
            throws OrtException {
        limit.begun(options);
        try (var result = session.run(given, wanted, options)) {
            var outputs = new ArrayList<Tensor>(wanted.size());
            for (var name : wanted) {
                outputs.add(OnnxValues.take(name, result.get(name).orElseThrow()));
            }
            return outputs;
        } catch (OrtException failed) {
            if (limit.ended(options)) {
                throw new InferenceFailure(
                        "the model ran longer than %d s and was stopped"
                                .formatted(limit.most().toSeconds()),
                        failed);
            }
            throw failed;
        } finally {
            limit.ended(options);
        }
    }

    /** What the runtime calls an invalid argument is the caller's; anything else is the model's. */
    private static BadInput judged(OrtException failed) {
        return switch (failed.getCode()) {
            case ORT_INVALID_ARGUMENT -> new BadInput("inputs", "do not fit: " + reason(failed));
            default -> throw new InferenceFailure(reason(failed), failed);
        };
    }

    private static String reason(OrtException failed) {
        var message = String.valueOf(failed.getMessage());
        int start = message.indexOf("message:");
        return (start < 0 ? message : message.substring(start + "message:".length())).strip();
    }

    @Override
    public void close() {
        use.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                limit.close();
                session.close();
                weights.close();
            }
        } catch (OrtException failed) {
            throw new InferenceFailure("the model cannot be unloaded: " + reason(failed), failed);
        } finally {
            use.writeLock().unlock();
        }
    }
}
