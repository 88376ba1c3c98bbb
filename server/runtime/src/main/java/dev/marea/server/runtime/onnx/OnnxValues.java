package dev.marea.server.runtime.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo.OnnxTensorType;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Tensors of ours as values of ONNX Runtime, and back. */
final class OnnxValues {
    /** 512 MiB of doubles: a small request must not become an answer without bound. */
    private static final long ELEMENTS_MAX = 1L << 26;

    private OnnxValues() {}

    static Optional<Datatype> datatype(OnnxTensorType type) {
        return Optional.ofNullable(
                switch (type) {
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> Datatype.BOOL;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> Datatype.INT8;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> Datatype.INT16;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> Datatype.INT32;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> Datatype.INT64;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> Datatype.UINT8;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> Datatype.UINT16;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> Datatype.UINT32;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> Datatype.UINT64;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> Datatype.FP16;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> Datatype.BF16;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> Datatype.FP32;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> Datatype.FP64;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING -> Datatype.BYTES;
                    default -> null; // complex and the small floats
                });
    }

    /** The name under which a tensor is given: not every type can be made as it is. */
    static String nameFor(String input, Tensor tensor) {
        return switch (tensor.datatype()) {
            case UINT16, UINT32, UINT64 -> GraphEdit.wide(input);
            default -> input;
        };
    }

    /** Copies a tensor into the runtime's memory; who calls closes it. */
    static OnnxTensor give(OrtEnvironment environment, Tensor tensor) throws OrtException {
        var shape = Arrays.stream(tensor.shape()).asLongStream().toArray();
        return switch (tensor.elements()) {
            case Elements.Floats(var v) ->
                    OnnxTensor.createTensor(environment, FloatBuffer.wrap(v), shape);
            case Elements.Doubles(var v) ->
                    OnnxTensor.createTensor(environment, DoubleBuffer.wrap(v), shape);
            case Elements.Longs(var v) ->
                    OnnxTensor.createTensor(environment, LongBuffer.wrap(v), shape);
            case Elements.Ints(var v) ->
                    tensor.datatype() == Datatype.UINT32
                            ? OnnxTensor.createTensor(
                                    environment, LongBuffer.wrap(widened(v)), shape)
                            : OnnxTensor.createTensor(environment, IntBuffer.wrap(v), shape);
            case Elements.Shorts(var v) when tensor.datatype() == Datatype.UINT16 ->
                    OnnxTensor.createTensor(environment, IntBuffer.wrap(widened(v)), shape);
            case Elements.Shorts(var v) ->
                    OnnxTensor.createTensor(
                            environment,
                            ShortBuffer.wrap(v),
                            shape,
                            sixteenBits(tensor.datatype()));
            case Elements.Bytes(var v) ->
                    OnnxTensor.createTensor(
                            environment,
                            ByteBuffer.wrap(v),
                            shape,
                            tensor.datatype() == Datatype.UINT8
                                    ? OnnxJavaType.UINT8
                                    : OnnxJavaType.INT8);
            case Elements.Bools(var v) ->
                    OnnxTensor.createTensor(
                            environment, ByteBuffer.wrap(bytes(v)), shape, OnnxJavaType.BOOL);
            case Elements.Texts(var v) -> OnnxTensor.createTensor(environment, v, shape);
            case Elements.Blobs _ -> throw new OrtException("takes text, not binary strings");
        };
    }

    private static OnnxJavaType sixteenBits(Datatype datatype) {
        return switch (datatype) {
            case FP16 -> OnnxJavaType.FLOAT16;
            case BF16 -> OnnxJavaType.BFLOAT16;
            default -> OnnxJavaType.INT16;
        };
    }

    private static long[] widened(int[] unsigned) {
        var wide = new long[unsigned.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = Integer.toUnsignedLong(unsigned[i]);
        }
        return wide;
    }

    private static int[] widened(short[] unsigned) {
        var wide = new int[unsigned.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = Short.toUnsignedInt(unsigned[i]);
        }
        return wide;
    }

    private static byte[] bytes(boolean[] flags) {
        var bytes = new byte[flags.length];
        for (int i = 0; i < flags.length; i++) {
            bytes[i] = (byte) (flags[i] ? 1 : 0);
        }
        return bytes;
    }

    /** Copies an output out of the runtime's memory. */
    static Tensor take(String name, OnnxValue value) throws OrtException {
        return switch (value) {
            case OnnxTensor tensor -> tensor(name, tensor);
            case OnnxSequence list -> Lists.take(name, list);
            case OnnxMap map -> Lists.row(name, map);
            default ->
                    throw new OrtException(
                            "the output '" + name + "' is " + value.getInfo() + ", no tensor");
        };
    }

    static Tensor tensor(String name, OnnxTensor tensor) throws OrtException {
        var info = tensor.getInfo();
        if (info.getNumElements() > ELEMENTS_MAX) {
            throw new OrtException(
                    "the output '%s' has %d elements, more than %d"
                            .formatted(name, info.getNumElements(), ELEMENTS_MAX));
        }
        var shape = Arrays.stream(info.getShape()).mapToInt(Math::toIntExact).toArray();
        var datatype =
                datatype(info.onnxType)
                        .orElseThrow(() -> new OrtException(name + " has type " + info.onnxType));
        if (datatype == Datatype.BYTES) {
            return new Tensor(name, datatype, shape, new Elements.Texts(texts(tensor.getValue())));
        }
        var bytes = tensor.getByteBuffer().order(ByteOrder.nativeOrder());
        return new Tensor(name, datatype, shape, elements(datatype, bytes));
    }

    private static Elements elements(Datatype datatype, ByteBuffer bytes) {
        int count = bytes.remaining() / datatype.size();
        return switch (datatype) {
            case FP32 -> {
                var values = new float[count];
                bytes.asFloatBuffer().get(values);
                yield new Elements.Floats(values);
            }
            case FP64 -> {
                var values = new double[count];
                bytes.asDoubleBuffer().get(values);
                yield new Elements.Doubles(values);
            }
            case INT64, UINT64 -> {
                var values = new long[count];
                bytes.asLongBuffer().get(values);
                yield new Elements.Longs(values);
            }
            case INT32, UINT32 -> {
                var values = new int[count];
                bytes.asIntBuffer().get(values);
                yield new Elements.Ints(values);
            }
            case INT16, UINT16, FP16, BF16 -> {
                var values = new short[count];
                bytes.asShortBuffer().get(values);
                yield new Elements.Shorts(values);
            }
            case INT8, UINT8 -> {
                var values = new byte[count];
                bytes.get(values);
                yield new Elements.Bytes(values);
            }
            case BOOL -> {
                var values = new boolean[count];
                for (int i = 0; i < count; i++) {
                    values[i] = bytes.get(i) != 0;
                }
                yield new Elements.Bools(values);
            }
            case BYTES -> throw new IllegalStateException("text has no fixed size");
        };
    }

    private static String[] texts(Object nested) {
        var texts = new ArrayList<String>();
        collect(nested, texts);
        return texts.toArray(String[]::new);
    }

    private static void collect(Object nested, List<String> into) {
        if (nested instanceof Object[] items) {
            for (var item : items) {
                collect(item, into);
            }
        } else {
            into.add(String.valueOf(nested));
        }
    }
}
