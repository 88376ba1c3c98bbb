package dev.marea.server.runtime.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.InferenceFailure;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A graph in ONNX Runtime's memory. Closing waits for the requests that are running. */
final class OnnxModel implements LoadedModel {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final OnnxSignature signature;
    private final ModelMetadata metadata;
    private final long bytes;
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
    private boolean closed;

    private OnnxModel(
            OrtEnvironment environment, OrtSession session, OnnxSignature signature, long bytes)
            throws OrtException {
        this.bytes = bytes;
        this.environment = environment;
        this.session = session;
        this.signature = signature;
        this.metadata =
                new ModelMetadata(
                        "onnx",
                        signature.inputs(),
                        signature.outputs(),
                        List.of(),
                        List.of(Method.PREDICT),
                        Map.of("producer", session.getMetadata().getProducerName()));
    }

    static OnnxModel open(Path file, int threads) throws LoadFailure {
        // The runtime's own log would repeat on stderr what its exceptions tell us.
        var environment =
                OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "marea");
        try (var options = options(threads)) {
            var session = environment.createSession(file.toString(), options);
            try {
                return new OnnxModel(
                        environment,
                        session,
                        OnnxSignature.of(session, file),
                        file.toFile().length());
            } catch (OrtException | LoadFailure refused) {
                session.close();
                throw refused;
            }
        } catch (OrtException failed) {
            throw new LoadFailure(
                            file,
                            "ONNX Runtime refuses it: " + reason(failed),
                            "check it with onnx.checker.check_model, or export it again")
                    .causedBy(failed);
        }
    }

    private static OrtSession.SessionOptions options(int threads) throws OrtException {
        var options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
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
        try {
            for (var input : inputs.entrySet()) {
                given.put(input.getKey(), OnnxValues.give(environment, input.getValue()));
            }
            try (var result = session.run(given, wanted)) {
                var outputs = new ArrayList<Tensor>(wanted.size());
                for (var name : wanted) {
                    outputs.add(OnnxValues.take(name, result.get(name).orElseThrow()));
                }
                return outputs;
            }
        } catch (OrtException failed) {
            throw judged(failed);
        } finally {
            given.values().forEach(OnnxTensor::close);
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
                session.close();
            }
        } catch (OrtException failed) {
            throw new InferenceFailure("the model cannot be unloaded: " + reason(failed), failed);
        } finally {
            use.writeLock().unlock();
        }
    }
}
