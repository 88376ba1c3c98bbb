package dev.marea.kubernetes.objects;

import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.FetchTerms;
import dev.marea.wire.kserve.FetchTerms.Told;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Who may talk with the replicas of a service: gateways and scrapers of metrics come in, and
 * nothing goes out but names to the DNS and, where a model is fetched, requests to its store.
 *
 * <p>A policy knows addresses and not names, and pods and not containers. So a pod that fetches may
 * reach every address at its store's port, except the cloud's metadata service; a store inside the
 * cluster is found by its namespace. Policies add up: who needs more writes one more.
 */
public final class NetworkPolicy {
    private static final String NAMESPACE = "kubernetes.io/metadata.name";
    private static final String NAME = "app.kubernetes.io/name";
    private static final String GATEWAY = "marea-gateway";

    /** A pod with this label may read metrics, wherever it runs. */
    private static final String SCRAPER = "marea.dev/metrics-scraper";

    private static final String ENDPOINT = "serving.kserve.io/s3-endpoint";
    private static final Pattern WITH_HOST = Pattern.compile("(https?|webhdfs)://");
    private static final int DNS = 53;
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    private NetworkPolicy() {}

    /**
     * Builds it.
     *
     * @param templates of the pods of all revisions that run
     */
    public static Json.Obj of(Subject subject, NetworkSettings settings, List<Json.Obj> templates) {
        var spec =
                Json.Obj.of(
                        "podSelector",
                        // All that is of the service, workers of a replica on several nodes too.
                        Json.Obj.of("matchLabels", Map.of(Names.SERVICE_LABEL, subject.name())),
                        "policyTypes",
                        List.of("Ingress", "Egress"),
                        "ingress",
                        incoming(subject, settings, templates),
                        "egress",
                        outgoing(subject, templates));
        return OwnedObject.of(
                subject,
                "networking.k8s.io/v1",
                "NetworkPolicy",
                Names.predictor(subject.name()),
                Map.of(),
                Json.Obj.of("spec", spec));
    }

    private static List<Json.Obj> incoming(
            Subject subject, NetworkSettings settings, List<Json.Obj> templates) {
        var gateways =
                Json.Obj.of(
                        "namespaceSelector",
                        labelled(NAMESPACE, settings.gateways()),
                        "podSelector",
                        labelled(NAME, GATEWAY));
        var scrapers =
                Json.Obj.of(
                        "namespaceSelector",
                        Json.Obj.EMPTY,
                        "podSelector",
                        labelled(SCRAPER, "true"));
        var ports = new TreeSet<Long>();
        for (var template : templates) {
            template.list("spec", "containers").stream()
                    .flatMap(c -> c.list("ports").stream())
                    .forEach(p -> p.integer("containerPort").ifPresent(ports::add));
        }
        var rules = new ArrayList<Json.Obj>();
        rules.add(
                Json.Obj.of(
                        "from",
                        List.of(gateways, scrapers),
                        "ports",
                        ports.stream().map(n -> port("TCP", n)).toList()));
        if (onSeveralNodes(templates)) {
            rules.add(Json.Obj.of("from", List.of(itself(subject))));
        }
        return rules;
    }

    /** Heads and workers talk at ports of their own choice. */
    private static boolean onSeveralNodes(List<Json.Obj> templates) {
        return templates.stream().anyMatch(WorkerGroup::isHead);
    }

    private static Json.Obj itself(Subject subject) {
        return Json.Obj.of("podSelector", labelled(Names.SERVICE_LABEL, subject.name()));
    }

    private static List<Json.Obj> outgoing(Subject subject, List<Json.Obj> templates) {
        var rules = new ArrayList<Json.Obj>();
        // A node-local cache of names is no pod; a selector would shut it out.
        rules.add(Json.Obj.of("ports", List.of(port("UDP", DNS), port("TCP", DNS))));
        templates.stream()
                .flatMap(template -> steps(template).stream())
                .flatMap(step -> toStores(subject, step).stream())
                .distinct()
                .forEach(rules::add);
        if (onSeveralNodes(templates)) {
            rules.add(Json.Obj.of("to", List.of(itself(subject))));
        }
        if (templates.stream().anyMatch(SharedRepository::isIn)) {
            rules.add(anywhere(HTTPS));
            rules.add(anywhere(HTTP));
        }
        return rules;
    }

