package dev.marea.app.doctor;

import dev.marea.kubernetes.client.Cluster;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** Whether an operator runs, and whether one of its replicas leads. */
final class OperatorCheck implements Doctor.Check {
    private final String system;
    private final InstantSource clock;

    OperatorCheck(String system, InstantSource clock) {
        this.system = system;
        this.clock = clock;
    }

    @Override
    public List<Finding> look(Cluster cluster) throws IOException {
        var findings = new ArrayList<Finding>();
        findings.add(Deployed.look(cluster, system, "operator", "marea-operator"));
        cluster.read("/apis/coordination.k8s.io/v1/namespaces/" + system + "/leases/marea-operator")
                .ifPresentOrElse(
                        lease -> findings.add(leader(lease)),
                        () ->
                                findings.add(
                                        Finding.fail(
                                                "operator",
                                                "nobody leads: there is no Lease marea-operator",
                                                "the first operator that becomes ready takes it; see its log")));
        return findings;
    }

    private Finding leader(Json.Obj lease) {
        var holder = lease.text("spec", "holderIdentity").orElse("");
        long seconds = lease.integer("spec", "leaseDurationSeconds").orElse(15);
        var age = Duration.between(renewed(lease), clock.instant());
        if (holder.isEmpty() || age.toSeconds() > seconds) {
            return Finding.fail(
                    "operator",
                    holder.isEmpty()
                            ? "nobody leads"
                            : "the leader %s has not renewed its lease for %d s"
                                    .formatted(holder, age.toSeconds()),
                    "another replica takes over within " + seconds + " s; see the operators' logs");
        }
        return Finding.ok(
                "operator",
                "%s leads; its lease was renewed %d s ago"
                        .formatted(holder, Math.max(0, age.toSeconds())));
    }

    private static Instant renewed(Json.Obj lease) {
        try {
            return lease.text("spec", "renewTime").map(Instant::parse).orElse(Instant.EPOCH);
        } catch (DateTimeParseException odd) {
            return Instant.EPOCH;
        }
    }
}
