package dev.marea.server.runtime.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.marea.server.runtime.LoadFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Weights that a graph keeps in files beside it, in memory of our own. ONNX Runtime would map the
 * files: if one of them is cut short while the model serves, the whole process dies.
 */
final class Weights implements AutoCloseable {
    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int TENSOR_DIMENSION = 1;
    private static final int TENSOR_TYPE = 2;
    private static final int TENSOR_NAME = 8;
    private static final int TENSOR_EXTERNAL = 13;
    private static final int ENTRY_KEY = 1;
    private static final int ENTRY_VALUE = 2;
    private static final String EXPORT = "export the model again, with its weights beside it";

    private final Map<String, OnnxTensorLike> tensors = new LinkedHashMap<>();

    /** Reads what the graph names; nothing where it keeps everything inside. */
    static Weights of(Path file) throws LoadFailure, OrtException {
        var weights = new Weights();
        try {
            if (standsAlone(file)) {
                return weights;
            }
            for (var tensor : external(Files.readAllBytes(file))) {
                weights.add(file, tensor);
            }
            return weights;
        } catch (IOException unreadable) {
            weights.close();
            throw OnnxRuntime.unreadable(file, unreadable);
        } catch (LoadFailure | OrtException | RuntimeException failed) {
            weights.close();
            throw failed;
        }
    }

    private static boolean standsAlone(Path file) throws IOException {
        try (var beside = Files.list(file.toAbsolutePath().getParent())) {
            return beside.limit(2).count() < 2;
        }
    }

    /** A tensor whose numbers are elsewhere, as the graph describes it. */
    private record External(String name, int type, long[] shape, Map<String, String> where) {
        long number(String key, long otherwise) {
            var text = where.get(key);
            try {
                return text == null ? otherwise : Long.parseLong(text);
            } catch (NumberFormatException odd) {
                return -1;
            }
        }
    }

    private static List<External> external(byte[] model) {
        var found = new ArrayList<External>();
        for (var part : Proto.fields(model)) {
            if (part.number() == MODEL_GRAPH) {
                for (var field : part.fields()) {
                    if (field.number() == GRAPH_INITIALIZER) {
                        external(field).ifPresent(found::add);
                    }
                }
            }
        }
        return found;
    }

    private static Optional<External> external(Proto.Field tensor) {
        var name = "";
        int type = 0;
        var shape = new ArrayList<Long>();
        var where = new LinkedHashMap<String, String>();
        for (var field : tensor.fields()) {
            switch (field.number()) {
                case TENSOR_NAME -> name = field.text();
                case TENSOR_TYPE -> type = (int) field.value();
                case TENSOR_DIMENSION -> field.numbers(shape::add);
                case TENSOR_EXTERNAL -> entry(field, where);
                default -> {}
            }
        }
        return where.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new External(
                                name,
                                type,
                                shape.stream().mapToLong(Long::longValue).toArray(),
                                where));
    }

    private static void entry(Proto.Field entry, Map<String, String> into) {
        var key = "";
        var value = "";
        for (var field : entry.fields()) {
            switch (field.number()) {
                case ENTRY_KEY -> key = field.text();
                case ENTRY_VALUE -> value = field.text();
                default -> {}
            }
        }
        into.put(key, value);
    }

    private void add(Path file, External tensor) throws LoadFailure, IOException, OrtException {
        var type = type(tensor.type());
        if (type.isEmpty()) {
            return; // of a type that cannot be made in Java: left to the runtime
        }
        var from = inside(file, tensor);
        var bytes = read(file, from, tensor);
        long wanted = type.get().size;
        for (long size : tensor.shape()) {
            wanted = size < 0 || wanted > Integer.MAX_VALUE ? -1 : wanted * size;
        }
        if (wanted != bytes.capacity()) {
            throw failure(
                    file, tensor, "of %d bytes does not fit its shape".formatted(bytes.capacity()));
        }
        tensors.put(
                tensor.name(),
                OnnxTensor.createTensor(Sessions.environment(), bytes, tensor.shape(), type.get()));
    }

    /** The file itself, wherever links lead: it must be in the model's own directory. */
    private static Path inside(Path file, External tensor) throws LoadFailure, IOException {
        var location = tensor.where().getOrDefault("location", "");
        var directory = file.toRealPath().getParent();
        var named = Path.of(location);
        if (location.isEmpty() || named.isAbsolute()) {
            throw failure(file, tensor, "is kept in '" + location + "'");
        }
        var target = file.toAbsolutePath().resolveSibling(named).normalize();
        if (!Files.isRegularFile(target)) {
            throw failure(file, tensor, "is kept in '" + location + "', which is not there");
        }
        if (!target.toRealPath().startsWith(directory)) {
            throw failure(
                    file,
                    tensor,
                    "is kept in '" + location + "', which is outside the model's directory");
        }
        return target;
    }

    private static ByteBuffer read(Path file, Path from, External tensor)
            throws LoadFailure, IOException {
        try (var channel = FileChannel.open(from)) {
            long offset = tensor.number("offset", 0);
            long length = tensor.number("length", channel.size() - offset);
            if (offset < 0 || length < 0 || length > channel.size() - offset) {
                throw failure(
                        file,
                        tensor,
                        "is at %d, %d bytes long, in a file of %d"
                                .formatted(offset, length, channel.size()));
            }
            if (length > Integer.MAX_VALUE) {
                throw failure(file, tensor, "has %d bytes, more than 2 GiB".formatted(length));
            }
            var bytes = ByteBuffer.allocateDirect((int) length).order(ByteOrder.nativeOrder());
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, offset + bytes.position()) < 0) {
                    throw failure(file, tensor, "is in a file that was cut short meanwhile");
                }
            }
            return bytes.flip();
        }
    }

    private static LoadFailure failure(Path file, External tensor, String what) {
        return new LoadFailure(file, "the weight '" + tensor.name() + "' " + what, EXPORT);
    }

    /** By the numbers of onnx.proto3's TensorProto.DataType. */
    private static Optional<OnnxJavaType> type(int number) {
        return Optional.ofNullable(
                switch (number) {
                    case 1 -> OnnxJavaType.FLOAT;
                    case 2 -> OnnxJavaType.UINT8;
                    case 3 -> OnnxJavaType.INT8;
                    case 5 -> OnnxJavaType.INT16;
                    case 6 -> OnnxJavaType.INT32;
                    case 7 -> OnnxJavaType.INT64;
                    case 9 -> OnnxJavaType.BOOL;
                    case 10 -> OnnxJavaType.FLOAT16;
                    case 11 -> OnnxJavaType.DOUBLE;
                    case 16 -> OnnxJavaType.BFLOAT16;
                    default -> null;
                });
    }

    void giveTo(OrtSession.SessionOptions options) throws OrtException {
        if (!tensors.isEmpty()) {
            options.addExternalInitializers(tensors);
        }
    }

    /** After the session: it uses this memory. */
    @Override
    public void close() {
        tensors.values().forEach(OnnxTensorLike::close);
        tensors.clear();
    }
}
