package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.PyDict;
import dev.marea.server.runtime.pickle.PyValue;
import dev.marea.server.runtime.pickle.PyValue.Text;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;
import dev.marea.server.runtime.sklearn.Union.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** ColumnTransformer and FeatureUnion: transformers side by side. */
final class Composites {
    private static final String REMAINDER = "remainder";

    private Composites() {}

    static Estimator columnTransformer(State state) throws LoadFailure {
        int columns = state.size(state.has("n_features_in_") ? "n_features_in_" : "_n_features");
        var wanted = new ColumnChoice(state, columns);
        var weights = state.dict("transformer_weights");
        var parts = new ArrayList<Part>();
        for (var item : state.items("transformers_")) {
            var triple = state.items(item).orElse(List.of());
            if (triple.size() != 3 || !(triple.get(0) instanceof Text(var name))) {
                throw state.failure("a transformer must be a name, an estimator and columns");
            }
            var chosen = wanted.of(name, triple.get(2));
            // What was fitted on no columns was not fitted at all.
            if (chosen.length > 0 && !isText(triple.get(1), "drop")) {
                var step = step(state, triple.get(1), chosen.length);
                parts.add(new Part(chosen, step, weight(state, weights, name)));
            }
        }
        return joined(state, columns, parts);
    }

    static Estimator featureUnion(State state) throws LoadFailure {
        var weights = state.dict("transformer_weights");
        var parts = new ArrayList<Part>();
        int columns = Step.OPEN;
        for (var item : state.items("transformer_list")) {
            var pair = state.items(item).orElse(List.of());
            if (pair.size() != 2 || !(pair.get(0) instanceof Text(var name))) {
                throw state.failure("a transformer must be a name and an estimator");
            }
            if (isText(pair.get(1), "drop") || pair.get(1) == PyValue.None.NONE) {
                continue;
            }
            var step = step(state, pair.get(1), columns);
            columns = Math.max(columns, step.columnsIn());
            parts.add(new Part(new int[0], step, weight(state, weights, name)));
        }
        if (columns == Step.OPEN) {
            columns = state.size("n_features_in_");
        }
        return joined(state, columns, all(state, columns, parts));
    }

    /** The parts, each of which takes all columns. */
    private static List<Part> all(State state, int columns, List<Part> parts) throws LoadFailure {
        var all = IntStream.range(0, columns).toArray();
        state.charge(columns);
        return parts.stream()
                .map(part -> new Part(all, part.step().sized(columns), part.weight()))
                .toList();
    }

    private static boolean isText(PyValue value, String text) {
        return value instanceof Text(var is) && is.equals(text);
    }

    /**
     * @param columns that it must take, or {@link Step#OPEN}
     */
    private static Step step(State state, PyValue value, int columns) throws LoadFailure {
        if (isText(value, "passthrough")) {
            return new Pass(columns);
        }
        if (!(state.estimator(value) instanceof Transformer(var read))) {
            throw state.unsupported("a part that does not transform");
        }
        var step = columns == Step.OPEN ? read : read.sized(columns);
        if (columns != Step.OPEN && step.columnsIn() != Step.OPEN && step.columnsIn() != columns) {
            throw state.failure(
                    "a part takes %d columns and gets %d".formatted(step.columnsIn(), columns));
        }
        return step;
    }

    private static double weight(State state, Optional<PyDict> weights, String name)
            throws LoadFailure {
        var weight = weights.flatMap(w -> w.get(name));
        return weight.isEmpty() || weight.get() == PyValue.None.NONE
                ? 1
                : state.number(weight.get(), "transformer_weights");
    }

    private static Estimator joined(State state, int columns, List<Part> parts) throws LoadFailure {
        if (parts.isEmpty()) {
            throw state.unsupported("a union of nothing");
        }
        long columnsOut = 0;
        var kinds = new Takes[columns];
        Arrays.fill(kinds, Takes.NOTHING);
        for (var part : parts) {
            columnsOut += part.step().columnsOut();
            for (int i = 0; i < part.columns().length; i++) {
                int column = part.columns()[i];
                var kind = part.step().takes(i);
                if (!kinds[column].agrees(kind)) {
                    throw state.unsupported(
                            "column %d as text and as numbers at once".formatted(column));
                }
                kinds[column] = kinds[column].with(kind);
            }
        }
        if (columnsOut > Integer.MAX_VALUE) {
            throw state.unsupported("a union of " + columnsOut + " columns");
        }
        // One of several columns decides by the share of zeros that it saw.
        boolean sparse =
                state.has("sparse_output_")
                        ? state.flag("sparse_output_", false)
                        : parts.stream().anyMatch(part -> part.step().givesSparse(false));
        return new Transformer(new Union(kinds, parts, (int) columnsOut, sparse));
    }

    /** Which columns a part takes, however it was said. */
    private record ColumnChoice(State state, int columns) {
        int[] of(String name, PyValue said) throws LoadFailure {
            // Kept since 1.0; whatever the columns were named by, these are their positions.
            var indices = state.dict("_transformer_to_input_indices").flatMap(d -> d.get(name));
            if (indices.isPresent()) {
                return state.indices(indices.get(), "the columns of " + name, columns);
            }
            var items = state.items(said).orElse(List.of());
            if (items.stream().allMatch(PyValue.Int.class::isInstance)
                    && (said instanceof PyValue.Sequence || said instanceof PyValue.Int)) {
                return state.indices(said, "the columns of " + name, columns);
            }
            throw state.unsupported(
                    name.equals(REMAINDER)
                            ? "a remainder of columns that are not numbered"
                            : "choosing the columns of '%s' by %s".formatted(name, said.kind()));
        }
    }
}
