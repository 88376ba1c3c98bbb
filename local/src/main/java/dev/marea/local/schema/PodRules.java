package dev.marea.local.schema;

import dev.marea.wire.json.Json;
import dev.marea.wire.text.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules of a pod's spec, alone or as a template. */
record PodRules(Mistakes mistakes) {
    private static final List<String> HANDLERS = List.of("exec", "httpGet", "tcpSocket", "grpc");

    void check(String path, Json spec) {
        var containers = spec.list("containers");
        if (containers.isEmpty()) {
            mistakes.required(path + ".containers");
        }
        var names = new HashSet<String>();
        var volumes = volumes(path, spec);
        each(path + ".initContainers", spec.list("initContainers"), names, volumes);
        each(path + ".containers", containers, names, volumes);
        mistakes.range(
                path + ".terminationGracePeriodSeconds",
                spec.at("terminationGracePeriodSeconds").orElse(Json.Null.VALUE),
                0,
                Long.MAX_VALUE);
    }

    private Set<String> volumes(String path, Json spec) {
        var names = new HashSet<String>();
        var volumes = spec.list("volumes");
        for (int i = 0; i < volumes.size(); i++) {
            var name = volumes.get(i).text("name").orElse("");
            var at = path + ".volumes[" + i + "]";
            if (!name.isEmpty()) {
                Names.LABEL
                        .mistake(name)
                        .ifPresent(why -> mistakes.invalid(at + ".name", Json.of(name), why));
                if (!names.add(name)) {
                    mistakes.duplicate(at + ".name", Json.of(name));
                }
            }
            if (volumes.get(i) instanceof Json.Obj(var fields) && fields.size() > 2) {
                mistakes.forbidden(at, "may not specify more than 1 volume type");
            }
        }
        return names;
    }

    private void each(String path, List<Json> containers, Set<String> names, Set<String> volumes) {
        for (int i = 0; i < containers.size(); i++) {
            container(path + "[" + i + "]", containers.get(i), names, volumes);
        }
    }

    private void container(String path, Json container, Set<String> names, Set<String> volumes) {
        var name = container.text("name").orElse("");
        if (!name.isEmpty()) {
            Names.LABEL
                    .mistake(name)
                    .ifPresent(why -> mistakes.invalid(path + ".name", Json.of(name), why));
            if (!names.add(name)) {
                mistakes.duplicate(path + ".name", Json.of(name));
            }
        }
        if (container.text("image").orElse("").isEmpty()) {
            mistakes.required(path + ".image");
        }
        ports(path + ".ports", container.list("ports"));
        env(path + ".env", container.list("env"));
        mounts(path + ".volumeMounts", container.list("volumeMounts"), volumes);
        for (var probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            container.at(probe).ifPresent(p -> probe(path + "." + probe, p));
        }
        resources(path + ".resources", container);
    }

    private void ports(String path, List<Json> ports) {
        var names = new HashSet<String>();
        for (int i = 0; i < ports.size(); i++) {
            var at = path + "[" + i + "]";
            port(at + ".containerPort", ports.get(i).at("containerPort").orElse(Json.Null.VALUE));
            ports.get(i)
                    .text("name")
                    .ifPresent(name -> {
                        Names.PORT_NAME
                                .mistake(name)
                                .ifPresent(
                                        why -> mistakes.invalid(at + ".name", Json.of(name), why));
                        if (!names.add(name)) {
                            mistakes.duplicate(at + ".name", Json.of(name));
                        }
                    });
        }
    }

    private void port(String path, Json port) {
        mistakes.range(path, port, 1, 65535);
    }

    private void env(String path, List<Json> env) {
        for (int i = 0; i < env.size(); i++) {
            var at = path + "[" + i + "]";
            var name = env.get(i).text("name").orElse("");
            if (name.contains("=") || name.chars().anyMatch(c -> c < ' ' || c > '~')) {
                mistakes.invalid(
                        at + ".name",
                        Json.of(name),
                        "a valid environment variable name must consist only of printable ASCII"
                                + " characters other than '='");
            }
            boolean both =
                    env.get(i).at("valueFrom").isPresent()
                            && !env.get(i).text("value").orElse("").isEmpty();
            if (both) {
                mistakes.invalid(
                        at + ".valueFrom",
                        Json.of(""),
                        "may not be specified when `value` is not empty");
            }
        }
    }

