package dev.marea.local.node;

import dev.marea.wire.json.Json;
import dev.marea.wire.text.Quantity;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One container of a pod, as its manifest says. */
record ContainerSpec(Json json) {
    String name() {
        return json.text("name").orElse("");
    }

    String image() {
        return json.text("image").orElse("");
    }

    List<String> command() {
        return texts("command");
    }

    List<String> args() {
        return texts("args");
    }

    private List<String> texts(String field) {
        return json.list(field).stream().flatMap(item -> item.text().stream()).toList();
    }

    Optional<Probe> probe(Prober.Kind kind) {
        var field =
                switch (kind) {
                    case STARTUP -> "startupProbe";
                    case READINESS -> "readinessProbe";
                    case LIVENESS -> "livenessProbe";
                };
        return json.at(field).map(Probe::of);
    }

    Optional<Json> preStop() {
        return json.at("lifecycle", "preStop");
    }

    Optional<Json> postStart() {
        return json.at("lifecycle", "postStart");
    }

    String terminationMessagePath() {
        return json.text("terminationMessagePath").orElse("/dev/termination-log");
    }

    boolean explainsItselfByLog() {
        return json.text("terminationMessagePolicy").orElse("").equals("FallbackToLogsOnError");
    }

    /** A sidecar: an init container that stays. */
    boolean stays() {
        return json.text("restartPolicy").orElse("").equals("Always");
    }

    /**
     * @param when {@code requests} or {@code limits}
     */
    Optional<String> resource(String when, String what) {
        var value = json.at("resources", when, what);
        return value.flatMap(v ->
                switch (v) {
                    case Json.Str(var text) -> Optional.of(text);
                    case Json.Int number -> Optional.of(number.toString());
                    case Json.Dec number -> Optional.of(number.toString());
                    case Json.Obj _, Json.Arr _, Json.Bool _, Json.Null _ -> Optional.empty();
                });
    }

    OptionalLong memoryLimit() {
        return resource("limits", "memory").map(Quantity::units).orElse(OptionalLong.empty());
    }

    /** A limit without a request is the request, as the API would default it. */
    long memoryRequest() {
        return resource("requests", "memory")
                .or(() -> resource("limits", "memory"))
                .map(Quantity::units)
                .orElse(OptionalLong.empty())
                .orElse(0);
    }

    List<Integer> ports() {
        return json.list("ports").stream()
                .flatMap(port -> port.integer("containerPort").stream().boxed())
                .map(Long::intValue)
                .toList();
    }

    /** The number that a port's name or number in a probe or service means. */
    Optional<Integer> port(Json named) {
        return switch (named) {
            case Json.Int(var number) -> Optional.of((int) number);
            case Json.Str(var text)
                    when !text.isEmpty() && text.chars().allMatch(Character::isDigit) ->
                    text.length() > 5 ? Optional.empty() : Optional.of(Integer.parseInt(text));
            case Json.Str(var text) ->
                    json.list("ports").stream()
                            .filter(port -> port.text("name").orElse("").equals(text))
                            .flatMap(port -> port.integer("containerPort").stream().boxed())
                            .map(Long::intValue)
                            .findFirst();
            case Json.Obj _, Json.Arr _, Json.Bool _, Json.Null _, Json.Dec _ -> Optional.empty();
        };
    }
}
