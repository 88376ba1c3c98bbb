package dev.marea.app.cli;

import dev.marea.kubernetes.client.ResourcePath;
import dev.marea.wire.kserve.CanarySteps;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets the canary take all traffic; its replicas go on, nothing restarts. */
@Command(
        mixinStandardHelpOptions = true,
        name = "promote",
        description = "Let the canary of a service take all traffic.",
        footerHeading = "%nExamples:%n",
        footer = {"  marea promote sklearn-iris", "  marea promote sklearn-iris --canary v2"})
final class PromoteCommand extends Verb {
    @Parameters(index = "0", paramLabel = "NAME", description = "The service")
    private String name = "";

    @Option(
            names = "--canary",
            paramLabel = "VERSION",
            description = "Which one, where spec.canary has several")
    private @Nullable String canary;

    @Override
    public Integer call() throws Exception {
        try (var cluster = root().cluster()) {
            var service = Services.find(cluster, namespace(cluster), name);
            if (!service.hasCanary()) {
                throw new Failure(
                        name + " has no canary: its newest revision takes all traffic already");
            }
            var version = service.named(canary);
            var patch =
                    version.isPresent()
                            ? CanarySteps.promote(service.tree(), version.get())
                            : CanarySteps.promote(service.tree());
            cluster.mergePatch(
                    ResourcePath.INFERENCE_SERVICE,
                    service.namespace(),
                    name,
                    patch,
                    console()::warn);
            console()
                    .line(
                            name
                                    + ": "
                                    + version.map(v -> "canary " + v).orElse("the canary")
                                    + " takes all traffic");
            return 0;
        }
    }
}
