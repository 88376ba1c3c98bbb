package dev.marea.kubernetes.reconcile;

import dev.marea.core.spec.ServiceId;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Where the gateway takes requests.
 *
 * @param domainTemplate KServe's template of a host, for example {@code {{ .Name }}-{{ .Namespace
 *     }}.{{ .IngressDomain }}}
 * @param port the port that a person must type; empty or the scheme's own is left out of urls
 * @param inside the gateway's base url for callers inside the platform
 */
public record Addresses(
        String scheme, String domain, String domainTemplate, OptionalInt port, String inside) {
    public static final String DEFAULT_TEMPLATE =
            "{{ .Name }}-{{ .Namespace }}.{{ .IngressDomain }}";

    public Addresses {
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("need http or https, was " + scheme);
        }
        if (domain.isEmpty()) {
            throw new IllegalArgumentException("need a domain for the hosts of services");
        }
    }

    String url(ServiceId service) {
        var usual = scheme.equals("http") ? 80 : 443;
        var suffix = port.isPresent() && port.getAsInt() != usual ? ":" + port.getAsInt() : "";
        return scheme + "://" + host(service) + suffix;
    }

    String address(ServiceId service) {
        var base = inside.endsWith("/") ? inside.substring(0, inside.length() - 1) : inside;
        return "%s/serving/%s/%s".formatted(base, service.namespace(), service.name());
    }

    /** Every name that leads to the service, the names of its cluster Service among them. */
    List<String> hosts(ServiceId service) {
        var name = service.name();
        var namespace = service.namespace();
        var local = "%s-predictor.%s".formatted(name, namespace);
        return Stream.of(
                        host(service),
                        "%s-%s.%s".formatted(name, namespace, domain),
                        "%s.%s.%s".formatted(name, namespace, domain),
                        local,
                        local + ".svc",
                        local + ".svc.cluster.local")
                .distinct()
                .toList();
    }

    private String host(ServiceId service) {
        return domainTemplate
                .replaceAll("\\{\\{\\s*\\.Name\\s*}}", service.name())
                .replaceAll("\\{\\{\\s*\\.Namespace\\s*}}", service.namespace())
                .replaceAll("\\{\\{\\s*\\.IngressDomain\\s*}}", domain);
    }
}
