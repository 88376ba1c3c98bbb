package dev.marea.app.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Applies manifests and, if asked, waits until the services in them are ready. */
@Command(
        mixinStandardHelpOptions = true,
        name = "apply",
        description = "Serve what manifests say: files, directories, or - for standard input.",
        footerHeading = "%nExamples:%n",
        footer = {"  marea apply -f service.yaml", "  cat service.yaml | marea apply -f - --wait"})
final class ApplyCommand extends Verb {
    @Option(
            names = {"-f", "--filename"},
            required = true,
            paramLabel = "FILE",
            description = "A file, a directory, or -")
    private List<Path> files = List.of();

    @Option(
            names = "--wait",
            description = "Return when the services are ready, or fail after --timeout")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "How long --wait waits. Default: ${DEFAULT-VALUE}")
    private int timeoutSeconds;

    @Override
    public Integer call() throws Exception {
        try (var cluster = root().cluster()) {
            var services = new ArrayList<ServiceView>();
            for (var manifest : Manifests.read(files)) {
                var applied = cluster.apply(manifest, namespace(cluster), console()::warn);
                var view = new ServiceView(applied);
                var kind = applied.text("kind").orElse("object");
                console()
                        .line(
                                kind.toLowerCase(java.util.Locale.ROOT)
                                        + "/"
                                        + view.name()
                                        + " applied");
                if (kind.equals("InferenceService")) {
                    services.add(view);
                }
            }
            return wait ? await(cluster, services) : 0;
        }
    }

    private int await(dev.marea.kubernetes.client.Cluster cluster, List<ServiceView> services)
            throws Exception {
        var waiting = new ReadyWait(cluster, Duration.ofSeconds(timeoutSeconds), console()::live);
        for (var service : services) {
            var ready = waiting.until(service.namespace(), service.name());
            console().line(ready.name() + " is ready at " + ready.url());
        }
        return 0;
    }
}
