package dev.marea.check.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a model may come from, and in which spelling and format it may be asked for. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SourcesE2E {
    private static final Path MODEL = Subject.IRIS.resolve("model-1");

    private Marea marea;

    @BeforeAll
    void up() throws Exception {
        marea = Marea.up("--no-samples");
    }

    @AfterAll
    void down() {
        marea.close();
    }

    @ParameterizedTest
    @CsvSource({
        "plain-directory, '', ''",
        "plain-file, '', /model.pkl",
        "url-directory, file://, ''",
        "url-file, file://, /model.pkl"
    })
    void aModelOfThisMachineIsADirectoryOrOneFileWithOrWithoutAScheme(
            String name, String scheme, String file) throws Exception {
        var subject = subject(name).served(Subject.sklearn(scheme + MODEL + file));
        assertThat(subject.predict()).isEqualTo(Subject.FIRST_ANSWER);
    }

    @ParameterizedTest
    @CsvSource({"claim-whole, whole, ''", "claim-part, parts, /iris/first"})
    void aClaimIsADirectoryBelowTheHomesVolumes(String name, String claim, String subpath)
            throws Exception {
        var target = marea.home().resolve("volumes/default/" + claim + subpath);
        Files.createDirectories(target);
        Files.copy(MODEL.resolve("model.pkl"), target.resolve("model.pkl"));
        marea.kubectlWithInput(claim(claim), "apply", "-f", "-").ok();
        var subject = subject(name).served(Subject.sklearn("pvc://" + claim + subpath));
        assertThat(subject.predict()).isEqualTo(Subject.FIRST_ANSWER);
    }

    @Test
    void oneFileIsFetchedOverHttpBeforeTheReplicaStarts() throws Exception {
        var web = web("/models/model.pkl", Files.readAllBytes(MODEL.resolve("model.pkl")));
        try {
            var uri = "http://127.0.0.1:" + web.getAddress().getPort() + "/models/model.pkl";
            var subject = subject("fetched").served(Subject.sklearn(uri));
            assertThat(subject.predict()).isEqualTo(Subject.FIRST_ANSWER);
        } finally {
            web.stop(0);
        }
    }

    @Test
    void aStoreThatIsNotBuiltYetIsNamedInACondition() throws Exception {
        var subject = subject("bucket");
        subject.apply(Subject.sklearn("hdfs://models/iris")).ok();
        subject.awaitField(".status.conditions[*].reason", "SchemeNotSupported");
        assertThat(subject.field(".status.conditions[?(@.type==\"Ready\")].status"))
                .isEqualTo("False");
        assertThat(subject.owned("pods")).isEmpty();
    }

    @Test
    void theLegacyBlockServesWithAWarning() throws Exception {
        var subject = subject("legacy");
        var applied = subject.apply("sklearn: {storageUri: \"" + MODEL + "\"}");
        assertThat(applied.ok()).contains("applied");
        assertThat(applied.err()).contains("warning").contains("model");
        assertThat(subject.ready().predict()).isEqualTo(Subject.FIRST_ANSWER);
    }

    @Test
    void anOnnxModelAnswersV2() throws Exception {
        var subject =
                subject("tensors")
                        .served(
                                Subject.sklearn(Marea.MODELS.resolve("onnx-iris").toString())
                                        .replace("sklearn}", "onnx}"));
        var answer =
                subject.infer(
                        """
                        {"inputs": [{"name": "X", "shape": [1, 4], "datatype": "FP32", "data": [6.8, 2.8, 4.8, 1.4]}]}
                        """);
        assertThat(answer.text("model_name")).contains("tensors");
        assertThat(answer.list("outputs")).isNotEmpty();
    }

    @Test
    void aFormatThatNoRuntimeServesIsAnsweredWithTheCandidates() throws Exception {
        var subject = subject("exotic");
        subject.apply(Subject.sklearn(MODEL.toString()).replace("sklearn}", "caffe}")).ok();
        subject.awaitField(".status.conditions[*].message", "caffe");
        assertThat(subject.field(".status.conditions[*].message"))
                .contains("kserve-sklearnserver", "onnx");
    }

    private Subject subject(String name) {
        return new Subject(marea, name);
    }

    private static HttpServer web(String path, byte[] content) throws IOException {
        var web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext(
                path,
                exchange -> {
                    exchange.sendResponseHeaders(200, content.length);
                    exchange.getResponseBody().write(content);
                    exchange.close();
                });
        web.start();
        return web;
    }

    private static String claim(String name) {
        return """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: %s, namespace: default}
        spec:
          accessModes: [ReadWriteOnce]
          resources: {requests: {storage: 1Gi}}
        """
                .formatted(name);
    }
}
