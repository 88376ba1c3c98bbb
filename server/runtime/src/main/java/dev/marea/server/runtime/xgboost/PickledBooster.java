package dev.marea.server.runtime.xgboost;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.PickleLimits;
import dev.marea.server.runtime.pickle.PickleReader;
import dev.marea.server.runtime.pickle.PyObject;
import dev.marea.server.runtime.pickle.PyValue.Blob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A booster inside a pickle: an object whose handle is the bytes of a model. */
public final class PickledBooster {
    private static final String TYPE = "xgboost.core.Booster";

    private PickledBooster() {}

    /** The bytes of an object that is a trained booster. */
    public static Optional<Blob> handle(PyObject object) {
        return object.type().full().equals(TYPE)
                        && object.attribute("handle").orElse(null) instanceof Blob blob
                ? Optional.of(blob)
                : Optional.empty();
    }

    /** Whether a file is a pickle of protocol 2 or newer, as every version of XGBoost made. */
    static boolean isPickle(Path file) throws IOException {
        var head = ModelBytes.head(file);
        return head.length() > 1 && head.bytes()[0] == (byte) 0x80 && head.bytes()[1] >= 2;
    }

    static Booster read(Path file) throws LoadFailure {
        var root = PickleReader.read(file, PickleLimits.DEFAULT);
        var handle = root instanceof PyObject object ? handle(object) : Optional.<Blob>empty();
        if (handle.isEmpty()) {
            throw new LoadFailure(
                    file,
                    "is a pickle of " + root.kind() + " where a Booster is needed",
                    "serve scikit-learn's classes with modelFormat sklearn");
        }
        return read(file, handle.get());
    }

    public static Booster read(Path file, Blob handle) throws LoadFailure {
        return Booster.read(
                new ModelBytes(
                        file, handle.bytes(), handle.from(), handle.from() + handle.length()));
    }
}