    private void mounts(String path, List<Json> mounts, Set<String> volumes) {
        var paths = new HashSet<String>();
        for (int i = 0; i < mounts.size(); i++) {
            var at = path + "[" + i + "]";
            var name = mounts.get(i).text("name").orElse("");
            if (!name.isEmpty() && !volumes.contains(name)) {
                mistakes.notFound(at + ".name", Json.of(name));
            }
            var mountPath = mounts.get(i).text("mountPath").orElse("");
            if (!mountPath.isEmpty() && !paths.add(mountPath)) {
                mistakes.invalid(at + ".mountPath", Json.of(mountPath), "must be unique");
            }
        }
    }

    private void probe(String path, Json probe) {
        long handlers = HANDLERS.stream().filter(h -> probe.at(h).isPresent()).count();
        if (handlers == 0) {
            mistakes.required(path, "must specify a handler type");
        } else if (handlers > 1) {
            mistakes.forbidden(path, "may not specify more than 1 handler type");
        }
        for (var handler : List.of("httpGet", "tcpSocket", "grpc")) {
            if (probe.at(handler).isPresent()) {
                var port = probe.at(handler, "port");
                var at = path + "." + handler + ".port";
                port.ifPresentOrElse(p -> port(at, p), () -> mistakes.required(at));
            }
        }
        for (var field :
                List.of(
                        "timeoutSeconds",
                        "periodSeconds",
                        "successThreshold",
                        "failureThreshold")) {
            mistakes.range(
                    path + "." + field,
                    probe.at(field).orElse(Json.Null.VALUE),
                    1,
                    Integer.MAX_VALUE);
        }
    }

    private void resources(String path, Json container) {
        var limits = container.object("resources", "limits");
        container
                .object("resources", "requests")
                .fields()
                .forEach((name, request) -> {
                    var limit = limits.fields().get(name);
                    if (limit != null && Quantity.compare(text(request), text(limit)) > 0) {
                        mistakes.invalid(
                                path + ".requests",
                                request,
                                "must be less than or equal to %s limit of %s"
                                        .formatted(name, plain(limit)));
                    }
                });
        Stream.of("limits", "requests")
                .forEach(part ->
                        container
                                .object("resources", part)
                                .fields()
                                .forEach((name, amount) -> {
                                    if (Quantity.compare(text(amount), "0") < 0) {
                                        mistakes.invalid(
                                                path + "." + part + "[" + name + "]",
                                                amount,
                                                "must be greater than or equal to 0");
                                    }
                                }));
    }

    private static String text(Json amount) {
        return amount.text().orElse("");
    }

    private static String plain(Json value) {
        return value instanceof Json.Str(var text) ? text : value.toString();
    }

    /** Almost all of a pod is decided when it is created. */
    void update(Json before, Json after) {
        if (!unchangeable(before).equals(unchangeable(after))) {
            mistakes.forbidden(
                    "spec",
                    "pod updates may not change fields other than `spec.containers[*].image`,"
                            + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
                            + "`spec.tolerations` (only additions to existing tolerations),"
                            + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was"
                            + " previously negative)");
        }
    }

    private static Json unchangeable(Json spec) {
        if (!(spec instanceof Json.Obj object)) {
            return spec;
        }
        var fixed =
                object.without("activeDeadlineSeconds").without("tolerations").without("nodeName");
        for (var list : List.of("containers", "initContainers")) {
            fixed =
                    fixed.with(
                            list,
                            new Json.Arr(
                                    spec.list(list).stream()
                                            .map(c ->
                                                    c instanceof Json.Obj o
                                                            ? o.without("image")
                                                            : c)
                                            .collect(Collectors.toList())));
        }
        return fixed;
    }
}
