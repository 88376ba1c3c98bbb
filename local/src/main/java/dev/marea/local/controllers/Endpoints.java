package dev.marea.local.controllers;

import dev.marea.local.node.PortMap;
import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** One pod as an endpoint of one Service. */
final class Endpoints {
    private Endpoints() {}

    static Json.Obj endpoint(Json.Obj service, Json.Obj pod) {
        var meta = new Meta(pod);
        boolean ready = Pods.ready(pod);
        boolean always = service.flag("spec", "publishNotReadyAddresses");
        return Json.Obj.of(
                "addresses", List.of(pod.text("status", "podIP").orElseThrow()),
                "conditions",
                        Json.Obj.of(
                                "ready", always || (ready && !meta.deleting()),
                                "serving", always || ready,
                                "terminating", meta.deleting()),
                "nodeName", pod.text("spec", "nodeName").orElse(""),
                "targetRef",
                        Json.Obj.of(
                                "kind", Resource.POD.kind(),
                                "namespace", meta.namespace(),
                                "name", meta.name(),
                                "uid", meta.uid()));
    }

    /** The Service's ports with the numbers that the pod's process really listens on. */
    static List<Json> ports(Json.Obj service, Json.Obj pod) {
        var real = real(pod);
        return service.list("spec", "ports").stream()
                .flatMap(port -> number(port, pod).map(real::of).map(n -> port(port, n)).stream())
                .<Json>map(port -> port)
                .toList();
    }

    private static PortMap real(Json.Obj pod) {
        var written = new Meta(pod).annotations().getOrDefault(PortMap.ANNOTATION, "{}");
        try {
            return PortMap.read(written);
        } catch (JsonReader.MalformedJson _) {
            return new PortMap(new LinkedHashMap<>());
        }
    }

    /** A targetPort by name is looked up in the pod; one that it does not have is left out. */
    private static Optional<Integer> number(Json port, Json.Obj pod) {
        var target = port.at("targetPort").or(() -> port.at("port")).orElse(Json.Null.VALUE);
        return switch (target) {
            case Json.Int(var number) -> Optional.of((int) number);
            case Json.Str(var name) ->
                    pod.list("spec", "containers").stream()
                            .flatMap(container -> container.list("ports").stream())
                            .filter(p -> p.text("name").orElse("").equals(name))
                            .flatMap(p -> p.integer("containerPort").stream().boxed())
                            .map(Long::intValue)
                            .findFirst();
            case Json.Obj _, Json.Arr _, Json.Bool _, Json.Null _, Json.Dec _ -> Optional.empty();
        };
    }

    private static Json.Obj port(Json port, int number) {
        var out =
                Json.Obj.of(
                        "name", port.text("name").orElse(""),
                        "port", number,
                        "protocol", port.text("protocol").orElse("TCP"));
        return port.at("appProtocol").map(value -> out.with("appProtocol", value)).orElse(out);
    }
}
