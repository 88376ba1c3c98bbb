package dev.marea.core.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What holds for every service of a platform: KServe's ConfigMap {@code inferenceservice-config},
 * free of wire shapes. It may change while services run; what a running revision was rendered from
 * stays with the revision.
 *
 * @param defaultMode of services that name none
 * @param headless whether a component's Service has no address of its own ({@code
 *     serviceClusterIPNone})
 * @param containerDefaults what the author's own containers get where they ask for nothing
 * @param storageStep what the step that fetches a model asks for
 * @param gpuTypes resource names that count as GPUs besides those everybody knows
 * @param scaleUpWindowSeconds of HorizontalPodAutoscalers, as is the next
 */
public record PlatformConfig(
        Ingress ingress,
        DeploymentMode defaultMode,
        boolean headless,
        Resources containerDefaults,
        Resources storageStep,
        Set<String> gpuTypes,
        Disallowed disallowed,
        int scaleUpWindowSeconds,
        int scaleDownWindowSeconds) {
    public static final PlatformConfig DEFAULT = of(Ingress.DEFAULT);

    public PlatformConfig {
        gpuTypes = Set.copyOf(gpuTypes);
    }

    /** Everything else as it is without any ConfigMap. */
    public static PlatformConfig of(Ingress ingress) {
        return new PlatformConfig(
                ingress,
                DeploymentMode.KNATIVE,
                false,
                Resources.NONE,
                Resources.NONE,
                Set.of(),
                Disallowed.NONE,
                0,
                300);
    }

    /**
     * How services are reached from outside.
     *
     * @param moreDomains get the same hosts as the first one
     * @param domainTemplate of a host, for example {@code {{ .Name }}-{{ .Namespace }}.{{
     *     .IngressDomain }}}
     * @param pathTemplate of a path on the domain itself
     * @param className the IngressClass; without one (and without a gateway) no object is made and
     *     people reach the gateway's own Service
     * @param gateway the Gateway API's Gateway, asked for by {@code enableGatewayApi}
     * @param wanted false for {@code disableIngressCreation}
     * @param timed whether an HTTPRoute bears the service's timeout
     * @param tlsSecret in the namespace of each service; its Ingress serves TLS with it
     */
    public record Ingress(
            String scheme,
            String domain,
            List<String> moreDomains,
            String domainTemplate,
            Optional<String> pathTemplate,
            Optional<String> className,
            Optional<GatewayRef> gateway,
            boolean wanted,
            boolean timed,
            Optional<String> tlsSecret) {
        public static final String DEFAULT_TEMPLATE =
                "{{ .Name }}-{{ .Namespace }}.{{ .IngressDomain }}";

        public static final Ingress DEFAULT = of("http", "example.com", DEFAULT_TEMPLATE);

        public Ingress {
            if (!scheme.equals("http") && !scheme.equals("https")) {
                throw new IllegalArgumentException("need http or https, was " + scheme);
            }
            if (domain.isEmpty()) {
                throw new IllegalArgumentException("need a domain for the hosts of services");
            }
            moreDomains = List.copyOf(moreDomains);
        }

        public static Ingress of(String scheme, String domain, String domainTemplate) {
            return new Ingress(
                    scheme,
                    domain,
                    List.of(),
                    domainTemplate,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    true,
                    true,
                    Optional.empty());
        }
    }

    public record GatewayRef(String namespace, String name) {}

    /** Quantities by resource name. */
    public record Resources(Map<String, String> requests, Map<String, String> limits) {
        public static final Resources NONE = new Resources(Map.of(), Map.of());

        public Resources {
            requests = Map.copyOf(requests);
            limits = Map.copyOf(limits);
        }
    }

    /** Keys of a service's own metadata that its pods do not get. */
    public record Disallowed(List<String> annotations, List<String> labels) {
        public static final Disallowed NONE = new Disallowed(List.of(), List.of());

        public Disallowed {
            annotations = List.copyOf(annotations);
            labels = List.copyOf(labels);
        }
    }
}