    /** Those before the containers that fetch. */
    private static List<Json> steps(Json.Obj template) {
        return template.list("spec", "initContainers").stream()
                .filter(c -> c.text("name").orElse("").startsWith(ModelMount.STEP))
                .toList();
    }

    /**
     * Where a step must reach: hosts that its URIs or the annotations of its Secrets name, else the
     * doors of the clouds. An endpoint that only a Secret's content names can be anywhere.
     */
    private static List<Json.Obj> toStores(Subject subject, Json step) {
        var rules = new ArrayList<Json.Obj>();
        var told = Told.read(variable(step, FetchTerms.TOLD).orElse("{}"));
        var endpoints =
                Stream.concat(Stream.of(told.account()), told.secrets().values().stream())
                        .flatMap(said -> Optional.ofNullable(said.get(ENDPOINT)).stream())
                        .map(e -> e.contains("://") ? e : "https://" + e)
                        .distinct()
                        .toList();
        endpoints.forEach(e -> toward(subject, e).ifPresent(rules::add));
        for (var arg : step.list("args")) {
            if (arg instanceof Json.Str(var uri) && isUri(uri)) {
                if (WITH_HOST.matcher(uri).lookingAt()) {
                    toward(subject, uri).ifPresent(rules::add);
                } else if (endpoints.isEmpty() && variable(step, FetchTerms.SECRETS).isPresent()) {
                    rules.add(Json.Obj.of("to", everybody()));
                } else {
                    rules.add(anywhere(HTTPS));
                    rules.add(anywhere(HTTP));
                }
            }
        }
        return rules;
    }

    private static boolean isUri(String arg) {
        return arg.contains("://") || arg.startsWith("models:/");
    }

    private static Optional<String> variable(Json step, String name) {
        return step.list("env").stream()
                .filter(e -> e.text("name").filter(name::equals).isPresent())
                .flatMap(e -> e.text("value").stream())
                .findFirst();
    }

    private static Optional<Json.Obj> toward(Subject subject, String source) {
        URI uri;
        try {
            uri = new URI(source);
        } catch (URISyntaxException odd) {
            return Optional.of(anywhere(HTTPS));
        }
        var host = Optional.ofNullable(uri.getHost()).orElse("");
        var inside = namespace(subject, host);
        if (inside.isPresent()) {
            // Policies see a Service's pods, whose ports may be others.
            var peer = Json.Obj.of("namespaceSelector", labelled(NAMESPACE, inside.get()));
            return Optional.of(Json.Obj.of("to", List.of(peer)));
        }
        int port = uri.getPort();
        return Optional.of(
                anywhere(port > 0 ? port : "http".equals(uri.getScheme()) ? HTTP : HTTPS));
    }

    /** The namespace of a host inside the cluster. */
    private static Optional<String> namespace(Subject subject, String host) {
        var parts = List.of(host.split("\\.", -1));
        if (parts.size() == 1 && !host.isEmpty()) {
            return Optional.of(subject.namespace());
        }
        return parts.size() >= 3 && parts.get(2).equals("svc")
                ? Optional.of(parts.get(1))
                : Optional.empty();
    }

    private static Json.Obj anywhere(long port) {
        return Json.Obj.of("to", everybody(), "ports", List.of(port("TCP", port)));
    }

    private static List<Json.Obj> everybody() {
        return List.of(
                block("0.0.0.0/0", "169.254.169.254/32"), block("::/0", "fd00:ec2::254/128"));
    }

    private static Json.Obj block(String all, String but) {
        return Json.Obj.of("ipBlock", Json.Obj.of("cidr", all, "except", List.of(but)));
    }

    private static Json.Obj labelled(String name, String value) {
        return Json.Obj.of("matchLabels", Map.of(name, value));
    }

    private static Json.Obj port(String protocol, long number) {
        return Json.Obj.of("protocol", protocol, "port", number);
    }
}
