package dev.marea.server.runtime.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.onnx.GraphEdit.Widened;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Opens a graph's file as it is, or edited where ONNX Runtime in Java cannot take it so. */
final class Sessions {
    /** Numbers of onnx.proto3's TensorProto.DataType. */
    private static final int INT32 = 6;

    private static final int INT64 = 7;
    private static final int UINT16 = 4;
    private static final int UINT32 = 12;
    private static final int UINT64 = 13;

    /** The locale that every C library has. */
    private static final String LOCALE = "C.UTF-8";

    private final Path file;
    private final int threads;
    private final Weights weights;

    /** One environment for the process; its log would repeat on stderr what exceptions tell us. */
    static OrtEnvironment environment() {
        return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "marea");
    }

    Sessions(Path file, int threads) throws OrtException, LoadFailure {
        this.file = file;
        this.threads = threads;
        this.weights = Weights.of(file);
    }

    /** What was opened, and what its own file says of inputs and outputs. */
    record Opened(OrtSession session, OnnxSignature signature, Weights weights) {}

    Opened open() throws OrtException, LoadFailure {
        try {
            return opened();
        } catch (OrtException | LoadFailure | RuntimeException failed) {
            weights.close();
            throw failed;
        }
    }

    private Opened opened() throws OrtException, LoadFailure {
        OrtSession session;
        Optional<byte[]> edited = Optional.empty();
        try {
            session = session(edited);
        } catch (OrtException failed) {
            if (!lacksLocale(failed)) {
                throw failed;
            }
            edited = Optional.of(new GraphEdit(read()).useLocale(LOCALE));
            session = session(edited);
        }
        try {
            var signature = OnnxSignature.of(session, file);
            var widened = widened(signature);
            if (widened.isEmpty()) {
                return new Opened(session, signature, weights);
            }
            var wide = new GraphEdit(edited.isPresent() ? edited.get() : read()).widen(widened);
            session.close();
            session = session(Optional.of(wide));
            return new Opened(session, signature, weights);
        } catch (OrtException | LoadFailure | RuntimeException failed) {
            session.close();
            throw failed;
        }
    }

    private static boolean lacksLocale(OrtException failed) {
        return String.valueOf(failed.getMessage()).contains("Failed to construct locale");
    }

    private static Map<String, Widened> widened(OnnxSignature signature) {
        var widened = new LinkedHashMap<String, Widened>();
        for (var input : signature.inputs()) {
            int original =
                    input.datatype() == Datatype.UINT16
                            ? UINT16
                            : input.datatype() == Datatype.UINT32
                                    ? UINT32
                                    : input.datatype() == Datatype.UINT64 ? UINT64 : 0;
            if (original != 0) {
                widened.put(
                        input.name(), new Widened(original == UINT16 ? INT32 : INT64, original));
            }
        }
        return widened;
    }

    private byte[] read() throws LoadFailure {
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw OnnxRuntime.unreadable(file, unreadable);
        }
    }

    private OrtSession session(Optional<byte[]> edited) throws OrtException {
        try (var options = options()) {
            if (edited.isEmpty()) {
                return environment().createSession(file.toString(), options);
            }
            options.addConfigEntry(
                    "session.model_external_initializers_file_folder_path",
                    String.valueOf(file.toAbsolutePath().getParent()));
            return environment().createSession(edited.get(), options);
        }
    }

    private OrtSession.SessionOptions options() throws OrtException {
        var options = new OrtSession.SessionOptions();
        weights.giveTo(options);
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }
}
