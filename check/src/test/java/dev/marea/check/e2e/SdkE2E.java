package dev.marea.check.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Proof 6: KServe's own Python SDK. */
class SdkE2E {
    @Test
    void kservesPythonSdkCreatesWaitsGetsPatchesWatchesAndDeletes() throws Exception {
        var python = System.getProperty("marea.sdk.python", "python3");
        try (var marea = Marea.up("--no-samples")) {
            var models = Marea.MODELS.resolve("sklearn-iris");
            var run =
                    Run.of(
                            Marea.ROOT,
                            Map.of(),
                            "",
                            List.of(
                                    python,
                                    "check/e2e/sdk.py",
                                    marea.kubeconfig().toString(),
                                    models.resolve("model-1").toUri().toString(),
                                    models.resolve("model-2").toUri().toString(),
                                    marea.gateway()));
            System.out.print(run.out());
            assertThat(run.ok()).contains("passed delete");
        }
    }
}
