package dev.marea.check.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.check.contract.ApiUnderTest;
import dev.marea.check.operator.OperatorAccount;
import dev.marea.core.plan.Planner;
import dev.marea.core.spec.PlatformConfig.Ingress;
import dev.marea.kubernetes.Operator;
import dev.marea.kubernetes.OperatorSettings;
import dev.marea.kubernetes.api.Installation;
import dev.marea.kubernetes.reconcile.Addresses;
import dev.marea.wire.http.EventLoops;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import dev.marea.wire.json.Yaml;
import dev.marea.wire.kserve.Crds;
import dev.marea.wire.kserve.OwnImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A namespace of Marea's and one of a tenant on a real API, and our operator between them. */
final class ExposedCluster implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final Duration STILL = Duration.ofSeconds(4);
    private static final String APPLY = "application/apply-patch+yaml";
    private static final String MERGE = "application/merge-patch+json";
    private static final String HTTP_ROUTES = "/apis/gateway.networking.k8s.io/v1";

    private final ApiUnderTest api = ApiUnderTest.open();
    private final EventLoops loops = EventLoops.open(1);
    private final String system = api.namespace() + "-sys";
    private @Nullable Operator operator;

    ExposedCluster() throws IOException {
        for (var crd : Crds.all()) {
            apply("/apis/apiextensions.k8s.io/v1", "customresourcedefinitions", "", crd);
        }
        apply("/api/v1", "namespaces", "", tree("v1", "Namespace", system, Json.Obj.EMPTY));
        var port = Json.Obj.of("name", "http", "port", 80, "targetPort", 8080);
        apply(
                "/api/v1",
                "services",
                system,
                tree(
                        "v1",
                        "Service",
                        "marea-gateway",
                        Json.Obj.of("spec", Json.Obj.of("ports", List.of(port)))));
        await("our kinds", () -> isvcs().status(), 200);
    }

    String tenant() {
        return api.namespace();
    }

    String ingressClass() {
        return "class-" + api.namespace();
    }

    void startOperator() throws IOException {
        var addresses =
                new Addresses(
                        "http",
                        "example.com",
                        Ingress.DEFAULT_TEMPLATE,
                        OptionalInt.empty(),
                        "http://unused");
        operator =
                Operator.start(
                        new OperatorSettings(
                                Optional.of(OperatorAccount.kubeconfig(api, system)),
                                addresses,
                                Optional.of(
                                        new Installation(
                                                system, "marea-0", loops, 0, 0, Set.of(tenant()))),
                                OwnImages.of("0.1.0"),
                                Planner.DEFAULT,
                                InstantSource.system()));
    }

    void restartOperator() throws IOException {
        Objects.requireNonNull(operator).close();
        startOperator();
    }

    /** The gateways that are ready, as their own Service's slice tells. */
    void gateways(String... addresses) {
        var endpoints =
                Arrays.stream(addresses)
                        .map(a ->
                                Json.Obj.of(
                                        "addresses",
                                        List.of(a),
                                        "conditions",
                                        Json.Obj.of("ready", true)))
                        .toList();
        var slice =
                Json.Obj.of(
                        "apiVersion",
                        "discovery.k8s.io/v1",
                        "kind",
                        "EndpointSlice",
                        "metadata",
                        Json.Obj.of(
                                "name",
                                "marea-gateway-1",
                                "labels",
                                Json.Obj.of("kubernetes.io/service-name", "marea-gateway")),
                        "addressType",
                        "IPv4",
                        "endpoints",
                        endpoints,
                        "ports",
                        List.of(Json.Obj.of("name", "http", "port", 8080, "protocol", "TCP")));
        apply("/apis/discovery.k8s.io/v1", "endpointslices", system, slice);
    }

    /** A service of containers; {@code annotation} is one line of YAML, or nothing. */
    void service(String name, String annotation) throws IOException {
        var yaml =
                """
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata:
                  name: %s
                  annotations: {%s}
                spec:
                  predictor:
                    containers:
                    - name: kserve-container
                      image: example.org/model:1
                """
                        .formatted(name, annotation);
        apply(
                "/apis/serving.kserve.io/v1beta1",
                "inferenceservices",
                tenant(),
                (Json.Obj) Yaml.read(yaml).getFirst());
    }

    /** The Service as releases before this one made it. */
    void alias(String isvc) {
        var owner =
                Json.Obj.of(
                        "apiVersion",
                        "serving.kserve.io/v1beta1",
                        "kind",
                        "InferenceService",
                        "name",
                        isvc,
                        "uid",
                        isvc(isvc).text("metadata", "uid").orElseThrow(),
                        "controller",
                        true,
                        "blockOwnerDeletion",
                        true);
        var spec = Json.Obj.of("type", "ExternalName", "externalName", "marea-gateway.x.svc");
        var tree =
                tree("v1", "Service", isvc + "-predictor", Json.Obj.of("spec", spec))
                        .withAt(List.of("metadata", "ownerReferences"), Json.of(List.of(owner)))
                        .withAt(
                                List.of("metadata", "labels", "serving.kserve.io/inferenceservice"),
                                Json.of(isvc));
        apply("/api/v1", "services", tenant(), tree);
    }

    void foreignService(String name) {
        var spec =
                Json.Obj.of(
                        "selector",
                        Json.Obj.of("app", "mine"),
                        "ports",
                        List.of(Json.Obj.of("port", 80)));
        var tree = tree("v1", "Service", name, Json.Obj.of("spec", spec));
        var path = path("/api/v1", "services", tenant(), "") + "?fieldManager=kubectl-create";
        expect(api.ask("POST", path, "application/json", "application/json", text(tree)));
    }

    void config(String ingress) {
        var map =
                tree(
                        "v1",
                        "ConfigMap",
                        "inferenceservice-config",
                        Json.Obj.of("data", Json.Obj.of("ingress", ingress)));
        apply("/api/v1", "configmaps", system, map);
    }

    void makeIngressClass() {
        var spec = Json.Obj.of("controller", "k8s.io/ingress-nginx");
        apply(
                "/apis/networking.k8s.io/v1",
                "ingressclasses",
                "",
                tree(
                        "networking.k8s.io/v1",
                        "IngressClass",
                        ingressClass(),
                        Json.Obj.of("spec", spec)));
    }

    /** The pinned Go module's definition where it was fetched, else a small one of ours. */
    void defineHttpRoutes() throws IOException {
        var given = System.getProperty("marea.gatewayapi", "");
        var yaml =
                given.isEmpty()
                        ? new String(
                                Objects.requireNonNull(
                                                ExposedCluster.class.getResourceAsStream(
                                                        "httproutes.yaml"))
                                        .readAllBytes(),
                                StandardCharsets.UTF_8)
                        : Files.readString(
                                Path.of(
                                        given,
                                        "config/crd/standard/gateway.networking.k8s.io_httproutes.yaml"));
        apply(
                "/apis/apiextensions.k8s.io/v1",
                "customresourcedefinitions",
                "",
                (Json.Obj) Yaml.read(yaml).getFirst());
        await(
                "HTTPRoutes",
                () -> api.get(path(HTTP_ROUTES, "httproutes", tenant(), "")).status(),
                200);
    }

    /** What a Gateway says of a route. */
    void accept(String route, String namespace, String gateway, boolean accepted) {
        var conditions = new ArrayList<Json.Obj>();
        for (var type : List.of("Accepted", "ResolvedRefs")) {
            conditions.add(
                    Json.Obj.of(
                            "type",
                            type,
                            "status",
                            accepted ? "True" : "False",
                            "reason",
                            accepted ? type : "NotAllowedByListeners",
                            "message",
                            "",
                            "observedGeneration",
                            route(route).integer("metadata", "generation").orElse(1),
                            "lastTransitionTime",
                            "2026-11-25T00:00:00Z"));
        }
        var parent =
                Json.Obj.of(
                        "controllerName",
                        "example.org/gateway",
                        "parentRef",
                        Json.Obj.of("name", gateway, "namespace", namespace),
                        "conditions",
                        conditions);
        var status = Json.Obj.of("status", Json.Obj.of("parents", List.of(parent)));
        var path = path(HTTP_ROUTES, "httproutes", tenant(), route) + "/status";
        expect(api.ask("PATCH", path, "application/json", MERGE, text(status)));
    }

    void label(String isvc, String key, @Nullable String value) {
        note("labels", isvc, key, value);
    }

    void annotate(String isvc, String key, String value) {
        note("annotations", isvc, key, value);
    }

    private void note(String where, String isvc, String key, @Nullable String value) {
        var patch = Json.Obj.EMPTY.withAt(List.of("metadata", where, key), Json.of(value));
        var path = path("/apis/serving.kserve.io/v1beta1", "inferenceservices", tenant(), isvc);
        expect(api.ask("PATCH", path, "application/json", MERGE, text(patch)));
    }

    Json.Obj isvc(String name) {
        return get("/apis/serving.kserve.io/v1beta1", "inferenceservices", name);
    }

    Json.Obj route(String name) {
        return get(HTTP_ROUTES, "httproutes", name);
    }

    Json.Obj get(String root, String plural, String name) {
        return api.get(path(root, plural, tenant(), name)).json();
    }

    void delete(String root, String plural, String name) {
        expect(
                api.ask(
                        "DELETE",
                        path(root, plural, tenant(), name),
                        "application/json",
                        "application/json",
                        "{}"));
    }

    List<String> endpoints(String isvc) {
        return get("/apis/discovery.k8s.io/v1", "endpointslices", isvc + "-predictor-gateway-ipv4")
                .list("endpoints")
                .stream()
                .flatMap(e -> e.list("addresses").stream())
                .map(a -> ((Json.Str) a).value())
                .toList();
    }

    String condition(String isvc, String type) {
        return isvc(isvc).list("status", "conditions").stream()
                .filter(c -> c.text("type").filter(type::equals).isPresent())
                .findFirst()
                .map(c -> c.text("status").orElse("") + "/" + c.text("reason").orElse(""))
                .orElse("none");
    }

    List<String> events(String reason) {
        return api.get(path("/api/v1", "events", system, "")).json().list("items").stream()
                .filter(e -> e.text("reason").filter(reason::equals).isPresent())
                .map(e -> e.text("message").orElse(""))
                .toList();
    }

    /** Every object that is ours to write, with its version. */
    List<String> versions() {
        var versions = new ArrayList<String>();
        for (var where :
                List.of(
                        path("/api/v1", "services", tenant(), ""),
                        path("/apis/apps/v1", "deployments", tenant(), ""),
                        path("/apis/discovery.k8s.io/v1", "endpointslices", tenant(), ""),
                        path(HTTP_ROUTES, "httproutes", tenant(), ""),
                        path(
                                "/apis/serving.kserve.io/v1beta1",
                                "inferenceservices",
                                tenant(),
                                ""))) {
            for (var item : api.get(where).json().list("items")) {
                versions.add(
                        item.text("metadata", "name").orElse("")
                                + "@"
                                + item.text("metadata", "resourceVersion").orElse(""));
            }
        }
        return versions;
    }

    /** Until nothing has been written for a while. */
    void awaitStillness() throws InterruptedException {
        var until = System.nanoTime() + LONG.toNanos();
        var since = System.nanoTime();
        var seen = versions();
        while (System.nanoTime() - since < STILL.toNanos()) {
            assertThat(System.nanoTime()).as("stillness").isLessThan(until);
            var now = versions();
            if (!now.equals(seen)) {
                seen = now;
                since = System.nanoTime();
            }
            pause();
        }
    }

    <T> void await(String what, Supplier<T> is, T wanted) {
        await(
                what,
                () -> Objects.equals(is.get(), wanted),
                DEADLINE,
                () -> String.valueOf(is.get()));
    }

    void awaitLong(String what, BooleanSupplier holds) {
        await(what, holds, LONG, () -> "");
    }

    private static void await(
            String what, BooleanSupplier holds, Duration patience, Supplier<String> told) {
        var until = System.nanoTime() + patience.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError(what + ": waited in vain, it is " + told.get());
            }
            pause();
        }
    }

    private static void pause() {
        java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }

    private ApiUnderTest.Answer isvcs() {
        return api.get(path("/apis/serving.kserve.io/v1beta1", "inferenceservices", tenant(), ""));
    }

    private void apply(String root, String plural, String namespace, Json.Obj tree) {
        var name = tree.text("metadata", "name").orElseThrow();
        var path = path(root, plural, namespace, name) + "?fieldManager=marea&force=true";
        expect(api.ask("PATCH", path, "application/json", APPLY, text(tree)));
    }

    private static void expect(ApiUnderTest.Answer answer) {
        if (answer.status() >= 300) {
            throw new AssertionError(answer.text());
        }
    }

    private static String path(String root, String plural, String namespace, String name) {
        return root
                + (namespace.isEmpty() ? "" : "/namespaces/" + namespace)
                + "/"
                + plural
                + (name.isEmpty() ? "" : "/" + name);
    }

    private static Json.Obj tree(String apiVersion, String kind, String name, Json.Obj rest) {
        var tree =
                Json.Obj.of(
                        "apiVersion",
                        apiVersion,
                        "kind",
                        kind,
                        "metadata",
                        Json.Obj.of("name", name));
        for (var field : rest.fields().entrySet()) {
            tree = tree.with(field.getKey(), field.getValue());
        }
        return tree;
    }

    private static String text(Json.Obj tree) {
        return new String(JsonWriter.bytes(tree), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        if (operator != null) {
            operator.close();
        }
        loops.close();
        api.ask(
                "DELETE",
                "/apis/networking.k8s.io/v1/ingressclasses/" + ingressClass(),
                "application/json",
                "application/json",
                "{}");
        api.ask(
                "DELETE",
                "/api/v1/namespaces/" + system,
                "application/json",
                "application/json",
                "{}");
        api.close();
    }
}
