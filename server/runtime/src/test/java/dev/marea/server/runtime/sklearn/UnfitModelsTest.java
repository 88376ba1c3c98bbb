package dev.marea.server.runtime.sklearn;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.runtime.LoadFailure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pickles that are well formed and hold no model that we can serve. */
class UnfitModelsTest {
    @TempDir Path scratch;

    /** An object of a class with these attributes, in protocol 0: text that one can read. */
    private static String object(String module, String name, String attributes) {
        return "c%s\n%s\n)\u0081}(%sub".formatted(module, name, attributes);
    }

    private Path file(String pickle) throws Exception {
        var bytes = new ByteArrayOutputStream();
        bytes.write((pickle + ".").getBytes(StandardCharsets.ISO_8859_1));
        return Files.write(scratch.resolve("model.pkl"), bytes.toByteArray());
    }

    private void refuses(String pickle, String... reasons) throws Exception {
        var file = file(pickle);
        var failure = assertThatThrownBy(() -> new SklearnRuntime().load(file));
        failure.isInstanceOf(LoadFailure.class);
        for (var reason : reasons) {
            failure.hasMessageContaining(reason);
        }
    }

    @Test
    void aClassThatWeDoNotServeIsNamedWithTheWayOut() throws Exception {
        refuses(
                object("sklearn.neural_network._rbm", "BernoulliRBM", ""),
                "the class sklearn.neural_network._rbm.BernoulliRBM is not supported",
                "export the model to ONNX (skl2onnx)");
    }

    @Test
    void anUnfittedModelIsSaidToBeOne() throws Exception {
        refuses(
                object("sklearn.linear_model._base", "LinearRegression", ""),
                "LinearRegression: has no coef_ (not fitted?)");
    }

    @Test
    void anAttributeOfAnotherTypeIsNamed() throws Exception {
        refuses(
                object("sklearn.linear_model._base", "LinearRegression", "Vcoef_\nVmany\n"),
                "coef_ must be an array, is the string 'many'");
    }

    @Test
    void aModelInsideAListIsNoModel() throws Exception {
        refuses("(lI1\na", "holds a list of 1 where an estimator is needed");
    }

    @Test
    void aPipelineOfOtherThingsIsRefused() throws Exception {
        refuses(
                object("sklearn.pipeline", "Pipeline", "Vsteps\n(lI1\na"),
                "a step must be a name and an estimator");
        refuses(
                object("sklearn.pipeline", "Pipeline", "Vsteps\n(l(Va\nVb\nta"),
                "needs an estimator, found the string 'b'");
        refuses(
                object("sklearn.pipeline", "Pipeline", "Vsteps\n(l(Va\nVpassthrough\nta"),
                "a pipeline of nothing is not supported");
    }

    @Test
    void aStateWithoutItsArraysNeverBecomesAModel() throws Exception {
        refuses(
                object("sklearn.preprocessing._data", "StandardScaler", "Vmean_\nN"),
                "has no n_features_in_");
        refuses(
                object(
                        "sklearn.preprocessing._data",
                        "StandardScaler",
                        "Vn_features_in_\nI2000000000\n"),
                "the pickle unfolds to more numbers than it has bytes");
        refuses(
                object("sklearn.preprocessing._data", "StandardScaler", "Vn_features_in_\nF-0.5\n"),
                "n_features_in_ must be a size, is -0.5");
    }
}
