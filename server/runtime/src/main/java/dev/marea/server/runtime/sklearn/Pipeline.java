package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.pickle.PyValue;
import dev.marea.server.runtime.sklearn.Estimator.ByMethod;
import dev.marea.server.runtime.sklearn.Estimator.Classifier;
import dev.marea.server.runtime.sklearn.Estimator.Clusterer;
import dev.marea.server.runtime.sklearn.Estimator.Regressor;
import dev.marea.server.runtime.sklearn.Estimator.Transformer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;

/** Estimators one after another: all but the last transform. */
final class Pipeline {
    private Pipeline() {}

    /** Steps as one step. The first one's demands are the caller's to check. */
    record Chain(List<Step> steps) implements Step {
        Chain {
            steps = told(steps);
        }

        /** Each step told whether the rows before it are sparse in the library. */
        private static List<Step> told(List<Step> steps) {
            var told = new ArrayList<Step>(steps.size());
            boolean sparse = false;
            for (var step : steps) {
                told.add(sparse ? step.behindSparse() : step);
                sparse = step.givesSparse(sparse);
            }
            return List.copyOf(told);
        }

        @Override
        public boolean givesSparse(boolean given) {
            boolean sparse = given;
            for (var step : steps) {
                sparse = step.givesSparse(sparse);
            }
            return sparse;
        }

        @Override
        public int columnsIn() {
            return steps.getFirst().columnsIn();
        }

        @Override
        public int columnsOut() {
            return steps.getLast().columnsOut();
        }

        /** NaN comes in if every step up to the one that fills it lets it through. */
        @Override
        public Accepts accepts() {
            for (var step : steps) {
                if (!step.accepts().nan()) {
                    return Accepts.FINITE;
                }
                if (step.fillsMissing()) {
                    break;
                }
            }
            return steps.getFirst().accepts();
        }

        @Override
        public Takes takes(int column) {
            int at = column;
            var kind = steps.getFirst().takes(at);
            for (int i = 1; i < steps.size() && kind == Takes.EITHER; i++) {
                at = steps.get(i - 1).handsOn(at);
                if (at < 0) {
                    return kind;
                }
                kind = steps.get(i).takes(at);
            }
            return kind;
        }

        @Override
        public Takes gives(int column) {
            return steps.getLast().gives(column);
        }

        @Override
        public boolean takesDocuments() {
            return steps.getFirst().takesDocuments();
        }

        @Override
        public Step sized(int columns) {
            if (columnsIn() != OPEN) {
                return this;
            }
            var known = new ArrayList<>(steps);
            Pipeline.sized(known, columns);
            return new Chain(known);
        }

        @Override
        public boolean fillsMissing() {
            return steps.stream().anyMatch(Step::fillsMissing);
        }

        @Override
        public Data apply(Data rows) throws BadInput {
            var through = steps.getFirst().apply(rows);
            for (int i = 1; i < steps.size(); i++) {
                through = steps.get(i).then(through);
            }
            return through;
        }
    }

    static Estimator read(State state) throws LoadFailure {
        var estimators = new ArrayList<Estimator>();
        for (var item : state.items("steps")) {
            var pair = state.items(item).orElse(List.of());
            if (pair.size() != 2) {
                throw state.failure("a step must be a name and an estimator");
            }
            if (!passesThrough(pair.get(1))) {
                estimators.add(state.estimator(pair.get(1)));
            }
        }
        if (estimators.isEmpty()) {
            throw state.unsupported("a pipeline of nothing");
        }
        return joined(state, estimators);
    }

    private static boolean passesThrough(PyValue value) {
        return value == PyValue.None.NONE
                || (value instanceof PyValue.Text(var text) && text.equals("passthrough"));
    }

    private static Estimator joined(State state, List<Estimator> estimators) throws LoadFailure {
        var steps = new ArrayList<Step>();
        for (int i = 0; i < estimators.size(); i++) {
            var estimator = estimators.get(i);
            if (i < estimators.size() - 1 && !(estimator instanceof Transformer)) {
                throw state.unsupported("a step in the middle that does not transform");
            }
            steps.add(estimator.step());
        }
        sized(steps, firstKnown(steps));
        for (int i = 1; i < steps.size(); i++) {
            int given = steps.get(i - 1).columnsOut();
            int taken = steps.get(i).columnsIn();
            if (given != taken) {
                throw state.failure(
                        "step %d gives %d columns and the next takes %d"
                                .formatted(i, given, taken));
            }
        }
        var chain = steps.size() == 1 ? steps.getFirst() : new Chain(steps);
        return switch (estimators.getLast()) {
            case Classifier c ->
                    new Classifier(chain, c.classes(), c.choice(), c.link(), c.scores());
            case Regressor r -> new Regressor(chain, r.flat());
            case Clusterer c -> new Clusterer(chain);
            case Transformer t -> new Transformer(chain);
            case ByMethod b -> behind(steps, b);
        };
    }

    /** The columns of the first step that knows them; those before it keep their number. */
    private static int firstKnown(List<Step> steps) {
        for (var step : steps) {
            if (step.columnsIn() != Step.OPEN) {
                return step.columnsIn();
            }
        }
        return Step.OPEN;
    }

    private static void sized(List<Step> steps, int columns) {
        int width = columns;
        for (int i = 0; i < steps.size(); i++) {
            steps.set(i, steps.get(i).sized(width));
            width = steps.get(i).columnsOut();
        }
    }

    /** Each way of the last estimator, after the steps before it. */
    private static ByMethod behind(List<Step> steps, ByMethod last) {
        if (steps.size() == 1) {
            return last;
        }
        var ways = new EnumMap<Method, Step>(Method.class);
        for (var way : last.ways().entrySet()) {
            var chained = new ArrayList<>(steps.subList(0, steps.size() - 1));
            chained.add(way.getValue());
            ways.put(way.getKey(), new Chain(chained));
        }
        return new ByMethod(last.labels(), last.flat(), last.apart(), ways);
    }
}
