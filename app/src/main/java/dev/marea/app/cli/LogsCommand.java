package dev.marea.app.cli;

import dev.marea.kubernetes.client.Cluster;
import dev.marea.kubernetes.client.ResourcePath;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the logs of a service's replicas. */
@Command(
        mixinStandardHelpOptions = true,
        name = "logs",
        description = "Print the logs of a service's replicas.",
        footerHeading = "%nExamples:%n",
        footer = {"  marea logs sklearn-iris", "  marea logs sklearn-iris -f --tail 20"})
final class LogsCommand extends Verb {
    @Parameters(index = "0", paramLabel = "NAME", description = "The service")
    private String name = "";

    @Option(
            names = {"-f", "--follow"},
            description = "Go on as the log grows")
    private boolean follow;

    @Option(
            names = {"-p", "--previous"},
            description = "The log of the run before the last restart")
    private boolean previous;

    @Option(
            names = "--tail",
            paramLabel = "LINES",
            defaultValue = "-1",
            description = "Only the last lines of each replica")
    private int tail;

    @Override
    public Integer call() throws Exception {
        try (var cluster = root().cluster();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var service = Services.find(cluster, namespace(cluster), name);
            var pods =
                    cluster
                            .list(
                                    ResourcePath.POD,
                                    service.namespace(),
                                    "serving.kserve.io/inferenceservice=" + name)
                            .stream()
                            .map(ServiceView::new)
                            .toList();
            if (pods.isEmpty()) {
                console()
                        .note(
                                name
                                        + " has no replica now"
                                        + (service.ready()
                                                ? "; it is scaled to zero."
                                                : ": " + service.why()));
                return 0;
            }
            var printing = new ArrayList<Callable<Boolean>>();
            for (var pod : pods) {
                var prefix = pods.size() == 1 ? "" : console().faint(pod.name() + " | ");
                printing.add(() -> print(cluster, pod, prefix));
            }
            int printed = 0;
            for (var done : threads.invokeAll(printing)) {
                printed += done.get() ? 1 : 0;
            }
            return printed > 0 ? 0 : 1;
        }
    }

    private boolean print(Cluster cluster, ServiceView pod, String prefix)
            throws InterruptedException {
        try {
            cluster.logs(
                    pod.namespace(),
                    pod.name(),
                    new Cluster.LogQuery(follow, previous, tail),
                    line -> console().line(prefix + Printable.of(line)));
            return true;
        } catch (java.io.IOException failed) {
            console().note(prefix + Plain.words(failed));
            return false;
        }
    }
}
