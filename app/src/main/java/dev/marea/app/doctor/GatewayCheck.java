package dev.marea.app.doctor;

import dev.marea.kubernetes.client.Cluster;
import java.io.IOException;
import java.util.List;

/** Whether the gateways are up, and found by their Service. */
final class GatewayCheck implements Doctor.Check {
    private final String system;

    GatewayCheck(String system) {
        this.system = system;
    }

    @Override
    public List<Finding> look(Cluster cluster) throws IOException {
        var deployed = Deployed.look(cluster, system, "gateway", "marea-gateway");
        long ready = Slices.ready(cluster, system, "marea-gateway");
        return ready > 0 || deployed.level() == Finding.Level.FAIL
                ? List.of(deployed)
                : List.of(
                        deployed,
                        Finding.fail(
                                "gateway",
                                "the Service marea-gateway has nobody ready behind it",
                                "compare its selector with the labels of the pods"));
    }
}
