package dev.marea.kubernetes;

import dev.marea.core.plan.Planner;
import dev.marea.kubernetes.api.Installation;
import dev.marea.kubernetes.objects.ModelTrust;
import dev.marea.kubernetes.reconcile.Addresses;
import dev.marea.kubernetes.reconcile.Controllers;
import dev.marea.wire.kserve.OwnImages;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/**
 * How an operator runs.
 *
 * @param kubeconfig names the API and how to be let in; without one the pod's own service account
 *     is used
 * @param installation empty on one machine, where this operator is the only one and needs no doors
 * @param images of Marea itself
 * @param trust in models, by their signatures
 */
public record OperatorSettings(
        Optional<Path> kubeconfig,
        Addresses addresses,
        Optional<Installation> installation,
        OwnImages images,
        ModelTrust trust,
        Planner planner,
        InstantSource clock) {

    /** One that asks for no signatures of models. */
    public OperatorSettings(
            Optional<Path> kubeconfig,
            Addresses addresses,
            Optional<Installation> installation,
            OwnImages images,
            Planner planner,
            InstantSource clock) {
        this(kubeconfig, addresses, installation, images, ModelTrust.OFF, planner, clock);
    }

    /** On one machine: one operator, the default plan, the machine's clock. */
    public static OperatorSettings onOneMachine(
            Path kubeconfig, Addresses addresses, String version) {
        return new OperatorSettings(
                Optional.of(kubeconfig),
                addresses,
                Optional.empty(),
                OwnImages.of(version),
                Planner.DEFAULT,
                InstantSource.system());
    }

    /** The namespaces whose services are ours; empty for all. */
    Set<String> watched() {
        return installation.map(Installation::watched).orElse(Set.of());
    }

    Controllers.Settings controllers() {
        return new Controllers.Settings(addresses, installation, images, trust, planner, clock);
    }
}
