package dev.marea.server.runtime.pickle;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.PyValue.Blob;
import dev.marea.server.runtime.pickle.PyValue.Global;
import dev.marea.server.runtime.pickle.PyValue.None;
import dev.marea.server.runtime.pickle.PyValue.Sequence;
import dev.marea.server.runtime.pickle.PyValue.Sequence.Form;
import dev.marea.server.runtime.pickle.PyValue.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the known calls give. A name that is not known here gives an inert object. */
final class Constructors {
    private static final String OLD_JOBLIB =
            "joblib before 0.10 kept arrays in files of their own: save it again with a newer one";

    private final PickleInput input;
    private final Budget budget;
    private final NumpyArrays arrays;

    Constructors(PickleInput input, Budget budget) {
        this.input = input;
        this.budget = budget;
        this.arrays = new NumpyArrays(input, budget);
    }

    PyValue call(Global callee, List<PyValue> arguments) throws LoadFailure {
        return switch (callee.full()) {
            case "numpy.core.multiarray._reconstruct" -> new NdArray();
            case "numpy.core.multiarray.scalar" -> arrays.scalar(arguments);
            case "numpy.core.numeric._frombuffer" -> arrays.fromBuffer(arguments);
            case "numpy.dtype" -> arrays.dtype(arguments);
            case "_codecs.encode" -> encode(arguments);
            case "copyreg._reconstructor" -> instance(type(arguments), List.of());
            case "builtins.bytes", "builtins.bytearray" -> bytes(arguments);
            case "builtins.set", "builtins.frozenset" -> sequence(Form.SET, arguments);
            case "builtins.list" -> sequence(Form.LIST, arguments);
            case "builtins.tuple" -> sequence(Form.TUPLE, arguments);
            case "builtins.dict", "collections.OrderedDict", "collections.defaultdict" ->
                    dict(arguments);
            case "joblib.numpy_pickle.NDArrayWrapper", "joblib.numpy_pickle.ZNDArrayWrapper" ->
                    throw input.refusal("an array in another file", OLD_JOBLIB);
            default -> new PyObject(callee, arguments, input.offset());
        };
    }

    PyValue instance(Global type, List<PyValue> arguments) throws LoadFailure {
        return switch (type.full()) {
            case "collections.OrderedDict",
                    "collections.defaultdict",
                    "builtins.dict",
                    "sklearn.utils.Bunch",
                    "sklearn.utils._bunch.Bunch" ->
                    new PyDict();
            case "joblib.numpy_pickle.NDArrayWrapper", "joblib.numpy_pickle.ZNDArrayWrapper" ->
                    throw input.refusal("an array in another file", OLD_JOBLIB);
            default -> new PyObject(type, arguments, input.offset());
        };
    }

    /** Gives a value its state; answers what then stands in its place. */
    PyValue build(PyValue target, PyValue state) throws LoadFailure {
        return switch (target) {
            case NdArray array -> arrays.build(array, state);
            case Dtype dtype -> arrays.build(dtype, state);
            case PyObject object -> object(object, state);
            case PyDict dict -> {
                var more = attributes(state);
                budget.objects(input, more.size());
                dict.putAll(more);
                yield dict;
            }
            default -> throw input.damaged(target.kind() + " takes no state");
        };
    }

    private PyValue object(PyObject object, PyValue state) throws LoadFailure {
        if (state instanceof Sequence pair && pair.items().size() == 2) {
            become(object, pair.items().get(0)); // the attributes and the slots of an object
            become(object, pair.items().get(1));
        } else if (state instanceof PyDict) {
            become(object, state);
        }
        // Any other state belongs to a class that we only carry, such as a random generator.
        return object.type().full().equals("joblib.numpy_pickle.NumpyArrayWrapper")
                ? arrays.inline(object)
                : object;
    }

    private void become(PyObject object, PyValue state) throws LoadFailure {
        if (state instanceof PyDict attributes) {
            if (object.attributes().size() > 0) {
                budget.objects(input, (long) object.attributes().size() + attributes.size());
            }
            object.become(attributes);
        }
    }

    private PyDict attributes(PyValue state) throws LoadFailure {
        return switch (state) {
            case PyDict dict -> dict;
            case None none -> new PyDict();
            default -> throw input.damaged("needs a dict as state, found " + state.kind());
        };
    }

    private Global type(List<PyValue> arguments) throws LoadFailure {
        if (arguments.isEmpty() || !(arguments.getFirst() instanceof Global type)) {
            throw input.damaged("needs a class");
        }
        return type;
    }

    /** How protocols 0 to 2 write bytes: as text in which each character is a byte. */
    private PyValue encode(List<PyValue> arguments) throws LoadFailure {
        if (arguments.size() != 2
                || !(arguments.get(0) instanceof Text(var text))
                || !(arguments.get(1) instanceof Text(var encoding))
                || !(encoding.equals("latin1") || encoding.equals("latin-1"))) {
            throw input.damaged("needs a text and the encoding latin1");
        }
        budget.copied(input, text.length());
        return Blob.of(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private PyValue bytes(List<PyValue> arguments) throws LoadFailure {
        if (arguments.isEmpty()) {
            return Blob.of(new byte[0]);
        }
        return arguments.size() == 1 && arguments.getFirst() instanceof Blob blob
                ? blob
                : encode(arguments);
    }

    private PyValue sequence(Form form, List<PyValue> arguments) throws LoadFailure {
        if (arguments.isEmpty()) {
            return new Sequence(form, new ArrayList<>(0));
        }
        if (arguments.size() != 1 || !(arguments.getFirst() instanceof Sequence items)) {
            throw input.damaged("needs one list");
        }
        budget.objects(input, items.items().size());
        return new Sequence(form, new ArrayList<>(items.items()));
    }

    private PyValue dict(List<PyValue> arguments) throws LoadFailure {
        var dict = new PyDict();
        if (arguments.isEmpty() || arguments.getFirst() instanceof Global) {
            return dict; // defaultdict's factory is a name only
        }
        if (!(arguments.getFirst() instanceof Sequence pairs)) {
            throw input.damaged("needs a list of pairs");
        }
        budget.objects(input, pairs.items().size());
        for (var item : pairs.items()) {
            if (!(item instanceof Sequence pair) || pair.items().size() != 2) {
                throw input.damaged("needs a list of pairs");
            }
            dict.put(pair.items().get(0), pair.items().get(1));
        }
        return dict;
    }
}
