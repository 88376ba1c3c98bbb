package dev.marea.check.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.marea.storage.credentials.Access;
import dev.marea.storage.http.AddressPolicy;
import dev.marea.storage.http.ClientSettings;
import dev.marea.storage.http.RetriedAsking;
import dev.marea.storage.http.Retries;
import dev.marea.storage.http.StoreClient;
import dev.marea.storage.store.Unpack.Compression;
import dev.marea.storage.stores.oci.Push;
import dev.marea.storage.stores.oci.Reference;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every kind of store, by servers nobody here wrote: what docs/storage.md shows is applied as it
 * stands there, becomes Ready and predicts.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StorageE2E {
    private static final Path PAGE = Marea.ROOT.resolve("docs/storage.md");
    private static final Path MODEL = Subject.IRIS.resolve("model-1");
    private static final Pattern FENCED =
            Pattern.compile("^```yaml\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern NAME =
            Pattern.compile("kind: InferenceService\\nmetadata:\\n  name: ([a-z0-9-]+)");

    private final Map<String, String> ours = new LinkedHashMap<>();
    private Path work;
    private StoreServers servers;
    private HubServer hub;
    private HttpServer web;
    private String registry;
    private Marea marea;

    @BeforeAll
    void up() throws Exception {
        work = Files.createTempDirectory("marea-stores");
        servers = new StoreServers(Path.of(System.getProperty("marea.stores")), work, MODEL);
        var key = servers.s3();
        servers.gcs();
        servers.azure();
        servers.mlflow();
        registry = servers.registry();
        hub = new HubServer(MODEL);
        servers.set("HF_ENDPOINT", hub.url());
        web = web(Files.readAllBytes(MODEL.resolve("model.pkl")));
        ours.put("YOUR-KEY-ID", key.getFirst());
        ours.put("YOUR-KEY", key.getLast());
        ours.put("YOUR-TOKEN", HubServer.TOKEN);
        ours.put("registry.example.com", registry);
        ours.put("https://models.example.com", "http://127.0.0.1:" + web.getAddress().getPort());
        marea = Marea.up(servers.environment(), "--no-samples");
    }

    @AfterAll
    void down() {
        try {
            marea.close();
        } finally {
            web.stop(0);
            hub.close();
            servers.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "S3",
                "Google Cloud Storage",
                "Hugging Face Hub",
                "MLflow",
                "Web servers",
                "Storage spec"
            })
    void theExampleOfThePageServes(String heading) throws Exception {
        assertThat(served(example(heading)).predict()).isEqualTo(Subject.FIRST_ANSWER);
    }

    @Test
    void theExampleOfAzureServes() throws Exception {
        var shown =
                example("Azure Blob Storage").replace(ours.get("YOUR-KEY"), StoreServers.AZURE_KEY);
        assertThat(served(shown).predict()).isEqualTo(Subject.FIRST_ANSWER);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void whatIsPushedToARegistryServes(Compression compression) throws Exception {
        var tag = compression.name().toLowerCase(Locale.ROOT);
        var reference = registry + "/models/iris:" + tag;
        var pushed = push(Reference.read(reference).orElseThrow(), compression);
        var shown =
                example("Image registries")
                        .replace("from-registry", "from-registry-" + tag)
                        .replace(registry + "/models/iris:1", reference);

        assertThat(served(shown).predict()).isEqualTo(Subject.FIRST_ANSWER);

        assertThat(push(Reference.read(reference).orElseThrow(), compression))
                .as("a second push sends nothing and changes nothing")
                .isEqualTo(new Push.Pushed(pushed.uri(), pushed.digest(), pushed.layers(), 0));
    }

    private Push.Pushed push(Reference target, Compression compression) throws Exception {
        try (var client = new StoreClient(ClientSettings.usual(AddressPolicy.ONE_MACHINE))) {
            var asking = new RetriedAsking(client, Retries.usual(), Clock.systemUTC());
            return new Push(Access.read(servers.environment()), asking, work.resolve("push"))
                    .push(MODEL, target, compression, Push.Watcher.NOBODY);
        }
    }

    @Test
    void noTokenFollowsToTheHostThatKeepsTheHubsFiles() throws Exception {
        served(example("Hugging Face Hub").replace("from-hub", "from-hub-again"));
        assertThat(hub.leaked).isEmpty();
    }

    @Test
    void aWrongKeyIsToldWithTheSecretToMendAndNeverShown() throws Exception {
        var shown =
                example("S3")
                        .replace("from-s3", "refused")
                        .replace("my-s3", "wrong-s3")
                        .replace(ours.get("YOUR-KEY"), "no-key-of-that-store");
        apply(shown);
        var subject = new Subject(marea, "refused");
        subject.awaitField(".status", "Secret wrong-s3");
        assertThat(subject.field(".status")).contains("403").doesNotContain("no-key-of-that-store");
    }

    @Test
    void aMissingModelIsToldInTheStoresWords() throws Exception {
        apply(example("MLflow").replace("from-mlflow", "missing").replace("@champion", "@nobody"));
        new Subject(marea, "missing").awaitField(".status", "nobody not found");
    }

    private Subject served(String manifests) throws IOException, InterruptedException {
        apply(manifests);
        var name = NAME.matcher(manifests);
        assertThat(name.find()).as("an InferenceService with a name").isTrue();
        return new Subject(marea, name.group(1)).ready();
    }

    private void apply(String manifests) throws IOException, InterruptedException {
        marea.kubectlWithInput(manifests, "apply", "-f", "-").ok();
    }

    /** The first manifest below a heading, with the names of our servers. */
    private String example(String heading) throws IOException {
        var page = Files.readString(PAGE);
        int start = page.indexOf("\n## " + heading + "\n");
        assertThat(start).as("docs/storage.md has the heading " + heading).isPositive();
        var block = FENCED.matcher(page);
        assertThat(block.find(start)).isTrue();
        var manifests = block.group(1);
        for (var name : ours.entrySet()) {
            manifests = manifests.replace(name.getKey(), name.getValue());
        }
        return manifests;
    }

    private static HttpServer web(byte[] content) throws IOException {
        var web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext(
                "/iris/model.pkl",
                exchange -> {
                    exchange.sendResponseHeaders(200, content.length);
                    exchange.getResponseBody().write(content);
                    exchange.close();
                });
        web.start();
        return web;
    }
}
