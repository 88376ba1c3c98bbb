package dev.marea.server.runtime.pickle;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.Dtype.Field;
import dev.marea.server.runtime.pickle.Dtype.Layout;
import dev.marea.server.runtime.pickle.PyValue.Blob;
import dev.marea.server.runtime.pickle.PyValue.Bool;
import dev.marea.server.runtime.pickle.PyValue.Int;
import dev.marea.server.runtime.pickle.PyValue.Sequence;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** numpy's ways of writing arrays, dtypes and scalars, and joblib's way of writing arrays. */
final class NumpyArrays {
    private static final String ADVICE =
            "convert the attribute to a plain numeric array, or export the model to ONNX";

    private final PickleInput input;
    private final Budget budget;

    NumpyArrays(PickleInput input, Budget budget) {
        this.input = input;
        this.budget = budget;
    }

    /** {@code dtype('f8', align, copy)}. */
    Dtype dtype(List<PyValue> arguments) throws LoadFailure {
        var text = arguments.isEmpty() ? "" : Texts.of(arguments.getFirst()).orElse("");
        return Dtype.parse(text)
                .orElseThrow(() ->
                        input.refusal(
                                "the dtype '%s' is none of %s"
                                        .formatted(PickleInput.shown(text), Dtype.known()),
                                ADVICE));
    }

    /** State: version, byte order, sub-array, names, fields, size, alignment, flags. */
    Dtype build(Dtype dtype, PyValue state) throws LoadFailure {
        var parts = parts(state, 5, "a dtype's state");
        if (!(parts.get(2) instanceof PyValue.None)) {
            throw input.refusal("a dtype of sub-arrays", ADVICE);
        }
        dtype.order(
                Texts.of(parts.get(1)).orElse("").equals(">")
                        ? ByteOrder.BIG_ENDIAN
                        : ByteOrder.LITTLE_ENDIAN);
        if (parts.get(4) instanceof PyDict fields
                && parts.get(3) instanceof Sequence names
                && parts.size() > 5) {
            structure(dtype, names, fields, integer(parts.get(5)));
        }
        return dtype;
    }

    private void structure(Dtype dtype, Sequence names, PyDict fields, int size)
            throws LoadFailure {
        Map<String, Field> parts = new LinkedHashMap<>();
        budget.objects(input, names.items().size());
        for (var item : names.items()) {
            var name = Texts.of(item).orElseThrow(() -> input.damaged("a field without a name"));
            var pair = parts(fields.get(name).orElse(PyValue.None.NONE), 2, "field " + name);
            if (!(pair.get(0) instanceof Dtype type)) {
                throw input.damaged("field " + name + " has no dtype");
            }
            parts.put(name, new Field(type.layout(), integer(pair.get(1))));
        }
        if (!dtype.structure(parts, size)) {
            throw input.damaged("a field lies outside an element of " + size + " bytes");
        }
    }

    /** State: version, shape, dtype, whether column-major, and the bytes or the objects. */
    NdArray build(NdArray array, PyValue state) throws LoadFailure {
        var parts = parts(state, 5, "an array's state");
        if (array.isBuilt() || !(parts.get(2) instanceof Dtype dtype)) {
            throw input.damaged("needs a new array and a dtype");
        }
        return filled(array, shape(parts.get(1)), dtype, parts.get(3) == Bool.TRUE, parts.get(4));
    }

    /** {@code _frombuffer(bytes, dtype, shape, order)} of protocol 5. */
    NdArray fromBuffer(List<PyValue> arguments) throws LoadFailure {
        if (arguments.size() < 4 || !(arguments.get(1) instanceof Dtype dtype)) {
            throw input.damaged("needs bytes, dtype, shape and order");
        }
        return filled(
                new NdArray(),
                shape(arguments.get(2)),
                dtype,
                columnMajor(arguments.get(3)),
                arguments.get(0));
    }

    private boolean columnMajor(PyValue order) throws LoadFailure {
        return switch (Texts.of(order).orElse("")) {
            case "C" -> false;
            case "F" -> true;
            default -> throw input.refusal("an array in the order " + order.kind(), ADVICE);
        };
    }

