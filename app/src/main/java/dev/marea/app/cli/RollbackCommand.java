package dev.marea.app.cli;

import dev.marea.kubernetes.client.ResourcePath;
import dev.marea.wire.kserve.CanarySteps;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes all traffic away from the canary. */
@Command(
        mixinStandardHelpOptions = true,
        name = "rollback",
        description =
                "Take all traffic from the canary of a service, or return to the revision before.",
        footerHeading = "%nExamples:%n",
        footer = {"  marea rollback sklearn-iris", "  marea rollback sklearn-iris --canary v2"})
final class RollbackCommand extends Verb {
    @Parameters(index = "0", paramLabel = "NAME", description = "The service")
    private String name = "";

    @Option(
            names = "--canary",
            paramLabel = "VERSION",
            description = "End only this one of spec.canary")
    private @Nullable String canary;

    @Override
    public Integer call() throws Exception {
        try (var cluster = root().cluster()) {
            var service = Services.find(cluster, namespace(cluster), name);
            if (service.oneRevision()) {
                throw new Failure(name + " has one revision: there is none to return to");
            }
            var version = canary == null ? Optional.<String>empty() : service.named(canary);
            cluster.mergePatch(
                    ResourcePath.INFERENCE_SERVICE,
                    service.namespace(),
                    name,
                    version.isPresent()
                            ? CanarySteps.rollback(service.tree(), version.get())
                            : CanarySteps.rollback(service.tree()),
                    console()::warn);
            console()
                    .line(
                            version.map(v -> name + ": canary " + v + " has ended")
                                    .orElse(name + ": the stable revision takes all traffic"));
            return 0;
        }
    }
}
