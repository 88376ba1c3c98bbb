package dev.marea.kubernetes.reconcile;

import dev.marea.kubernetes.api.PodProfiles;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.wire.admission.PodProfile;
import dev.marea.wire.admission.PodSecurity;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Judges once more what a manifest asks for its pods, for one that was stored while nobody asked
 * our webhook. What runs of it stays; nothing new is made.
 *
 * @param onCluster whether there are tenants; on one machine its user is its owner
 */
record TenantPods(PodProfiles profiles, boolean onCluster) {
    Optional<String> refused(Json.Obj tree, Subject subject) throws IOException {
        if (!onCluster || PodSecurity.check(tree, PodProfile.RESTRICTED).isEmpty()) {
            return Optional.empty();
        }
        var errors = PodSecurity.check(tree, profiles.in(subject.namespace()));
        return errors.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        errors.stream()
                                .map(e -> e.field() + ": " + e.message())
                                .collect(Collectors.joining("; ")));
    }
}
