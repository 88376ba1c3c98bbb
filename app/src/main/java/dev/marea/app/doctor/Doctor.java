package dev.marea.app.doctor;

import dev.marea.kubernetes.client.Cluster;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Examines a cluster, or the one machine. It only reads, and asks the API to judge one bad manifest
 * without keeping it. What it may not look at is said, and is no failure.
 */
public final class Doctor {
    private final Cluster cluster;
    private final String system;
    private final InstantSource clock;

    /** One look at one thing. */
    interface Check {
        List<Finding> look(Cluster cluster) throws IOException;
    }

    private record Named(String subject, Check check) {}

    /**
     * @param system the namespace that Marea is installed in
     */
    public Doctor(Cluster cluster, String system, InstantSource clock) {
        this.cluster = cluster;
        this.system = system;
        this.clock = clock;
    }

    /** Everything that was found, in the order of the checks; throws if there is no API at all. */
    public List<Finding> examine() throws IOException {
        var api = ApiCheck.of(cluster);
        var findings = new ArrayList<Finding>(api.findings());
        var checks = new ArrayList<Named>();
        checks.add(new Named("kinds", new KindsCheck()));
        checks.add(new Named("permissions", new RightsCheck()));
        checks.add(new Named("admission", new AdmissionCheck()));
        if (!api.oneMachine()) {
            checks.add(new Named("webhook", new WebhookCheck(system, clock)));
            checks.add(new Named("operator", new OperatorCheck(system, clock)));
            checks.add(new Named("gateway", new GatewayCheck(system)));
            checks.add(new Named("nodes", new NodesCheck()));
            checks.add(new Named("storage", new StorageCheck()));
            checks.add(new Named("DNS", new DnsCheck()));
            checks.add(new Named("others", new NeighboursCheck(api.groups())));
        }
        for (var named : checks) {
            findings.addAll(look(named));
        }
        return findings;
    }

    private List<Finding> look(Named named) {
        try {
            return named.check().look(cluster);
        } catch (IOException hidden) {
            return List.of(
                    Finding.warn(
                            named.subject(),
                            "could not be looked at: " + hidden.getMessage(),
                            "ask somebody with the rights of cluster-admin to run this"));
        }
    }
}
