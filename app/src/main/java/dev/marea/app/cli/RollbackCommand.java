package dev.marea.app.cli;

import dev.marea.kubernetes.client.ResourcePath;
import dev.marea.wire.kserve.CanarySteps;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes all traffic away from the canary. */
@Command(
        mixinStandardHelpOptions = true,
        name = "rollback",
        description =
                "Take all traffic from the canary of a service, or return to the revision before.",
        footerHeading = "%nExample:%n",
        footer = "  marea rollback sklearn-iris")
final class RollbackCommand extends Verb {
    @Parameters(index = "0", paramLabel = "NAME", description = "The service")
    private String name = "";

    @Override
    public Integer call() throws Exception {
        try (var cluster = root().cluster()) {
            var service = Services.find(cluster, namespace(cluster), name);
            if (service.oneRevision()) {
                throw new Failure(name + " has one revision: there is none to return to");
            }
            cluster.mergePatch(
                    ResourcePath.INFERENCE_SERVICE,
                    service.namespace(),
                    name,
                    CanarySteps.rollback(service.tree()),
                    console()::warn);
            console().line(name + ": the stable revision takes all traffic");
            return 0;
        }
    }
}
