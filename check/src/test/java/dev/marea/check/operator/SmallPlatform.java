package dev.marea.check.operator;

import dev.marea.core.plan.Planner;
import dev.marea.core.route.RouteTable;
import dev.marea.core.scale.LoadReport;
import dev.marea.kubernetes.Operator;
import dev.marea.kubernetes.OperatorSettings;
import dev.marea.kubernetes.client.Cluster;
import dev.marea.kubernetes.client.KubeconfigCluster;
import dev.marea.kubernetes.client.ResourcePath;
import dev.marea.kubernetes.reconcile.Addresses;
import dev.marea.local.LocalApi;
import dev.marea.local.controllers.Controllers;
import dev.marea.local.objects.Key;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.work.Time;
import dev.marea.wire.http.EventLoops;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.Yaml;
import dev.marea.wire.kserve.Crds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** The API, the operator and a node that pretends, in one process. */
final class SmallPlatform implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Duration DRAIN = Duration.ofMillis(300);

    private static final Resource IRIS =
            new Resource(
                    "serving.kserve.io", "v1beta1", "inferenceservices", "InferenceService", true);

    private final EventLoops loops = EventLoops.open(1);
    private final LocalApi api;
    private final PretendNode node;
    private final Controllers controllers;
    private final Path kubeconfig;
    private Operator operator;
    final Cluster cluster;
    final List<RouteTable> tables = new CopyOnWriteArrayList<>();

    SmallPlatform(Path home) throws IOException, Refusal {
        api =
                LocalApi.open(
                        new LocalApi.Settings(
                                home,
                                "127.0.0.1",
                                0,
                                Crds.all(),
                                Map.of(),
                                loops,
                                Clock.systemUTC(),
                                "0.1.0"));
        api.serve((_, _, _) -> {
            throw new UnsupportedOperationException("no logs here");
        });
        api.objects()
                .create(
                        Json.Obj.of(
                                "apiVersion",
                                "v1",
                                "kind",
                                "Namespace",
                                "metadata",
                                Json.Obj.of("name", "demo")),
                        "test");
        node = new PretendNode(api.objects());
        controllers = Controllers.start(api.objects(), api.kinds(), Time.system());
        kubeconfig = home.resolve("kubeconfig");
        operator = startOperator();
        cluster = KubeconfigCluster.open(kubeconfig);
    }

    private Operator startOperator() throws IOException {
        var addresses =
                new Addresses(
                        "http",
                        "localhost",
                        Addresses.DEFAULT_TEMPLATE,
                        OptionalInt.of(8080),
                        "http://127.0.0.1:8080");
        var started =
                Operator.start(
                        new OperatorSettings(
                                Optional.of(kubeconfig),
                                addresses,
                                Optional.empty(),
                                Optional.empty(),
                                "0.1.0",
                                new Planner(10, DRAIN),
                                InstantSource.system()));
        started.routes().subscribe(tables::add);
        return started;
    }

    void restartOperator() throws IOException {
        operator.close();
        tables.clear();
        operator = startOperator();
    }

    void report(LoadReport load) {
        operator.routes().accept(load);
    }

    PretendNode node() {
        return node;
    }

    void apply(String yaml) throws IOException {
        cluster.apply((Json.Obj) Yaml.read(yaml).getFirst(), "demo", _ -> {});
    }

    void patch(String yaml) throws IOException {
        cluster.mergePatch(
                ResourcePath.INFERENCE_SERVICE,
                "demo",
                "iris",
                (Json.Obj) Yaml.read(yaml).getFirst(),
                _ -> {});
    }

    Json.Obj iris() {
        try {
            return cluster.get(ResourcePath.INFERENCE_SERVICE, "demo", "iris").orElseThrow();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Every object of a kind in the namespace, as {@code name@resourceVersion}. */
    List<String> versions(Resource resource) {
        var versions = new ArrayList<String>();
        for (var item : api.objects().list(resource, "demo").items()) {
            versions.add(
                    item.text("metadata", "name").orElse("")
                            + "@"
                            + item.text("metadata", "resourceVersion").orElse(""));
        }
        return versions;
    }

    List<String> names(Resource resource) {
        return versions(resource).stream().map(v -> v.substring(0, v.indexOf('@'))).toList();
    }

    Json.Obj object(Resource resource, String name) {
        return api.objects().get(new Key(resource, "demo", name)).orElseThrow();
    }

    /** The traffic as kubectl's columns show it, for example {@code 00002*10 00001:90}. */
    String traffic() {
        var text = new StringBuilder();
        for (var t : iris().list("status", "components", "predictor", "traffic")) {
            var name = t.text("revisionName").orElseThrow();
            text.append(text.isEmpty() ? "" : " ")
                    .append(name.substring(name.lastIndexOf('-') + 1))
                    .append(t.flag("latestRevision") ? "*" : ":")
                    .append(t.integer("percent").orElseThrow());
        }
        return text.toString();
    }

    /** A condition as {@code True/Ready}. */
    String condition(String type) {
        return iris().list("status", "conditions").stream()
                .filter(c -> c.text("type").filter(type::equals).isPresent())
                .findFirst()
                .map(c -> c.text("status").orElse("") + "/" + c.text("reason").orElse(""))
                .orElse("none");
    }

    /** Ready, and for the spec that stands now. */
    boolean settled() {
        var iris = iris();
        return condition("Ready").equals("True/Ready")
                && iris.integer("status", "observedGeneration")
                        .equals(iris.integer("metadata", "generation"));
    }

    void await(String what, BooleanSupplier holds) throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                var stored = api.objects().get(new Key(IRIS, "demo", "iris"));
                throw new AssertionError("never came true: " + what + "\n" + stored);
            }
            // A wait for a condition, with the deadline above.
            java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    @Override
    public void close() {
        cluster.close();
        operator.close();
        controllers.close();
        node.close();
        api.close();
        loops.close();
    }
}
