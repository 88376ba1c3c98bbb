package dev.marea.check.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.check.contract.ApiUnderTest;
import dev.marea.check.operator.OperatorAccount;
import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.ApiClient;
import dev.marea.kubernetes.api.Fence;
import dev.marea.kubernetes.api.Installation;
import dev.marea.kubernetes.certs.Authority;
import dev.marea.kubernetes.certs.Terms;
import dev.marea.kubernetes.client.Kubeconfigs;
import dev.marea.kubernetes.webhook.WebhookDoor;
import dev.marea.wire.http.EventLoops;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import dev.marea.wire.json.Yaml;
import dev.marea.wire.kserve.Crds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A real API server that asks this process, by the rules of the manifest that we ship; only the
 * address is another, and only the test's namespace is asked for.
 */
final class WebhookUnderTest implements AutoCloseable {
    private static final Path SHIPPED = Path.of("..", "charts", "install.yaml");
    private static final String CONFIGURATIONS =
            "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
    private static final String MARKS = "marea";

    final ApiUnderTest server = ApiUnderTest.open();
    private final EventLoops loops = EventLoops.open(1);
    final Authority authority;
    private final WebhookDoor door;

    /** Asked once everything is in place. */
    WebhookUnderTest(Terms terms) throws Exception {
        defineOurKinds();
        var account =
                ApiClient.open(
                        Kubeconfigs.read(OperatorAccount.kubeconfig(server, server.namespace())));
        var api = new Api(account, Fence.OPEN);
        authority =
                Authority.keep(
                        api,
                        new Authority.Settings(server.namespace(), terms),
                        InstantSource.system());
        door =
                WebhookDoor.open(
                        new Installation(server.namespace(), "test", loops, 0, 0, Set.of()),
                        authority,
                        api,
                        Optional::empty);
        register("https://127.0.0.1:" + door.port() + WebhookDoor.PATH);
        await("the API server trusts us", this::injected);
        // The API server's own watch of configurations lags a little behind.
        await("we are asked", () -> !kubectl("create", service("typo", "tpyo: 1")).ok());
    }

    private void defineOurKinds() {
        for (var crd : Crds.all()) {
            post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd);
        }
        await(
                "our kinds are served",
                () ->
                        server.get("/apis/serving.kserve.io/v1beta1/inferenceservices").status()
                                        == 200
                                && server.get("/apis/serving.kserve.io/v1alpha1/trainedmodels")
                                                .status()
                                        == 200);
    }

    private void register(String url) throws Exception {
        remove();
        var only =
                Json.Obj.of(
                        "matchLabels",
                        Json.Obj.of("kubernetes.io/metadata.name", server.namespace()));
        var webhooks = new ArrayList<Json>();
        for (var webhook : shipped().list("webhooks")) {
            var asked = ((Json.Obj) webhook).with("clientConfig", Json.Obj.of("url", url));
            webhooks.add(
                    asked.text("name").filter("services.marea.dev"::equals).isPresent()
                            ? asked.with("namespaceSelector", only)
                            : asked);
        }
        assertThat(post(CONFIGURATIONS, shipped().with("webhooks", new Json.Arr(webhooks))))
                .isEqualTo(201);
    }

    /** What install.yaml says, word for word. */
    private static Json.Obj shipped() throws Exception {
        return Yaml.read(Files.readString(SHIPPED)).stream()
                .map(document -> (Json.Obj) document)
                .filter(d ->
                        d.text("kind").filter("ValidatingWebhookConfiguration"::equals).isPresent())
                .findFirst()
                .orElseThrow();
    }

    private boolean injected() {
        return server.get(CONFIGURATIONS + "/" + MARKS).json().list("webhooks").stream()
                .allMatch(w -> w.at("clientConfig", "caBundle").isPresent());
    }

    int post(String path, Json.Obj tree) {
        return server.ask(
                        "POST",
                        path,
                        "application/json",
                        "application/json",
                        new String(JsonWriter.bytes(tree), StandardCharsets.UTF_8))
                .status();
    }

    private void remove() {
        server.ask("DELETE", CONFIGURATIONS + "/" + MARKS, "application/json", "", "");
    }

    /** The operator goes and leaves its configuration behind. */
    void shut() {
        door.close();
    }

    void point(String url) throws Exception {
        register(url);
        await("the API server trusts us", this::injected);
    }

    /** What kubectl did. */
    record Said(int exit, String out, String err) {
        boolean ok() {
            return exit == 0;
        }
    }

    /** As the administrator; the manifest is read from standard input. */
    Said kubectl(String verb, String manifest, String... more) {
        var command = new ArrayList<>(List.of("kubectl", "-n", server.namespace(), verb));
        if (!manifest.isEmpty()) {
            command.addAll(List.of("-f", "-"));
        }
        command.addAll(List.of(more));
        try {
            var builder = new ProcessBuilder(command);
            builder.environment().put("KUBECONFIG", server.kubeconfig().toString());
            var process = builder.start();
            var out = text(process, false);
            var err = text(process, true);
            try (var stdin = process.getOutputStream()) {
                stdin.write(manifest.getBytes(StandardCharsets.UTF_8));
            }
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
            return new Said(process.exitValue(), out.join(), err.join());
        } catch (IOException failed) {
            throw new AssertionError(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    /** On a thread of its own: our HTTP client works in the pool that others would block. */
    private static CompletableFuture<String> text(Process process, boolean errors) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (var stream =
                            errors ? process.getErrorStream() : process.getInputStream()) {
                        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
                    } catch (IOException cut) {
                        return "(cut)";
                    }
                },
                Thread::startVirtualThread);
    }

    static String service(String name, String more) {
        return """
        apiVersion: serving.kserve.io/v1beta1
        kind: InferenceService
        metadata: {name: %s}
        spec: {predictor: {model: {modelFormat: {name: sklearn}, storageUri: 'https://models.example/iris'}%s}}
        """
                .formatted(name, more.isEmpty() ? "" : ", " + more);
    }

    static void await(String what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as("not in 30 s: %s", what).isLessThan(deadline);
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
    }

    @Override
    public void close() {
        remove();
        door.close();
        authority.close();
        loops.close();
        server.close();
    }
}
