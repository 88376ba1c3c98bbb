package dev.marea.kubernetes.objects;

import dev.marea.wire.kserve.FetchTerms;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whose signature a model needs before it is served. A tenant may ask for more than the
 * administrator does, never for less, and where the administrator requires one, the administrator
 * says whose.
 *
 * @param policy off, warn or require
 * @param signers public keys, as PEM
 */
public record ModelTrust(String policy, String signers) {
    /** From lax to strict. */
    public static final List<String> POLICIES = List.of("off", "warn", "require");

    public static final ModelTrust OFF = new ModelTrust("off", "");

    public ModelTrust {
        if (!POLICIES.contains(policy)) {
            throw new IllegalArgumentException(
                    "a policy for signatures of models is off, warn or require, was " + policy);
        }
    }

    /** As a service's annotations ask; what they cannot mean, admission has refused. */
    static ModelTrust of(Map<String, String> annotations) {
        var policy = annotations.getOrDefault(FetchTerms.SIGNATURES_ANNOTATION, OFF.policy());
        return POLICIES.contains(policy)
                ? new ModelTrust(
                        policy, annotations.getOrDefault(FetchTerms.SIGNERS_ANNOTATION, ""))
                : new ModelTrust("require", "");
    }

    /** The stricter of the two; of equals the administrator's. */
    ModelTrust and(ModelTrust tenants) {
        int ours = POLICIES.indexOf(policy);
        int theirs = POLICIES.indexOf(tenants.policy);
        if (ours == 0) {
            return tenants;
        }
        return new ModelTrust(POLICIES.get(Math.max(ours, theirs)), signers);
    }

    Optional<ModelTrust> ifAny() {
        return policy.equals(OFF.policy()) ? Optional.empty() : Optional.of(this);
    }
}