    private NdArray filled(
            NdArray array, int[] shape, Dtype dtype, boolean fortran, PyValue content)
            throws LoadFailure {
        var layout = dtype.layout();
        boolean fits =
                switch (content) {
                    case Blob blob -> array.fill(shape, layout, fortran, blob);
                    case PyValue.Text text -> array.fill(shape, layout, fortran, latin1(text));
                    case Sequence objects -> array.fill(shape, layout, fortran, copy(objects));
                    default -> false;
                };
        if (!fits) {
            throw input.damaged(
                    "%s do not fill an array of %s of shape %s"
                            .formatted(content.kind(), layout.name(), Arrays.toString(shape)));
        }
        return array;
    }

    private Blob latin1(PyValue.Text text) throws LoadFailure {
        budget.copied(input, text.value().length());
        return Blob.of(text.value().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A list may still change after the array took it; the array must not. */
    private List<PyValue> copy(Sequence objects) throws LoadFailure {
        budget.objects(input, objects.items().size());
        return List.copyOf(objects.items());
    }

    /** {@code scalar(dtype, bytes)}, or the object itself for an object dtype. */
    PyValue scalar(List<PyValue> arguments) throws LoadFailure {
        if (arguments.size() != 2 || !(arguments.get(0) instanceof Dtype dtype)) {
            throw input.damaged("needs a dtype and its bytes");
        }
        var layout = dtype.layout();
        var value = arguments.get(1) instanceof PyValue.Text text ? latin1(text) : arguments.get(1);
        if (layout.code() == 'O') {
            return value;
        }
        if (!(value instanceof Blob blob)
                || blob.length() != layout.size()
                || layout.code() == 'V') {
            throw input.damaged(
                    "%s do not fill a scalar of %s".formatted(value.kind(), layout.name()));
        }
        return Scalars.value(buffer(blob, layout), layout);
    }

    private static ByteBuffer buffer(Blob blob, Layout layout) {
        return ByteBuffer.wrap(blob.bytes(), blob.from(), blob.length())
                .slice()
                .order(layout.order());
    }

    /**
     * joblib's array: the wrapper tells shape and dtype, and the bytes follow right here in the
     * file, after padding that aligns them; objects follow as a pickle of their own.
     */
    PyValue inline(PyObject wrapper) throws LoadFailure {
        if (!(attribute(wrapper, "dtype") instanceof Dtype dtype)) {
            throw input.damaged("an array without a dtype");
        }
        if (dtype.layout().code() == 'O') {
            return PickleReader.nested(input, budget);
        }
        var shape = shape(attribute(wrapper, "shape"));
        var count = NdArray.count(shape);
        if (count.isEmpty()) {
            throw input.damaged("the shape " + Arrays.toString(shape));
        }
        if (wrapper.attribute("numpy_array_alignment_bytes").orElse(PyValue.None.NONE)
                instanceof Int) {
            input.blob(input.u1());
        }
        var bytes = input.blob((long) count.getAsInt() * dtype.layout().size());
        boolean fortran = columnMajor(attribute(wrapper, "order"));
        return filled(new NdArray(), shape, dtype, fortran, bytes);
    }

    private static PyValue attribute(PyObject wrapper, String name) {
        return wrapper.attribute(name).orElse(PyValue.None.NONE);
    }

    private int[] shape(PyValue value) throws LoadFailure {
        if (value instanceof Int) {
            return new int[] {integer(value)};
        }
        var parts = parts(value, 0, "a shape");
        if (parts.size() > NdArray.RANK_MAX) {
            throw input.damaged("an array of " + parts.size() + " dimensions");
        }
        var shape = new int[parts.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = integer(parts.get(i));
        }
        return shape;
    }

    private int integer(PyValue value) throws LoadFailure {
        if (value instanceof Int(var number) && number >= 0 && number <= Integer.MAX_VALUE) {
            return (int) number;
        }
        throw input.damaged("needs an integer from 0 to 2^31-1, found " + value.kind());
    }

    private List<PyValue> parts(PyValue value, int least, String what) throws LoadFailure {
        if (value instanceof Sequence tuple && tuple.items().size() >= least) {
            return tuple.items();
        }
        throw input.damaged(what + " is " + value.kind());
    }
}
