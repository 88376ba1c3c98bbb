package dev.marea.kubernetes.objects;

import dev.marea.core.spec.PlatformConfig.GatewayRef;
import dev.marea.wire.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a service is reached from outside: an Ingress or HTTPRoutes, by what the cluster has. Either
 * leads to the service's own Service and so to our gateway, which splits traffic: no weights stand
 * here.
 *
 * @param hosts that are the service's alone
 * @param paths on hosts that services share
 * @param timeout of a request
 * @param http2 whether the component speaks nothing but HTTP/2
 */
public record ExternalRoute(
        Subject subject, List<String> hosts, List<Path> paths, Duration timeout, boolean http2) {
    /** As many as the Gateway API allows. */
    private static final int HOSTS_MAX = 16;

    /** Our gateway speaks first: its answer carries a reason, a proxy's does not. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    /** The gateway's own limit of a body. */
    private static final String BODY_MAX = "64m";

    private static final String NGINX = "nginx.ingress.kubernetes.io/";

    public ExternalRoute {
        hosts = List.copyOf(hosts);
        paths = List.copyOf(paths);
    }

    /**
     * A path that leads to the service.
     *
     * @param host shared by services
     * @param prefix as people type it
     * @param own as our gateway knows it
     */
    public record Path(String host, String prefix, String own) {}

    public Json.Obj ingress(String className, List<String> tlsSecret) {
        var rules = new ArrayList<Json>();
        hosts.forEach(host -> rules.add(rule(host, "/")));
        paths.stream()
                .filter(p -> p.prefix().equals(p.own()))
                .forEach(p -> rules.add(rule(p.host(), p.prefix())));
        var spec = new LinkedHashMap<String, Object>();
        spec.put("ingressClassName", className);
        if (!tlsSecret.isEmpty()) {
            spec.put(
                    "tls",
                    List.of(Json.Obj.of("hosts", hosts, "secretName", tlsSecret.getFirst())));
        }
        spec.put("rules", rules);
        return OwnedObject.of(
                subject,
                "networking.k8s.io/v1",
                "Ingress",
                subject.name(),
                nginx(),
                Json.Obj.of("spec", spec));
    }

    /** One for the service's own hosts, and one for paths on shared hosts where there are any. */
    public List<Json.Obj> httpRoutes(GatewayRef gateway, boolean timed) {
        var routes = new ArrayList<Json.Obj>();
        if (!hosts.isEmpty()) {
            var rules = List.of(grpcRule(timed), rule("/", List.of(), timed));
            routes.add(httpRoute(subject.name(), gateway, hosts, rules));
        }
        if (!paths.isEmpty()) {
            var path = paths.getFirst();
            var shared = paths.stream().map(Path::host).distinct().toList();
            var rules = List.of(rule(path.prefix(), rewrites(path), timed));
            routes.add(httpRoute(pathRoute(), gateway, shared, rules));
        }
        return routes;
    }

    public String pathRoute() {
        return subject.name() + "-path";
    }

    private Json.Obj httpRoute(
            String name, GatewayRef gateway, List<String> hostnames, List<Json.Obj> rules) {
        var parent =
                Json.Obj.of(
                        "group",
                        "gateway.networking.k8s.io",
                        "kind",
                        "Gateway",
                        "namespace",
                        gateway.namespace(),
                        "name",
                        gateway.name());
        var spec =
                Json.Obj.of(
                        "parentRefs",
                        List.of(parent),
                        "hostnames",
                        hostnames.stream().limit(HOSTS_MAX).toList(),
                        "rules",
                        rules);
        return OwnedObject.of(
                subject,
                "gateway.networking.k8s.io/v1",
                "HTTPRoute",
                name,
                Map.of(),
                Json.Obj.of("spec", spec));
    }

    private Json.Obj rule(String prefix, List<Json.Obj> filters, boolean timed) {
        var match = Json.Obj.of("path", Json.Obj.of("type", "PathPrefix", "value", prefix));
        return rule(List.of(match), filters, PredictorService.PORT, timed);
    }

    /** Calls of gRPC take the port that is known to speak HTTP/2, on the same host. */
    private Json.Obj grpcRule(boolean timed) {
        var matches = new ArrayList<Json.Obj>();
        for (var type : List.of("application/grpc", "application/grpc+proto")) {
            var header = Json.Obj.of("type", "Exact", "name", "content-type", "value", type);
            matches.add(
                    Json.Obj.of(
                            "path",
                            Json.Obj.of("type", "PathPrefix", "value", "/"),
                            "headers",
                            List.of(header)));
        }
        return rule(matches, List.of(), PredictorService.GRPC_PORT, timed);
    }

    private Json.Obj rule(List<Json.Obj> matches, List<Json.Obj> filters, int port, boolean timed) {
        var rule = new LinkedHashMap<String, Object>();
        rule.put("matches", matches);
        if (!filters.isEmpty()) {
            rule.put("filters", filters);
        }
        rule.put(
                "backendRefs",
                List.of(
                        Json.Obj.of(
                                "group",
                                "",
                                "kind",
                                "Service",
                                "name",
                                Names.predictor(subject.name()),
                                "port",
                                port)));
        if (timed) {
            rule.put("timeouts", Json.Obj.of("request", seconds() + "s"));
        }
        return (Json.Obj) Json.of(rule);
    }

    private static List<Json.Obj> rewrites(Path path) {
        if (path.prefix().equals(path.own())) {
            return List.of();
        }
        var to = Json.Obj.of("type", "ReplacePrefixMatch", "replacePrefixMatch", path.own());
        return List.of(Json.Obj.of("type", "URLRewrite", "urlRewrite", Json.Obj.of("path", to)));
    }

    private Json.Obj rule(String host, String prefix) {
        var backend =
                Json.Obj.of(
                        "service",
                        Json.Obj.of(
                                "name",
                                Names.predictor(subject.name()),
                                "port",
                                Json.Obj.of("number", PredictorService.PORT)));
        var path = Json.Obj.of("path", prefix, "pathType", "Prefix", "backend", backend);
        return Json.Obj.of("host", host, "http", Json.Obj.of("paths", List.of(path)));
    }

    /** For nginx: every token passes at once, and no stream is cut before its time. */
    private Map<String, String> nginx() {
        var annotations = new LinkedHashMap<String, String>();
        annotations.put(NGINX + "backend-protocol", http2 ? "GRPC" : "HTTP");
        annotations.put(NGINX + "proxy-body-size", BODY_MAX);
        annotations.put(NGINX + "proxy-buffering", "off");
        annotations.put(NGINX + "proxy-http-version", "1.1");
        annotations.put(NGINX + "proxy-read-timeout", Long.toString(seconds()));
        annotations.put(NGINX + "proxy-request-buffering", "off");
        annotations.put(NGINX + "proxy-send-timeout", Long.toString(seconds()));
        return annotations;
    }

    private long seconds() {
        return timeout.plus(SLACK).toSeconds();
    }
}
