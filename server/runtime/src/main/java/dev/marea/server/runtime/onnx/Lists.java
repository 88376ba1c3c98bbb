package dev.marea.server.runtime.onnx;

import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Tensor;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Outputs that are lists and maps, as the tensors that the protocol can carry. */
final class Lists {
    private Lists() {}

    static Tensor take(String name, OnnxSequence sequence) throws OrtException {
        List<? extends OnnxValue> items = sequence.getValue();
        try {
            if (items.isEmpty()) {
                throw new OrtException("the list '" + name + "' is empty");
            }
            return items.getFirst() instanceof OnnxMap ? table(name, items) : stacked(name, items);
        } finally {
            items.forEach(OnnxValue::close);
        }
    }

    /** One map: its values in the order of the sorted keys. */
    static Tensor row(String name, OnnxMap map) throws OrtException {
        var values = new TreeMap<>(map.getValue()).values();
        var row = new float[values.size()];
        int at = 0;
        for (var value : values) {
            row[at++] = ((Number) value).floatValue();
        }
        return Tensor.of(name, new int[] {row.length}, row);
    }

    /** ZipMap's list of maps, one a row, as a table whose columns follow the sorted keys. */
    private static Tensor table(String name, List<? extends OnnxValue> items) throws OrtException {
        var rows = new ArrayList<Map<?, ?>>();
        for (var item : items) {
            if (!(item instanceof OnnxMap map)) {
                throw new OrtException("the output '" + name + "' is no list of maps");
            }
            rows.add(new TreeMap<>(map.getValue()));
        }
        int columns = rows.getFirst().size();
        var values = new float[rows.size() * columns];
        int at = 0;
        for (var row : rows) {
            if (row.size() != columns) {
                throw new OrtException("the maps of '" + name + "' differ in size");
            }
            for (var value : row.values()) {
                values[at++] = ((Number) value).floatValue();
            }
        }
        return Tensor.of(name, new int[] {rows.size(), columns}, values);
    }

    /** A list of tensors of one shape, as one tensor with one dimension more. */
    private static Tensor stacked(String name, List<? extends OnnxValue> items)
            throws OrtException {
        var parts = new ArrayList<Tensor>();
        for (var item : items) {
            if (!(item instanceof OnnxTensor tensor)) {
                throw new OrtException("the output '" + name + "' is no list of tensors");
            }
            parts.add(OnnxValues.tensor(name, tensor));
        }
        var first = parts.getFirst();
        for (var part : parts) {
            if (!Arrays.equals(part.shape(), first.shape())) {
                throw new OrtException(
                        "the tensors of '%s' differ in shape: %s and %s"
                                .formatted(
                                        name,
                                        Arrays.toString(first.shape()),
                                        Arrays.toString(part.shape())));
            }
        }
        var shape = new int[first.rank() + 1];
        shape[0] = parts.size();
        System.arraycopy(first.shape(), 0, shape, 1, first.rank());
        return new Tensor(name, first.datatype(), shape, joined(parts));
    }

    private static Elements joined(List<Tensor> parts) {
        return switch (parts.getFirst().elements()) {
            case Elements.Bools _ -> new Elements.Bools((boolean[]) joined(parts, new boolean[0]));
            case Elements.Bytes _ -> new Elements.Bytes((byte[]) joined(parts, new byte[0]));
            case Elements.Shorts _ -> new Elements.Shorts((short[]) joined(parts, new short[0]));
            case Elements.Ints _ -> new Elements.Ints((int[]) joined(parts, new int[0]));
            case Elements.Longs _ -> new Elements.Longs((long[]) joined(parts, new long[0]));
            case Elements.Floats _ -> new Elements.Floats((float[]) joined(parts, new float[0]));
            case Elements.Doubles _ ->
                    new Elements.Doubles((double[]) joined(parts, new double[0]));
            case Elements.Texts _ -> new Elements.Texts((String[]) joined(parts, new String[0]));
            case Elements.Blobs _ -> new Elements.Blobs((byte[][]) joined(parts, new byte[0][]));
        };
    }

    /** The arrays of all parts in one array of the kind. */
    private static Object joined(List<Tensor> parts, Object kind) {
        int each = parts.getFirst().elements().length();
        var all = Array.newInstance(kind.getClass().getComponentType(), each * parts.size());
        for (int i = 0; i < parts.size(); i++) {
            System.arraycopy(array(parts.get(i).elements()), 0, all, i * each, each);
        }
        return all;
    }

    private static Object array(Elements elements) {
        return switch (elements) {
            case Elements.Bools(var values) -> values;
            case Elements.Bytes(var values) -> values;
            case Elements.Shorts(var values) -> values;
            case Elements.Ints(var values) -> values;
            case Elements.Longs(var values) -> values;
            case Elements.Floats(var values) -> values;
            case Elements.Doubles(var values) -> values;
            case Elements.Texts(var values) -> values;
            case Elements.Blobs(var values) -> values;
        };
    }
}
