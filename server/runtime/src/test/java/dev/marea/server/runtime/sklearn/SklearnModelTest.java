package dev.marea.server.runtime.sklearn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Examples;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Method;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class SklearnModelTest {
    private static final Tensor FLOWERS =
            Tensor.of("input-0", new int[] {2, 4}, 6.8, 2.8, 4.8, 1.4, 6.0, 3.4, 4.5, 1.6);

    private static LoadedModel load(String example) throws LoadFailure {
        return new SklearnRuntime().load(Examples.modelFile(Examples.ROOT.resolve(example)));
    }

    private static Tensor ask(String example, Tensor input) throws Exception {
        try (var model = load(example)) {
            return model.predict(List.of(input), Asked.PLAINLY).getFirst();
        }
    }

    @Test
    void theTwoSampleModelsCanBeToldApart() throws Exception {
        assertThat(ask("sklearn-iris/model-1", FLOWERS))
                .isEqualTo(Tensor.of("output-0", new int[] {2}, 1L, 1L));
        assertThat(ask("sklearn-iris/model-2", FLOWERS))
                .isEqualTo(Tensor.of("output-0", new int[] {2}, 11L, 11L));
    }

    @Test
    void labelsKeepTheTypeTheyWereFittedWith() throws Exception {
        assertThat(datatypeOf("parity/tree-strings")).isEqualTo(Datatype.BYTES);
        assertThat(datatypeOf("parity/logistic-liblinear")).isEqualTo(Datatype.BOOL);
        assertThat(datatypeOf("parity/perceptron")).isEqualTo(Datatype.FP64);
        assertThat(datatypeOf("parity/kmeans")).isEqualTo(Datatype.INT32);
        assertThat(datatypeOf("parity/tree-big-endian-labels-p2")).isEqualTo(Datatype.INT64);
    }

    private static Datatype datatypeOf(String example) throws LoadFailure {
        try (var model = load(example)) {
            return model.metadata().outputs().getFirst().datatype();
        }
    }

    @Test
    void metadataNamesVersionEstimatorAndShapes() throws Exception {
        try (var model = load("old/logistic-ovr")) {
            assertThat(model.metadata().inputs())
                    .containsExactly(TensorSpec.of("input-0", Datatype.FP64, -1, 4));
            assertThat(model.metadata().facts())
                    .containsEntry("sklearn_version", "1.2.2")
                    .containsEntry("estimator", "LogisticRegression");
            assertThat(model.metadata().methods())
                    .containsExactly(
                            Method.PREDICT, Method.PREDICT_PROBA, Method.DECISION_FUNCTION);
        }
    }

    @Test
    void everyNumberTypeIsTaken() throws Exception {
        var shape = new int[] {1, 4};
        var expected = Tensor.of("output-0", new int[] {1}, 1L);
        assertThat(ask("sklearn-iris/model-1", Tensor.of("x", shape, 6f, 3, 4, 1)))
                .isEqualTo(expected);
        assertThat(ask("sklearn-iris/model-1", Tensor.of("x", shape, 6L, 3, 4, 1)))
                .isEqualTo(expected);
        assertThat(
                        ask(
                                "sklearn-iris/model-1",
                                new Tensor(
                                        "x",
                                        Datatype.UINT8,
                                        shape,
                                        new Elements.Bytes(new byte[] {6, 3, 4, 1}))))
                .isEqualTo(expected);
        var halves = new short[4];
        for (int i = 0; i < 4; i++) {
            halves[i] = Float.floatToFloat16(new float[] {6, 3, 4, 1}[i]);
        }
        assertThat(
                        ask(
                                "sklearn-iris/model-1",
                                new Tensor("x", Datatype.FP16, shape, new Elements.Shorts(halves))))
                .isEqualTo(expected);
    }

    @Test
    void unsignedNumbersAreNotNegative() throws Exception {
        var most =
                new Tensor(
                        "x",
                        Datatype.UINT64,
                        new int[] {1, 1},
                        new Elements.Longs(new long[] {-1}));
        assertThat(Rows.of(List.of(most), 1, false).values()).containsExactly(0x1p64);
        var byteMost =
                new Tensor(
                        "x", Datatype.UINT8, new int[] {1, 1}, new Elements.Bytes(new byte[] {-1}));
        assertThat(Rows.of(List.of(byteMost), 1, false).values()).containsExactly(255);
    }

    @Test
    void aRequestThatDoesNotFitNamesTensorAndLimitAndTheNextGoodOneWorks() throws Exception {
        try (var model = load("sklearn-iris/model-1")) {
            refuses(model, List.of(), "inputs", "must be one tensor of shape [n, 4]");
            refuses(model, List.of(FLOWERS, FLOWERS), "inputs", "are 2");
            refuses(
                    model,
                    List.of(Tensor.of("x", new int[] {4}, 1.0, 2, 3, 4)),
                    "x",
                    "put the row into a list of rows");
            refuses(
                    model,
                    List.of(Tensor.of("x", new int[] {1, 3}, 1.0, 2, 3)),
                    "x",
                    "must have 4 columns, has 3");
            refuses(
                    model,
                    List.of(Tensor.of("x", new int[] {0, 4}, new double[0])),
                    "x",
                    "at least one row");
            refuses(
                    model,
                    List.of(Tensor.of("x", new int[] {1, 4}, "a", "b", "c", "d")),
                    "x",
                    "holds text");
            refuses(
                    model,
                    List.of(Tensor.of("x", new int[] {1, 4}, 1, 2, Double.NaN, 4)),
                    "x",
                    "takes no NaN, but row 0, column 2 is NaN");
            refuses(
                    model,
                    List.of(Tensor.of("x", new int[] {1, 4}, 1, 2, 3, Double.POSITIVE_INFINITY)),
                    "x",
                    "column 3 is Infinity");
            assertThat(model.predict(List.of(FLOWERS), Asked.PLAINLY)).hasSize(1);
        }
    }

    @Test
    void treesRefuseWhatSinglePrecisionCannotHold() throws Exception {
        try (var model = load("parity/extra-trees-p2")) {
            refuses(
                    model,
                    List.of(Tensor.of("x", new int[] {1, 4}, 1, 2, 3, 1e39)),
                    "x",
                    "column 3 is 1.0E39");
        }
    }

    @Test
    void aMethodThatTheModelLacksIsRefusedByName() throws Exception {
        try (var model = load("parity/linear-svc")) {
            assertThatThrownBy(
                            () -> model.predict(List.of(FLOWERS), Asked.of(Method.PREDICT_PROBA)))
                    .isInstanceOf(BadInput.class)
                    .hasMessage(
                            "'predict_proba' is not what this model answers; it answers predict, decision_function");
            assertThatThrownBy(() ->
                            model.predict(
                                    List.of(FLOWERS), new Asked(Optional.empty(), List.of("y"))))
                    .hasMessageContaining("the model gives output-0");
        }
    }

    private static void refuses(
            LoadedModel model, List<Tensor> inputs, String field, String reason) {
        assertThatThrownBy(() -> model.predict(inputs, Asked.PLAINLY))
                .isInstanceOfSatisfying(
                        BadInput.class, bad -> assertThat(bad.field()).isEqualTo(field))
                .hasMessageContaining(reason);
    }

    @Test
    void manyThreadsAskAtOnceAndInputsStayAsTheyWere() throws Exception {
        try (var model = load("parity/imputer-scaler-logistic");
                var threads = Executors.newFixedThreadPool(4)) {
            var before = ((Elements.Doubles) FLOWERS.elements()).values().clone();
            var once = model.predict(List.of(FLOWERS), Asked.of(Method.PREDICT_PROBA));
            Callable<List<Tensor>> ask =
                    () -> model.predict(List.of(FLOWERS), Asked.of(Method.PREDICT_PROBA));
            for (var answer : threads.invokeAll(Collections.nCopies(500, ask))) {
                assertThat(answer.get()).isEqualTo(once);
            }
            assertThat(((Elements.Doubles) FLOWERS.elements()).values()).isEqualTo(before);
        }
    }
}
