package dev.marea.app.role;

import dev.marea.app.home.ConfigFile.BadConfig;
import dev.marea.app.home.ConfigSection;
import dev.marea.kubernetes.api.Installation;
import dev.marea.kubernetes.objects.ModelTrust;
import dev.marea.kubernetes.reconcile.Addresses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the section {@code operator} of config.yaml says.
 *
 * @param externalPort the port of the hosts of services that a person must type; empty is the
 *     scheme's own
 * @param imagePrefix the registry and path of Marea's own images
 * @param watchNamespaces whose services are ours; empty for all
 * @param networkPolicies whether replicas are fenced in
 * @param trust in models, by their signatures
 */
public record OperatorConfig(
        String scheme,
        String domain,
        String domainTemplate,
        OptionalInt externalPort,
        String imagePrefix,
        Set<String> watchNamespaces,
        boolean networkPolicies,
        ModelTrust trust,
        int webhookPort,
        int feedPort,
        int adminPort) {
    static final String SECTION = "operator";

    private static final Set<String> KEYS =
            Set.of(
                    "scheme",
                    "domain",
                    "domainTemplate",
                    "externalPort",
                    "imagePrefix",
                    "watchNamespaces",
                    "networkPolicies",
                    "modelSignatures",
                    "modelSigners",
                    "webhookPort",
                    "feedPort",
                    "adminPort");

    private static final String DOMAIN = "example.com";

    public OperatorConfig {
        watchNamespaces = Set.copyOf(watchNamespaces);
    }

    public static OperatorConfig read(Path file) throws IOException, BadConfig {
        var section = ConfigSection.read(file, SECTION, Sections.ALL, KEYS);
        var scheme = section.text("scheme").orElse("http");
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw section.bad("scheme", "must be http or https, was " + scheme);
        }
        return new OperatorConfig(
                scheme,
                section.text("domain").orElse(DOMAIN),
                section.text("domainTemplate").orElse(Addresses.DEFAULT_TEMPLATE),
                section.port("externalPort"),
                section.text("imagePrefix").orElse(""),
                section.words("watchNamespaces"),
                section.flag("networkPolicies").orElse(true),
                trust(section),
                section.port("webhookPort").orElse(Installation.WEBHOOK_PORT),
                section.port("feedPort").orElse(Installation.FEED_PORT),
                section.port("adminPort").orElse(Sections.ADMIN_PORT));
    }

    public OperatorConfig withAdminPort(int port) {
        return new OperatorConfig(
                scheme,
                domain,
                domainTemplate,
                externalPort,
                imagePrefix,
                watchNamespaces,
                networkPolicies,
                trust,
                webhookPort,
                feedPort,
                port);
    }

    private static ModelTrust trust(ConfigSection section) throws BadConfig {
        var policy = section.text("modelSignatures").orElse(ModelTrust.OFF.policy());
        if (!ModelTrust.POLICIES.contains(policy)) {
            throw section.bad("modelSignatures", "must be off, warn or require, was " + policy);
        }
        return new ModelTrust(policy, section.text("modelSigners").orElse(""));
    }
}
