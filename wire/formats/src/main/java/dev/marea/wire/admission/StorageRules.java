package dev.marea.wire.admission;

import dev.marea.wire.admission.Admission.FieldError;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.InferenceServices;
import dev.marea.wire.kserve.Manifest;
import dev.marea.wire.kserve.StorageScheme;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a model must not be taken from: the platform's own doors, hosts that hand out the machine's
 * credentials, and on a cluster the files of its nodes. Names are not resolved here; the fetcher
 * judges addresses again.
 */
final class StorageRules {
    private static final String NODE_FILES =
            "must not be a path on a cluster: it would open the files of a node to every tenant; use pvc://claim/path";

    private StorageRules() {}

    static List<FieldError> check(Manifest manifest, boolean oneMachine) {
        var errors = new ArrayList<FieldError>();
        check(manifest.predictor(), "spec.predictor", oneMachine).ifPresent(errors::add);
        for (int i = 0; i < manifest.candidates().size(); i++) {
            check(manifest.candidates().get(i), manifest.candidatePath(i), oneMachine)
                    .ifPresent(errors::add);
        }
        return errors;
    }

    private static Optional<FieldError> check(Json.Obj predictor, String path, boolean oneMachine) {
        var field = predictor.has("model") ? ".model.storageUri" : ".containers[STORAGE_URI]";
        return InferenceServices.storageUri(predictor)
                .flatMap(uri -> refused(uri, oneMachine))
                .map(message -> FieldError.invalid(path + field, message));
    }

    static Optional<String> refused(String uri, boolean oneMachine) {
        return switch (StorageScheme.of(uri)) {
            case StorageScheme.Served(var source) ->
                    switch (source) {
                        case HTTP, HTTPS -> refusal(URI.create(uri).getHost(), oneMachine);
                        case PATH, FILE -> oneMachine ? Optional.empty() : Optional.of(NODE_FILES);
                        case PVC -> Optional.empty();
                    };
            case StorageScheme.KnownNotServed _, StorageScheme.Refused _ -> Optional.empty();
        };
    }

    static Optional<String> refusal(String host, boolean oneMachine) {
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
