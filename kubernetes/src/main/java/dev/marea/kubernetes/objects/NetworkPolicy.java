package dev.marea.kubernetes.objects;

import dev.marea.wire.json.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
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
                .flatMap(template -> sources(template).stream())
                .distinct()
                .flatMap(uri -> toward(subject, uri).stream())
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

    /** What the step before the containers is told to fetch. */
    private static List<String> sources(Json.Obj template) {
        return template.list("spec", "initContainers").stream()
                .filter(c -> c.text("name").filter(ModelMount.STEP::equals).isPresent())
                .flatMap(c -> c.list("args").stream())
                .flatMap(a -> a instanceof Json.Str(var text) ? Stream.of(text) : Stream.empty())
                .filter(a -> a.contains("://"))
                .toList();
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
        var everybody = block("0.0.0.0/0", "169.254.169.254/32");
        var everybody6 = block("::/0", "fd00:ec2::254/128");
        return Json.Obj.of(
                "to", List.of(everybody, everybody6), "ports", List.of(port("TCP", port)));
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
