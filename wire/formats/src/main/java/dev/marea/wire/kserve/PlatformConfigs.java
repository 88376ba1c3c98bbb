package dev.marea.wire.kserve;

import dev.marea.core.spec.DeploymentMode;
import dev.marea.core.spec.PlatformConfig;
import dev.marea.core.spec.PlatformConfig.Disallowed;
import dev.marea.core.spec.PlatformConfig.GatewayRef;
import dev.marea.core.spec.PlatformConfig.Ingress;
import dev.marea.core.spec.PlatformConfig.Resources;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads KServe's ConfigMap {@code inferenceservice-config}: every key holds a JSON document. What
 * it does not say stays as on the platform without it.
 */
public final class PlatformConfigs {
    /** The ConfigMap's name, in Marea's own namespace or in KServe's. */
    public static final String NAME = "inferenceservice-config";

    /** KServe's own namespace. */
    public static final String KSERVE = "kserve";

    private PlatformConfigs() {}

    /**
     * What was read.
     *
     * @param notes what stands there and has no effect here, and why
     */
    public record Read(PlatformConfig config, List<String> notes) {
        public Read {
            notes = List.copyOf(notes);
        }
    }

    /**
     * Reads a ConfigMap.
     *
     * @param base what holds where it says nothing
     */
    public static Read read(Json.Obj configMap, PlatformConfig base) throws InvalidPlatformConfig {
        var notes = new ArrayList<String>();
        var documents = ConfigDocument.all(configMap.object("data"), notes);
        var ingress = documents.get("ingress");
        var resources = documents.get("inferenceService");
        var autoscaler = documents.get("autoscaler");
        var config =
                new PlatformConfig(
                        ingress == null ? base.ingress() : ingress(ingress, base.ingress(), notes),
                        mode(documents, base.defaultMode()),
                        headless(documents, base.headless()),
                        resources == null
                                ? base.containerDefaults()
                                : containerDefaults(resources.child("resource")),
                        storageStep(documents, base.storageStep()),
                        documents.containsKey("multiNode")
                                ? new LinkedHashSet<>(
                                        documents
                                                .get("multiNode")
                                                .texts("customGPUResourceTypeList"))
                                : base.gpuTypes(),
                        resources == null ? base.disallowed() : disallowed(resources),
                        autoscaler == null
                                ? base.scaleUpWindowSeconds()
                                : autoscaler
                                        .seconds("scaleUpStabilizationWindowSeconds")
                                        .orElse(base.scaleUpWindowSeconds()),
                        autoscaler == null
                                ? base.scaleDownWindowSeconds()
                                : autoscaler
                                        .seconds("scaleDownStabilizationWindowSeconds")
                                        .orElse(base.scaleDownWindowSeconds()));
        return new Read(config, notes);
    }

    private static Ingress ingress(ConfigDocument in, Ingress base, List<String> notes)
            throws InvalidPlatformConfig {
        var scheme = in.text("urlScheme").orElse(base.scheme());
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw in.invalid("urlScheme", "\"%s\" is not http or https".formatted(scheme));
        }
        var api = in.flag("enableGatewayApi", base.gateway().isPresent());
        var gateway = gateway(in);
        if (api && gateway.isEmpty() && base.gateway().isEmpty()) {
            throw in.invalid(
                    "enableGatewayApi", "needs kserveIngressGateway, as \"namespace/name\"");
        }
        return new Ingress(
                scheme,
                in.host("ingressDomain").orElse(base.domain()),
                in.has("additionalIngressDomains")
                        ? in.hosts("additionalIngressDomains")
                        : base.moreDomains(),
                HostTemplates.host(in, "domainTemplate").orElse(base.domainTemplate()),
                HostTemplates.path(in, "pathTemplate", api, notes).or(base::pathTemplate),
                in.text("ingressClassName").or(base::className),
                api ? gateway.or(base::gateway) : Optional.empty(),
                !in.flag("disableIngressCreation", !base.wanted()),
                !in.flag("disableHTTPRouteTimeout", !base.timed()),
                in.text("tlsSecretName").or(base::tlsSecret));
    }

    private static Optional<GatewayRef> gateway(ConfigDocument in) throws InvalidPlatformConfig {
        var text = in.text("kserveIngressGateway");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        var parts = text.get().split("/", -1);
        if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
            throw in.invalid(
                    "kserveIngressGateway",
                    "\"%s\" is not \"namespace/name\"".formatted(text.get()));
        }
        return Optional.of(new GatewayRef(parts[0], parts[1]));
    }

    private static DeploymentMode mode(Map<String, ConfigDocument> documents, DeploymentMode base)
            throws InvalidPlatformConfig {
        var deploy = documents.get("deploy");
        var word =
                deploy == null
                        ? Optional.<String>empty()
                        : deploy.text("defaultDeploymentMode").filter(w -> !w.isEmpty());
        if (deploy == null || word.isEmpty()) {
            return base;
        }
        var mode = Modes.of(word.get());
        if (mode.isEmpty()) {
            throw deploy.invalid(
                    "defaultDeploymentMode",
                    "\"%s\" is not Standard or Knative".formatted(word.get()));
        }
        return mode.get();
    }

    private static boolean headless(Map<String, ConfigDocument> documents, boolean base)
            throws InvalidPlatformConfig {
        var service = documents.get("service");
        return service == null ? base : service.flag("serviceClusterIPNone", base);
    }

    private static Resources containerDefaults(ConfigDocument in) throws InvalidPlatformConfig {
        return resources(in, "cpuRequest", "memoryRequest", "cpuLimit", "memoryLimit");
    }

    private static Resources storageStep(Map<String, ConfigDocument> documents, Resources base)
            throws InvalidPlatformConfig {
        var in = documents.get("storageInitializer");
        return in == null
                ? base
                : resources(in, "cpuRequest", "memoryRequest", "cpuLimit", "memoryLimit");
    }

    private static Resources resources(
            ConfigDocument in, String cpu, String memory, String cpuMax, String memoryMax)
            throws InvalidPlatformConfig {
        var requests = new LinkedHashMap<String, String>();
        var limits = new LinkedHashMap<String, String>();
        in.quantity(cpu).ifPresent(q -> requests.put("cpu", q));
        in.quantity(memory).ifPresent(q -> requests.put("memory", q));
        in.quantity(cpuMax).ifPresent(q -> limits.put("cpu", q));
        in.quantity(memoryMax).ifPresent(q -> limits.put("memory", q));
        return new Resources(requests, limits);
    }

    private static Disallowed disallowed(ConfigDocument in) throws InvalidPlatformConfig {
        return new Disallowed(
                in.texts("serviceAnnotationDisallowedList"),
                in.texts("serviceLabelDisallowedList"));
    }
}
