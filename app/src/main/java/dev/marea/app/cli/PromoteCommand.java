package dev.marea.app.cli;

import dev.marea.kubernetes.client.ResourcePath;
import dev.marea.wire.kserve.CanarySteps;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lets the canary take all traffic; its replicas go on, nothing restarts. */
@Command(
        mixinStandardHelpOptions = true,
        name = "promote",
        description = "Let the canary of a service take all traffic.",
        footerHeading = "%nExample:%n",
        footer = "  marea promote sklearn-iris")
final class PromoteCommand extends Verb {
    @Parameters(index = "0", paramLabel = "NAME", description = "The service")
    private String name = "";

    @Override
    public Integer call() throws Exception {
        try (var cluster = root().cluster()) {
            var service = Services.find(cluster, namespace(cluster), name);
            if (!service.hasCanary()) {
                throw new Failure(
                        name + " has no canary: its newest revision takes all traffic already");
            }
            cluster.mergePatch(
                    ResourcePath.INFERENCE_SERVICE,
                    service.namespace(),
                    name,
                    CanarySteps.promote(service.tree()),
                    console()::warn);
            console().line(name + ": the canary takes all traffic");
            return 0;
        }
    }
}
