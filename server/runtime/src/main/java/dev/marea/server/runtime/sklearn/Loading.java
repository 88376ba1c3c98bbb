package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.PyObject;
import dev.marea.server.runtime.pickle.PyValue;
import java.nio.file.Path;

/**
 * One load: the file, and how much has been built from it. A few bytes of a pickle can name the
 * same array or estimator a million times; what is built from it is counted here.
 */
final class Loading {
    private static final int NESTING_MAX = 16;
    private static final int ESTIMATORS_MAX = 200_000;
    private static final long ELEMENTS_SPARE = 1 << 20;
    private static final long TEXT_BYTES = 96;

    private final Path file;
    private final long elementsMax;
    private long elements;
    private long textBytes;
    private int estimators;
    private int nesting;

    /** An honest file holds at least one byte for every number that it describes. */
    Loading(Path file, long fileBytes) {
        this.file = file;
        this.elementsMax = fileBytes + ELEMENTS_SPARE;
    }

    Path file() {
        return file;
    }

    void charge(PyObject at, long more) throws LoadFailure {
        elements += more;
        if (elements > elementsMax) {
            throw failure(at, "the pickle unfolds to more numbers than it has bytes", "");
        }
    }

    /** A text is kept with its key and its place in a table. */
    void chargeText(PyObject at, String text) throws LoadFailure {
        charge(at, 1 + text.length() / Long.BYTES);
        textBytes += TEXT_BYTES + text.length();
    }

    /** What has been built takes about this much memory. */
    long bytes() {
        return Long.BYTES * elements + textBytes;
    }

    /** Builds an estimator found inside another. */
    Estimator estimator(PyValue value, PyObject parent) throws LoadFailure {
        if (!(value instanceof PyObject object)) {
            throw failure(parent, "needs an estimator, found " + value.kind(), "");
        }
        if (++nesting > NESTING_MAX || ++estimators > ESTIMATORS_MAX) {
            throw failure(
                    object,
                    "more than %d estimators inside one another or %d in all"
                            .formatted(NESTING_MAX, ESTIMATORS_MAX),
                    "");
        }
        var built = Families.read(new State(object, this));
        nesting--;
        return built;
    }

    LoadFailure failure(PyObject at, String reason, String advice) {
        return LoadFailure.atByte(file, at.offset(), at.type().name() + ": " + reason, advice);
    }
}
