package dev.marea.check.operator;

import dev.marea.check.contract.ApiUnderTest;
import dev.marea.core.plan.Planner;
import dev.marea.core.route.RouteTable;
import dev.marea.core.scale.LoadReport;
import dev.marea.kubernetes.Operator;
import dev.marea.kubernetes.OperatorSettings;
import dev.marea.kubernetes.api.Installation;
import dev.marea.kubernetes.client.Cluster;
import dev.marea.kubernetes.client.KubeconfigCluster;
import dev.marea.kubernetes.client.ResourcePath;
import dev.marea.kubernetes.reconcile.Addresses;
import dev.marea.local.objects.Resource;
import dev.marea.wire.http.EventLoops;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.Yaml;
import dev.marea.wire.kserve.OwnImages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** The API under test, the operator and a node that pretends: in one process, or with a cluster. */
public final class SmallPlatform implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(40);
    private static final Duration DRAIN = Duration.ofMillis(300);

    private final ApiUnderTest api;
    private final Path operatorKubeconfig;
    private final InstantSource clock;
    private final PretendNode node;
    private final Optional<Installation> installation;
    private Operator operator;
    public final Cluster cluster;
    private final List<RouteTable> tables = new CopyOnWriteArrayList<>();

    SmallPlatform() throws IOException {
        this(false);
    }

    /**
     * Starts it.
     *
     * @param installed whether the operator is told that it stands in a cluster, as its only
     *     replica
     */
    public SmallPlatform(boolean installed) throws IOException {
        this(ApiUnderTest.open(), installed);
    }

    private SmallPlatform(ApiUnderTest api, boolean installed) throws IOException {
        this(
                api,
                OperatorAccount.kubeconfig(api, api.namespace()),
                InstantSource.system(),
                installed);
    }

    /**
     * The operator asks the API by a way of its own, and has a clock of its own.
     *
     * @param api is closed with this
     */
    public SmallPlatform(ApiUnderTest api, Path operatorKubeconfig, InstantSource clock)
            throws IOException {
        this(api, operatorKubeconfig, clock, false);
    }

    private SmallPlatform(
            ApiUnderTest api, Path operatorKubeconfig, InstantSource clock, boolean installed)
            throws IOException {
        this.api = api.withOurKinds();
        this.clock = clock;
        this.operatorKubeconfig = operatorKubeconfig;
        installation =
                installed
                        ? Optional.of(
                                new Installation(
                                        api.namespace(),
                                        "operator-0",
                                        EventLoops.open(1),
                                        0,
                                        0,
                                        Set.of()))
                        : Optional.empty();
        cluster = KubeconfigCluster.open(api.kubeconfig());
        if (installed) {
            PretendGateway.stand(api);
        }
        node = new PretendNode(api);
        operator = startOperator();
    }

    public String namespace() {
        return api.namespace();
    }

    /** What the operator last said of this namespace. */
    public List<RouteTable.Route> routes() {
        return tables.isEmpty()
                ? List.of()
                : tables.getLast().routes().stream()
                        .filter(route -> route.service().namespace().equals(namespace()))
                        .toList();
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
                                Optional.of(operatorKubeconfig),
                                addresses,
                                installation,
                                OwnImages.of("0.1.0"),
                                new Planner(10, DRAIN),
                                clock));
        started.routes().subscribe(tables::add);
        return started;
    }

    public void restartOperator() throws IOException {
        operator.close();
        resumeOperator();
    }

    /** As if its process ended; {@link #resumeOperator} starts another. */
    public void stopOperator() {
        operator.close();
    }

    public void resumeOperator() throws IOException {
        tables.clear();
        operator = startOperator();
    }

    public void report(LoadReport load) {
        operator.routes().accept(load);
    }

    public ApiUnderTest api() {
        return api;
    }

    PretendNode node() {
        return node;
    }

    public void apply(String yaml) throws IOException {
        cluster.apply((Json.Obj) Yaml.read(yaml).getFirst(), namespace(), _ -> {});
    }

    public void patch(String yaml) throws IOException {
        cluster.mergePatch(
                ResourcePath.INFERENCE_SERVICE,
                namespace(),
                "iris",
                (Json.Obj) Yaml.read(yaml).getFirst(),
                _ -> {});
    }

    public Json.Obj iris() {
        try {
            return cluster.get(ResourcePath.INFERENCE_SERVICE, namespace(), "iris").orElseThrow();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Every object of a kind in the namespace, as {@code name@resourceVersion}. */
    public List<String> versions(Resource resource) {
        var versions = new ArrayList<String>();
        for (var item : api.get(path(resource)).json().list("items")) {
            versions.add(
                    item.text("metadata", "name").orElse("")
                            + "@"
                            + item.text("metadata", "resourceVersion").orElse(""));
        }
        return versions;
    }

    public List<Json> objects(Resource resource) {
        return api.get(path(resource)).json().list("items");
    }

    private String path(Resource resource) {
        var root = resource.group().isEmpty() ? "/api/" : "/apis/" + resource.group() + "/";
        return root + resource.version() + "/namespaces/" + namespace() + "/" + resource.plural();
    }

    public List<String> names(Resource resource) {
        return versions(resource).stream().map(v -> v.substring(0, v.indexOf('@'))).toList();
    }

    public Json.Obj object(Resource resource, String name) {
        return api.get(path(resource) + "/" + name).json();
    }

    /** The traffic as kubectl's columns show it, for example {@code 00002*10 00001:90}. */
    public String traffic() {
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
    public String condition(String type) {
        return iris().list("status", "conditions").stream()
                .filter(c -> c.text("type").filter(type::equals).isPresent())
                .findFirst()
                .map(c -> c.text("status").orElse("") + "/" + c.text("reason").orElse(""))
                .orElse("none");
    }

    /** Ready, and for the spec that stands now. */
    public boolean settled() {
        var iris = iris();
        return condition("Ready").equals("True/Ready")
                && iris.integer("status", "observedGeneration")
                        .equals(iris.integer("metadata", "generation"));
    }

    public void await(String what, BooleanSupplier holds) throws InterruptedException {
        try {
            awaitNow(what, holds);
        } catch (AssertionError late) {
            throw new AssertionError(late.getMessage() + "\n" + iris(), late);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    public static void awaitNow(String what, BooleanSupplier holds) {
        awaitWithin(DEADLINE, what, holds);
    }

    public static void awaitWithin(Duration deadline, String what, BooleanSupplier holds) {
        long end = System.nanoTime() + deadline.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within %s: %s".formatted(deadline, what));
            }
            // A wait for a condition, with the deadline above.
            java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
        }
    }

    @Override
    public void close() {
        operator.close();
        node.close();
        cluster.close();
        installation.ifPresent(i -> i.loops().close());
        api.close();
    }
}
