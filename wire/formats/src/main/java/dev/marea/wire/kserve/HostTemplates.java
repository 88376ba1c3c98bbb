package dev.marea.wire.kserve;

import java.util.List;
import java.util.Optional;

/** The templates of hosts and paths in the platform's ConfigMap. */
final class HostTemplates {
    private static final String PLACE = "\\{\\{\\s*\\.%s\\s*}}";

    /** The path by which our gateway knows services; others must be rewritten to it on the way. */
    private static final String OWN_PATH = "/serving/ns/name";

    private HostTemplates() {}

    static Optional<String> host(ConfigDocument in, String field) throws InvalidPlatformConfig {
        var template = in.text(field);
        if (template.isPresent()) {
            var sample = filled(template.get()).replaceAll(PLACE.formatted("IngressDomain"), "d.x");
            if (!named(template.get()) || !ConfigDocument.isHost(sample)) {
                throw in.invalid(
                        field,
                        "\"%s\" must make a DNS name of {{ .Name }}, {{ .Namespace }} and {{ .IngressDomain }}"
                                .formatted(template.get()));
            }
        }
        return template;
    }

    static Optional<String> path(
            ConfigDocument in, String field, boolean gatewayApi, List<String> notes)
            throws InvalidPlatformConfig {
        var template = in.text(field);
        if (template.isEmpty()) {
            return template;
        }
        var sample = filled(template.get());
        if (!named(template.get()) || !sample.matches("(/[-A-Za-z0-9._~]+)+")) {
            throw in.invalid(
                    field,
                    "\"%s\" must make a path of {{ .Namespace }} and {{ .Name }}, as /serving/{{ .Namespace }}/{{ .Name }} does"
                            .formatted(template.get()));
        }
        if (!sample.equals(OWN_PATH) && !gatewayApi) {
            notes.add(
                    "pathTemplate has no effect: without the Gateway API only /serving/{{ .Namespace }}/{{ .Name }} can be served");
            return Optional.empty();
        }
        return template;
    }

    private static boolean named(String template) {
        return !filled(template).equals(template);
    }

    private static String filled(String template) {
        return template.replaceAll(PLACE.formatted("Name"), "name")
                .replaceAll(PLACE.formatted("Namespace"), "ns");
    }
}
