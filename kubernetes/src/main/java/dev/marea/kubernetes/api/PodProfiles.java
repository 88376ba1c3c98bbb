package dev.marea.kubernetes.api;

import dev.marea.wire.admission.PodProfile;
import java.io.IOException;

/** What the pods of a namespace may ask for, by its own label. */
public record PodProfiles(Api api) {
    /** The strictest where we may not even look. */
    public PodProfile in(String namespace) throws IOException {
        try {
            return PodProfile.of(
                    api.get(Kind.NAMESPACE, "", namespace)
                            .flatMap(n -> n.text("metadata", "labels", PodProfile.LABEL)));
        } catch (ApiRefusal refused) {
            if (refused.code() == 403) {
                return PodProfile.RESTRICTED;
            }
            throw refused;
        }
    }
}
