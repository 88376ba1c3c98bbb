package dev.marea.local.node;

import dev.marea.wire.json.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** How a container is asked whether it is well. */
record Probe(
        Action action,
        Duration initialDelay,
        Duration period,
        Duration timeout,
        int successThreshold,
        int failureThreshold,
        OptionalLong graceSeconds) {

    /** What is done; hooks do the same things. */
    sealed interface Action {
        record Http(String scheme, String host, Json port, String path, Map<String, String> headers)
                implements Action {}

        record Tcp(String host, Json port) implements Action {}

        record Exec(List<String> command) implements Action {}

        record Sleep(Duration time) implements Action {}

        /** Asks a server for its health by gRPC's own protocol; the empty service is the server. */
        record Grpc(Json port, String service) implements Action {}

        static Action of(Json json) {
            if (json.at("httpGet").isPresent()) {
                return http(json.object("httpGet"));
            }
            if (json.at("exec").isPresent()) {
                return new Exec(
                        json.list("exec", "command").stream()
                                .flatMap(part -> part.text().stream())
                                .toList());
            }
            if (json.at("sleep").isPresent()) {
                return new Sleep(Duration.ofSeconds(json.integer("sleep", "seconds").orElse(0)));
            }
            if (json.at("grpc").isPresent()) {
                var grpc = json.object("grpc");
                return new Grpc(
                        grpc.at("port").orElse(Json.of(0)), grpc.text("service").orElse(""));
            }
            var socket = json.object("tcpSocket");
            return new Tcp(
                    socket.text("host").orElse("127.0.0.1"), socket.at("port").orElse(Json.of(0)));
        }

        private static Http http(Json.Obj get) {
            var headers = new LinkedHashMap<String, String>();
            for (var header : get.list("httpHeaders")) {
                headers.put(
                        header.text("name").orElse(""),
                        header.text("value").orElse("").replaceAll("[\r\n]", " "));
            }
            return new Http(
                    get.text("scheme").orElse("HTTP"),
                    get.text("host").orElse("127.0.0.1"),
                    get.at("port").orElse(Json.of(80)),
                    get.text("path").orElse("/"),
                    headers);
        }
    }

    static Probe of(Json json) {
        return new Probe(
                Action.of(json),
                seconds(json, "initialDelaySeconds", 0, 0),
                seconds(json, "periodSeconds", 10, 1),
                seconds(json, "timeoutSeconds", 1, 1),
                Math.clamp(json.integer("successThreshold").orElse(1), 1, 1_000),
                Math.clamp(json.integer("failureThreshold").orElse(3), 1, 1_000_000),
                json.integer("terminationGracePeriodSeconds"));
    }

    private static Duration seconds(Json json, String field, long unset, long least) {
        long declared = json.integer(field).orElse(unset);
        return Duration.ofSeconds(Math.clamp(declared == 0 ? unset : declared, least, 86_400));
    }
}
