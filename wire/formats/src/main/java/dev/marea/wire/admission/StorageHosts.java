package dev.marea.wire.admission;

import dev.marea.core.spec.Component;
import dev.marea.core.spec.Rollout;
import dev.marea.core.spec.Workload;
import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.kserve.Manifest;
import dev.marea.wire.kserve.StorageScheme;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which hosts a model must not be fetched from: the platform's own, and those that hand out the
 * machine's credentials. Names are not resolved here; the fetcher judges addresses again.
 */
final class StorageHosts {
    private StorageHosts() {}

    static List<FieldError> check(Manifest manifest, boolean loopback) {
        var errors = new ArrayList<FieldError>();
        check(manifest.service().predictor(), "spec.predictor.model.storageUri", loopback)
                .ifPresent(errors::add);
        if (manifest.service().rollout() instanceof Rollout.SideBySide(var candidate, _)) {
            check(candidate, "spec.predictor.canary.model.storageUri", loopback)
                    .ifPresent(errors::add);
        }
        return errors;
    }

    private static Optional<FieldError> check(Component component, String field, boolean loopback) {
        if (!(component.workload() instanceof Workload.Model model)) {
            return Optional.empty();
        }
        return model.storageUri()
                .filter(StorageHosts::isWeb)
                .flatMap(uri -> refusal(URI.create(uri).getHost(), loopback))
                .map(message -> FieldError.invalid(field, message));
    }

    private static boolean isWeb(String uri) {
        return StorageScheme.of(uri) instanceof StorageScheme.Served(var source)
                && (source == StorageScheme.Source.HTTP || source == StorageScheme.Source.HTTPS);
    }

    static Optional<String> refusal(String host, boolean loopback) {
        var name = host.toLowerCase(Locale.ROOT);
        var address = literal(name);
        if (name.equals("metadata.google.internal")
                || address.filter(InetAddress::isLinkLocalAddress).isPresent()
                || address.filter(InetAddress::isAnyLocalAddress).isPresent()
                || address.filter(InetAddress::isMulticastAddress).isPresent()) {
            return Optional.of(
                    "must not name " + host + ": no model is served there, but credentials may be");
        }
        boolean here =
                name.equals("localhost")
                        || name.endsWith(".localhost")
                        || address.filter(InetAddress::isLoopbackAddress).isPresent();
        return here && !loopback
                ? Optional.of(
                        "must not name " + host + ": that is the machine of the platform itself")
                : Optional.empty();
    }

    /** The address that a host is written as; names are left alone, so nothing is looked up. */
    private static Optional<InetAddress> literal(String host) {
        try {
            return host.startsWith("[") || host.matches("[0-9.]+|0x[0-9a-f.x]+")
                    ? Optional.of(
                            host.startsWith("[")
                                    ? InetAddress.ofLiteral(host.substring(1, host.length() - 1))
                                    : InetAddress.ofLiteral(dotted(host)))
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.of(InetAddress.ofLiteral("0.0.0.0"));
        }
    }

    /** The odd spellings that C libraries take ({@code 0x7f000001}, {@code 2130706433}). */
    private static String dotted(String host) {
        if (host.chars().filter(c -> c == '.').count() == 3 && !host.contains("x")) {
            return host;
        }
        long number = Long.decode(host);
        return "%d.%d.%d.%d"
                .formatted(
                        (number >> 24) & 255,
                        (number >> 16) & 255,
                        (number >> 8) & 255,
                        number & 255);
    }
}
