package dev.marea.check.operator;

import dev.marea.check.contract.ApiUnderTest;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A gateway that seems to take requests: its Service and the slice that lists it. Without one no
 * service of an installed operator is ready.
 */
public final class PretendGateway {
    private static final String NAME = "marea-gateway";

    private PretendGateway() {}

    /** Stands in the namespace of the API under test, which is Marea's too. */
    public static void stand(ApiUnderTest api) {
        make(
                api,
                "/api/v1/namespaces/" + api.namespace() + "/services",
                Json.Obj.of(
                        "metadata",
                        Json.Obj.of("name", NAME),
                        "spec",
                        Json.Obj.of(
                                "clusterIP",
                                "None",
                                "ports",
                                List.of(Json.Obj.of("name", "http", "port", 80)))));
        make(
                api,
                "/apis/discovery.k8s.io/v1/namespaces/" + api.namespace() + "/endpointslices",
                Json.Obj.of(
                        "metadata",
                        Json.Obj.of(
                                "name",
                                NAME + "-pretended",
                                "labels",
                                Json.Obj.of("kubernetes.io/service-name", NAME)),
                        "addressType",
                        "IPv4",
                        "ports",
                        List.of(Json.Obj.of("name", "http", "port", 8080, "protocol", "TCP")),
                        "endpoints",
                        List.of(
                                Json.Obj.of(
                                        "addresses",
                                        List.of("10.99.0.9"),
                                        "conditions",
                                        Json.Obj.of("ready", true)))));
    }

    private static void make(ApiUnderTest api, String path, Json.Obj tree) {
        var body = new String(JsonWriter.bytes(tree), StandardCharsets.UTF_8);
        var answer = api.ask("POST", path, "application/json", "application/json", body);
        if (answer.status() != 201) {
            throw new AssertionError(answer.text());
        }
    }
}
