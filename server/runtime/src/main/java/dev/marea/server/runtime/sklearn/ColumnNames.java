package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.NdArray;
import dev.marea.server.runtime.pickle.PyDict;
import dev.marea.server.runtime.pickle.PyObject;
import dev.marea.server.runtime.pickle.PyValue;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** The names of the data frame's columns that an estimator was fitted on. */
final class ColumnNames {
    private static final int DEPTH_MAX = 16;

    private ColumnNames() {}

    /** Empty where it was fitted on a plain array. */
    static List<String> of(Path file, PyObject estimator, int columns) throws LoadFailure {
        var found = find(estimator, 0).orElse(List.of());
        if (!found.isEmpty()
                && (found.size() != columns || new HashSet<>(found).size() != columns)) {
            throw LoadFailure.atByte(
                    file,
                    estimator.offset(),
                    "%d names (feature_names_in_) for %d columns, or one of them twice"
                            .formatted(found.size(), columns),
                    "rename the columns and fit it again");
        }
        return found;
    }

    /** A composite may leave the names to the first that sees the rows. */
    private static Optional<List<String>> find(PyValue value, int depth) {
        if (!(value instanceof PyObject object) || depth > DEPTH_MAX) {
            return Optional.empty();
        }
        if (object.type().name().equals("DictVectorizer")) {
            return dictionary(object);
        }
        return names(object)
                .or(() ->
                        object.attribute("best_estimator_").flatMap(best -> find(best, depth + 1)))
                .or(() -> first(object, "steps").flatMap(step -> find(step, depth + 1)))
                .or(() -> first(object, "transformer_list").flatMap(t -> find(t, depth + 1)));
    }

    private static Optional<PyValue> first(PyObject object, String list) {
        return object.attribute(list)
                .flatMap(ColumnNames::head)
                .filter(pair -> pair.items().size() == 2)
                .map(pair -> pair.items().get(1));
    }

    private static Optional<PyValue.Sequence> head(PyValue list) {
        return list instanceof PyValue.Sequence pairs
                        && !pairs.items().isEmpty()
                        && pairs.items().getFirst() instanceof PyValue.Sequence pair
                ? Optional.of(pair)
                : Optional.empty();
    }

    /** What its dictionaries name are its columns. */
    private static Optional<List<String>> dictionary(PyObject object) {
        var separator =
                object.attribute("separator").orElse(PyValue.None.NONE)
                                instanceof PyValue.Text(var text)
                        ? text
                        : "=";
        return object.attribute("vocabulary_")
                .flatMap(words -> words instanceof PyDict d ? Optional.of(d) : Optional.empty())
                .map(words -> Dictionaries.names(words.named().keySet(), separator));
    }

    private static Optional<List<String>> names(PyObject object) {
        return object.attribute("feature_names_in_")
                .flatMap(names ->
                        names instanceof NdArray array ? array.objects() : Optional.empty())
                .filter(names -> names.stream().allMatch(PyValue.Text.class::isInstance))
                .map(names -> names.stream().map(name -> ((PyValue.Text) name).value()).toList());
    }
}
