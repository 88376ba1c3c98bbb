package dev.marea.server.runtime.lightgbm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Examples;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorsAgree;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Ours equals the library, for every model that the library made. */
class LightgbmParityTest {
    private static final double TOLERANCE = 1e-12;

    @TestFactory
    Stream<DynamicTest> answersAsTheLibraryDoes() {
        return LightgbmExamples.withModel(".txt", ".bst").stream()
                .map(directory ->
                        dynamicTest(
                                Examples.ROOT.relativize(directory).toString(),
                                () -> compare(directory)));
    }

    @Test
    void thereAreEnoughExamplesToMeanSomething() {
        assertThat(LightgbmExamples.withModel(".txt", ".bst")).hasSizeGreaterThan(50);
    }

    private static void compare(Path directory) throws Exception {
        var expected = Examples.expected(directory);
        var rows = LightgbmExamples.rows(directory, expected);
        assertThat(rows.getFirst().rows()).isGreaterThanOrEqualTo(200);
        try (var model = new LightgbmRuntime().load(Examples.modelFile(directory))) {
            var all = model.predict(rows, Asked.PLAINLY).getFirst();
            TensorsAgree.check(all, expected.at("answers", "predict").orElseThrow(), TOLERANCE);
            oneByOneIsTheSame(model, rows, all);
        }
    }

    /** A row alone takes another way through the trees than a row among others. */
    private static void oneByOneIsTheSame(LoadedModel model, List<Tensor> inputs, Tensor all)
            throws Exception {
        int count = inputs.getFirst().rows();
        var answers = ((Elements.Doubles) all.elements()).values();
        int width = answers.length / count;
        for (int row = 0; row < count; row++) {
            int at = row;
            var one = inputs.stream().map(input -> row(input, at, count)).toList();
            var answer = model.predict(one, Asked.PLAINLY).getFirst();
            assertThat(((Elements.Doubles) answer.elements()).values())
                    .containsExactly(Arrays.copyOfRange(answers, row * width, (row + 1) * width));
        }
    }

    private static Tensor row(Tensor input, int row, int count) {
        int width = input.elements().length() / count;
        int from = row * width;
        var shape = input.shape().clone();
        shape[0] = 1;
        return switch (input.elements()) {
            case Elements.Doubles(var values) ->
                    Tensor.of(input.name(), shape, Arrays.copyOfRange(values, from, from + width));
            case Elements.Texts(var values) ->
                    Tensor.of(input.name(), shape, Arrays.copyOfRange(values, from, from + width));
            default -> throw new AssertionError(input);
        };
    }
}
