package dev.marea.kubernetes.expose;

import dev.marea.core.plan.Exposure;
import dev.marea.core.route.HostClaims.Verdict;
import dev.marea.core.spec.DeploymentMode;
import dev.marea.core.spec.ServiceId;
import dev.marea.kubernetes.objects.Subject;
import java.util.List;

/**
 * How one service is reached now.
 *
 * @param names that were in force when it was looked at
 * @param verdict on the hosts that it would like to have
 * @param url where users send requests
 * @param address where callers inside the platform do
 * @param local whether it asked not to be reached from outside
 * @param exposure what its status says of it
 */
public record Exposed(
        ServiceId service,
        Subject subject,
        DeploymentMode mode,
        Hosts names,
        Verdict verdict,
        String url,
        String address,
        boolean local,
        Exposure exposure) {
    /** By these a gateway knows it. */
    public List<String> hosts() {
        return verdict.held();
    }
}
