package dev.marea.kubernetes;

import dev.marea.core.plan.Planner;
import dev.marea.kubernetes.api.Installation;
import dev.marea.kubernetes.reconcile.Addresses;
import dev.marea.kubernetes.reconcile.Controllers;
import dev.marea.wire.kserve.OwnImages;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How an operator runs.
 *
 * @param kubeconfig names the API and how to be let in; without one the pod's own service account
 *     is used
 * @param gatewayHost the DNS name of the gateway's Service, which a service's own name is made an
 *     alias of; empty on one machine
 * @param installation empty on one machine, where this operator is the only one and needs no doors
 * @param images of Marea itself
 */
public record OperatorSettings(
        Optional<Path> kubeconfig,
        Addresses addresses,
        Optional<String> gatewayHost,
        Optional<Installation> installation,
        OwnImages images,
        Planner planner,
        InstantSource clock) {

    /** On one machine: one operator, the default plan, the machine's clock. */
    public static OperatorSettings onOneMachine(
            Path kubeconfig, Addresses addresses, String version) {
        return new OperatorSettings(
                Optional.of(kubeconfig),
                addresses,
                Optional.empty(),
                Optional.empty(),
                OwnImages.of(version),
                Planner.DEFAULT,
                InstantSource.system());
    }

    Controllers.Settings controllers() {
        return new Controllers.Settings(
                addresses, gatewayHost, installation, images, planner, clock);
    }
}
