package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.NdArray;
import dev.marea.server.runtime.pickle.PyDict;
import dev.marea.server.runtime.pickle.PyObject;
import dev.marea.server.runtime.pickle.PyValue;
import dev.marea.server.runtime.pickle.PyValue.Bool;
import dev.marea.server.runtime.pickle.PyValue.Int;
import dev.marea.server.runtime.pickle.PyValue.None;
import dev.marea.server.runtime.pickle.PyValue.Real;
import dev.marea.server.runtime.pickle.PyValue.Sequence;
import dev.marea.server.runtime.pickle.PyValue.Text;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a fitted estimator remembers, by attribute and type. An attribute that is missing or of
 * another shape than the library would have left is a failure that names it.
 */
final class State {
    private static final String REFIT =
            "save a fitted estimator, with one of the versions of scikit-learn that we read";

    private final PyObject object;
    private final Loading loading;

    State(PyObject object, Loading loading) {
        this.object = object;
        this.loading = loading;
    }

    PyObject object() {
        return object;
    }

    /** The file that all of it comes from. */
    Path file() {
        return loading.file();
    }

    String type() {
        return object.type().name();
    }

    LoadFailure failure(String reason) {
        return loading.failure(object, reason, REFIT);
    }

    LoadFailure unsupported(String what) {
        return loading.failure(
                object,
                what + " is not supported",
                "export the model to ONNX (skl2onnx) and serve that");
    }

    Optional<PyValue> value(String name) {
        return object.attribute(name).filter(value -> value != None.NONE);
    }

    /** Present, and not None. */
    boolean has(String name) {
        return value(name).isPresent();
    }

    /** Present, though perhaps None: what a version of the library knew. */
    boolean knows(String name) {
        return object.attribute(name).isPresent();
    }

    PyValue needed(String name) throws LoadFailure {
        return value(name).orElseThrow(() -> failure("has no " + name + " (not fitted?)"));
    }

    private LoadFailure wrong(String name, String expected, PyValue found) {
        return failure(name + " must be " + expected + ", is " + found.kind());
    }

    Optional<String> text(String name) {
        return value(name)
                .flatMap(v -> v instanceof Text(var t) ? Optional.of(t) : Optional.empty());
    }

    boolean flag(String name, boolean otherwise) {
        return value(name).map(v -> v == Bool.TRUE || isOne(v)).orElse(otherwise);
    }

    private static boolean isOne(PyValue value) {
        return value instanceof Int(var n) && n == 1;
    }

    double number(String name) throws LoadFailure {
        var value = needed(name);
        return number(value).orElseThrow(() -> wrong(name, "a number", value));
    }

    double number(PyValue value, String what) throws LoadFailure {
        return number(value).orElseThrow(() -> wrong(what, "a number", value));
    }

    private static Optional<Double> number(PyValue value) {
        return switch (value) {
            case Int(var whole) -> Optional.of((double) whole);
            case Real(var real) -> Optional.of(real);
            case Bool flag -> Optional.of(flag == Bool.TRUE ? 1.0 : 0.0);
            case NdArray array when array.isNumeric() && array.count() == 1 ->
                    Optional.of(array.doubles()[0]);
            default -> Optional.empty();
        };
    }

    /** A count or size; within what an array can hold. */
    int size(String name) throws LoadFailure {
        return size(needed(name), name);
    }

    int size(PyValue value, String what) throws LoadFailure {
        double number = number(value, what);
        if (!(number >= 0 && number <= Integer.MAX_VALUE) || number != Math.rint(number)) {
            throw failure(what + " must be a size, is " + number);
        }
        return (int) number;
    }

    /** Counts numbers that are made though the file does not hold them. */
    void charge(long numbers) throws LoadFailure {
        loading.charge(object, numbers);
    }

    /** Counts a text that is kept, and what it costs to keep one. */
    void chargeText(String text) throws LoadFailure {
        loading.chargeText(object, text);
    }

    /** A list or array of numbers. */
    double[] numbers(PyValue value, String what) throws LoadFailure {
        if (value instanceof NdArray array && array.isNumeric()) {
            loading.charge(object, array.count());
            return array.doubles();
        }
        var items = items(value).orElseThrow(() -> wrong(what, "numbers", value));
        loading.charge(object, items.size());
        var numbers = new double[items.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(items.get(i), what);
        }
        return numbers;
    }

    /** A list or array of whole numbers, each from 0 and below a bound. */
    int[] indices(PyValue value, String what, int below) throws LoadFailure {
        var numbers = numbers(value, what);
        var indices = new int[numbers.length];
        for (int i = 0; i < indices.length; i++) {
            if (!(numbers[i] >= 0 && numbers[i] < below) || numbers[i] != Math.rint(numbers[i])) {
                throw failure(
                        "%s holds %s, which is no index below %d"
                                .formatted(what, numbers[i], below));
            }
            indices[i] = (int) numbers[i];
        }
        return indices;
    }

