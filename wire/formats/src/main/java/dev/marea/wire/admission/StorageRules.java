package dev.marea.wire.admission;

import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.Manifest;
import dev.marea.wire.kserve.StorageScheme;
import dev.marea.wire.kserve.StorageUri;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Where a model must not be taken from: the platform's own doors, hosts that hand out the machine's
 * credentials, and on a cluster the files of its nodes. Names are not resolved here; the fetcher
 * judges addresses again.
 */
final class StorageRules {
    private static final String NODE_FILES =
            "must not be a path on a cluster: it would open the files of a node to every tenant; use pvc://claim/path";

    /** Hosts of clouds that hand out the machine's own credentials, where not link-local. */
    private static final Set<String> CREDENTIALS =
            Set.of(
                    "metadata",
                    "metadata.google.internal",
                    "metadata.goog",
                    "instance-data",
                    "100.100.100.200",
                    "168.63.129.16",
                    "192.0.0.192",
                    "[fd00:ec2::254]");

    private StorageRules() {}

    static List<FieldError> check(
            Manifest manifest, boolean oneMachine, KnownContainers containers) {
        var errors = new ArrayList<FieldError>();
        var rule = new Rule(oneMachine, containers);
        rule.check(manifest.predictor(), "spec.predictor", errors);
        for (int i = 0; i < manifest.candidates().size(); i++) {
            rule.check(manifest.candidates().get(i), manifest.candidatePath(i), errors);
        }
        return errors;
    }

    private record Rule(boolean oneMachine, KnownContainers containers) {
        void check(Json.Obj predictor, String path, List<FieldError> errors) {
            var named = predictor.has("storageContainerName");
            for (var written : StorageUri.written(predictor, path)) {
                refused(written.uri(), oneMachine)
                        .or(() -> named ? Optional.empty() : unknown(written.uri()))
                        .map(message -> FieldError.invalid(written.field(), message))
                        .ifPresent(errors::add);
            }
        }

        /** Containers are asked for only where one is needed. */
        private Optional<String> unknown(String uri) {
            return StorageScheme.of(uri) instanceof StorageScheme.Foreign(_, var message)
                            && containers.all().stream().noneMatch(c -> c.takes(uri))
                    ? Optional.of(message + ", or a ClusterStorageContainer for it")
                    : Optional.empty();
        }
    }

    /** Whether it reaches where it must not. */
    static Optional<String> refused(String uri, boolean oneMachine) {
        return switch (StorageScheme.of(uri)) {
            case StorageScheme.Served(var source) ->
                    switch (source) {
                        case HTTP, HTTPS, WEBHDFS -> refusal(URI.create(uri).getHost(), oneMachine);
                        case OCI, OCI_IMAGE ->
                                registry(uri).flatMap(host -> refusal(host, oneMachine));
                        case PATH, FILE -> oneMachine ? Optional.empty() : Optional.of(NODE_FILES);
                        case PVC, S3, GCS, HUB, AZURE_BLOB, AZURE_FILE, MLFLOW -> Optional.empty();
                    };
            case StorageScheme.KnownNotServed _, StorageScheme.Foreign _, StorageScheme.Refused _ ->
                    Optional.empty();
        };
    }

    /** The first part of an image is a registry if it looks like a host. */
    private static Optional<String> registry(String uri) {
        var image = uri.substring(uri.indexOf("://") + 3);
        var first = image.contains("/") ? image.substring(0, image.indexOf('/')) : "";
        var host = first.contains(":") ? first.substring(0, first.indexOf(':')) : first;
        return host.contains(".") || first.contains(":") || host.equals("localhost")
                ? Optional.of(host)
                : Optional.empty();
    }

    static Optional<String> refusal(String host, boolean oneMachine) {
        var name = host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
        var address = literal(name);
        if (CREDENTIALS.contains(name)
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
        return here && !oneMachine
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
