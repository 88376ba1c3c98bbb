package dev.marea.kubernetes.reconcile;

import java.util.OptionalInt;

/**
 * Where the gateway takes requests; the ConfigMap {@code inferenceservice-config} may say
 * otherwise.
 *
 * @param domainTemplate KServe's template of a host, for example {@code {{ .Name }}-{{ .Namespace
 *     }}.{{ .IngressDomain }}}
 * @param port the port that a person must type; empty or the scheme's own is left out of urls
 * @param inside the gateway's base url for callers on one machine; on a cluster services have names
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
}