    /** The elements of an array of any type, as values. */
    List<PyValue> values(NdArray array) throws LoadFailure {
        loading.charge(object, array.count());
        return array.objects().orElseGet(() -> plain(array));
    }

    private static List<PyValue> plain(NdArray array) {
        if (array.isText()) {
            return Arrays.stream(array.texts()).<PyValue>map(Text::new).toList();
        }
        return array.isNumeric()
                ? Arrays.stream(array.doubles()).<PyValue>mapToObj(Real::new).toList()
                : List.of();
    }

    Optional<PyDict> dict(String name) {
        return value(name).flatMap(v -> v instanceof PyDict d ? Optional.of(d) : Optional.empty());
    }

    NdArray array(String name) throws LoadFailure {
        var value = needed(name);
        if (value instanceof NdArray array) {
            return array;
        }
        throw wrong(name, "an array", value);
    }

    int rank(String name) {
        return value(name).orElse(None.NONE) instanceof NdArray array ? array.rank() : 0;
    }

    /** A number, or an array of numbers of any shape, as a flat array. */
    double[] vector(String name) throws LoadFailure {
        var value = needed(name);
        if (value instanceof NdArray array && array.isNumeric()) {
            loading.charge(object, array.count());
            return array.doubles();
        }
        return new double[] {number(value).orElseThrow(() -> wrong(name, "numbers", value))};
    }

    double[] vector(String name, int length) throws LoadFailure {
        var vector = vector(name);
        if (vector.length != length) {
            throw failure(
                    "%s must hold %d numbers, holds %d".formatted(name, length, vector.length));
        }
        return vector;
    }

    /** A table of numbers; a flat array is one row. */
    Matrix matrix(String name) throws LoadFailure {
        var array = array(name);
        if (!array.isNumeric() || array.rank() < 1 || array.rank() > 2) {
            throw wrong(name, "a table of numbers", array);
        }
        var values = vector(name);
        int columns = array.dimension(array.rank() - 1);
        return new Matrix(array.rank() == 1 ? 1 : array.dimension(0), columns, values);
    }

    /** As {@link #matrix(String)}, of a value found inside another. */
    Matrix table(PyValue value, String what) throws LoadFailure {
        if (!(value instanceof NdArray array)
                || !array.isNumeric()
                || array.rank() < 1
                || array.rank() > 2) {
            throw wrong(what, "tables of numbers", value);
        }
        loading.charge(object, array.count());
        int columns = array.dimension(array.rank() - 1);
        return new Matrix(array.rank() == 1 ? 1 : array.dimension(0), columns, array.doubles());
    }

    double[] column(String array, String column) throws LoadFailure {
        var table = array(array);
        loading.charge(object, table.count());
        return table.column(column).orElseThrow(() -> failure(array + " has no column " + column));
    }

    /** The items of a list, a tuple or an array of objects. */
    List<PyValue> items(String name) throws LoadFailure {
        var value = needed(name);
        return items(value).orElseThrow(() -> wrong(name, "a list", value));
    }

    Optional<List<PyValue>> items(PyValue value) {
        return switch (value) {
            case Sequence sequence -> Optional.of(sequence.items());
            case NdArray array -> array.objects();
            default -> Optional.empty();
        };
    }

    Classes classes() throws LoadFailure {
        return classes(array("classes_"), "classes_");
    }

    Classes classes(NdArray array, String name) throws LoadFailure {
        loading.charge(object, array.count());
        var classes =
                Classes.of(array)
                        .orElseThrow(() ->
                                unsupported("a mixture of label types (" + array.kind() + ")"));
        if (classes.count() < 1) {
            throw failure(name + " is empty");
        }
        return classes;
    }

    /** The state of an object that is no estimator of its own, such as a tree. */
    State part(String name) throws LoadFailure {
        var value = needed(name);
        return part(value).orElseThrow(() -> wrong(name, "an object", value));
    }

    Optional<State> part(PyValue value) {
        return value instanceof PyObject part
                ? Optional.of(new State(part, loading))
                : Optional.empty();
    }

    State needPart(PyValue value, String what) throws LoadFailure {
        return part(value).orElseThrow(() -> wrong(what, "an object", value));
    }

    Estimator estimator(PyValue value) throws LoadFailure {
        return loading.estimator(value, object);
    }

    String version() {
        return text("_sklearn_version").orElse("unknown");
    }

    /** Whether it was saved by a version before major.minor; a state without one is old. */
    boolean savedBefore(int major, int minor) {
        var parts = version().split("\\.", -1);
        try {
            int savedMajor = Integer.parseInt(parts[0]);
            int savedMinor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
            return savedMajor < major || (savedMajor == major && savedMinor < minor);
        } catch (NumberFormatException noVersion) {
            return true;
        }
    }
}
