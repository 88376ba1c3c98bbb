package dev.marea.kubernetes.expose;

import dev.marea.core.route.RouteIndex;
import dev.marea.core.spec.DeploymentMode;
import dev.marea.core.spec.PlatformConfig;
import dev.marea.core.spec.PlatformConfig.Ingress;
import dev.marea.core.spec.ServiceId;
import dev.marea.kubernetes.objects.ExternalRoute.Path;
import dev.marea.kubernetes.objects.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The names and addresses of services, as the platform's ConfigMap wants them.
 *
 * @param port that a person must type; empty or the scheme's own is left out of urls
 * @param inside the gateway's base url for callers on one machine; empty on a cluster, where every
 *     service has a name of its own
 */
public record Hosts(PlatformConfig config, OptionalInt port, Optional<String> inside) {
    private static final String CLUSTER = ".svc.cluster.local";

    /** The hosts by which people outside call it; the first one is told as its url. */
    List<String> outside(ServiceId service) {
        var name = service.name();
        var namespace = service.namespace();
        var hosts = new ArrayList<String>();
        domains().forEach(domain -> hosts.add(host(name, namespace, domain)));
        domains().forEach(domain -> hosts.add(host(Names.predictor(name), namespace, domain)));
        for (var domain : domains().toList()) {
            hosts.add("%s-%s.%s".formatted(name, namespace, domain));
            hosts.add("%s.%s.%s".formatted(name, namespace, domain));
        }
        return hosts.stream().distinct().toList();
    }

    /** Those of them that a route from outside names; the rest are other spellings. */
    List<String> routed(ServiceId service) {
        return outside(service).subList(0, Math.min(outside(service).size(), 2 * domainCount()));
    }

    /** The names of its Services, in all lengths that say the namespace. */
    List<String> inCluster(ServiceId service) {
        return Stream.of(Names.predictor(service.name()), service.name())
                .flatMap(name -> spellings(name, service.namespace()))
                .toList();
    }

    /** The shortest of them, which stands for the Service of that name. */
    static String local(String name, String namespace) {
        return name + "." + namespace;
    }

    /** Its path on hosts that services share, where the ConfigMap wants one. */
    List<Path> paths(ServiceId service) {
        var own = RouteIndex.PREFIX + service.namespace() + "/" + service.name();
        return ingress().pathTemplate().stream()
                .map(template -> filled(template, service.name(), service.namespace()))
                .flatMap(prefix -> domains().map(domain -> new Path(domain, prefix, own)))
                .toList();
    }

    /**
     * Where users send requests.
     *
     * @param held whether a host is the service's
     */
    String url(ServiceId service, Predicate<String> held) {
        var path = paths(service).stream().findFirst();
        if (path.isPresent()) {
            return base(path.get().host()) + path.get().prefix();
        }
        return outside(service).stream()
                .filter(held)
                .findFirst()
                .map(this::base)
                .orElseGet(() -> base(ingress().domain()) + ownPath(service));
    }

    /** Where callers inside the platform send requests. */
    String address(ServiceId service, DeploymentMode mode) {
        if (inside.isPresent()) {
            var base = inside.get();
            return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base)
                    + ownPath(service);
        }
        var name =
                switch (mode) {
                    case KNATIVE -> service.name();
                    case STANDARD -> Names.predictor(service.name());
                };
        var suffix = config.headless() ? ":" + Names.DEFAULT_PORT : "";
        return "http://" + local(name, service.namespace()) + CLUSTER + suffix;
    }

    private static String ownPath(ServiceId service) {
        return RouteIndex.PREFIX + service.namespace() + "/" + service.name();
    }

    private String base(String host) {
        var usual = ingress().scheme().equals("http") ? 80 : 443;
        var suffix = port.isPresent() && port.getAsInt() != usual ? ":" + port.getAsInt() : "";
        return ingress().scheme() + "://" + host + suffix;
    }

    private Ingress ingress() {
        return config.ingress();
    }

    private Stream<String> domains() {
        return Stream.concat(Stream.of(ingress().domain()), ingress().moreDomains().stream())
                .distinct();
    }

    private int domainCount() {
        return (int) domains().count();
    }

    private static Stream<String> spellings(String name, String namespace) {
        var local = local(name, namespace);
        return Stream.of(local, local + ".svc", local + CLUSTER);
    }

    private String host(String name, String namespace, String domain) {
        return filled(ingress().domainTemplate(), name, namespace)
                .replaceAll("\\{\\{\\s*\\.IngressDomain\\s*}}", domain);
    }

    private static String filled(String template, String name, String namespace) {
        return template.replaceAll("\\{\\{\\s*\\.Name\\s*}}", name)
                .replaceAll("\\{\\{\\s*\\.Namespace\\s*}}", namespace);
    }
}
