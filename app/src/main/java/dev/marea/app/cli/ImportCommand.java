package dev.marea.app.cli;

import dev.marea.app.handover.Handover;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Marea takes over what KServe serves in a cluster, and gives it back. */
@Command(
        mixinStandardHelpOptions = true,
        name = "import",
        description = {
            "Take over the services that KServe serves in this cluster, or give them back.",
            "No service, replica or request is touched: KServe's controller is put to sleep and its webhooks are set aside."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  marea --kubeconfig FILE import --dry-run",
            "  marea --kubeconfig FILE import",
            "  marea --kubeconfig FILE import --undo"
        })
final class ImportCommand extends Verb {
    @Option(
            names = "--from",
            paramLabel = "NAMESPACE",
            description = "Where KServe is installed. Default: ${DEFAULT-VALUE}")
    private String from = "kserve";

    @Option(
            names = "--release",
            paramLabel = "NAME",
            description = "Helm's name of Marea. Default: ${DEFAULT-VALUE}")
    private String release = "marea";

    @Option(
            names = "--into",
            paramLabel = "NAMESPACE",
            description = "Where Marea is or will be installed. Default: ${DEFAULT-VALUE}")
    private String into = "marea-system";

    @Option(names = "--dry-run", description = "Only say what would be done")
    private boolean dryRun;

    @Option(names = "--undo", description = "Give everything back to KServe")
    private boolean undo;

    @Override
    public Integer call() throws Exception {
        try (var cluster = root().cluster()) {
            var handover = new Handover(cluster, from, console()::line);
            if (undo) {
                return undo(handover);
            }
            if (dryRun) {
                return plan(handover.plan(release, into));
            }
            if (!handover.take(release, into)) {
                throw nothing();
            }
            next();
            return 0;
        }
    }

    private int undo(Handover handover) throws Exception {
        if (!handover.giveBack()) {
            throw new Failure("nothing was taken from KServe of namespace " + from);
        }
        console().line("KServe serves again; now uninstall Marea: helm uninstall " + release);
        return 0;
    }

    private int plan(List<String> steps) throws Failure {
        if (steps.isEmpty()) {
            throw nothing();
        }
        steps.forEach(step -> console().line("would " + step));
        return 0;
    }

    private Failure nothing() {
        return new Failure(
                "no KServe is in namespace %s; name another one with --from".formatted(from));
    }

    private void next() {
        console()
                .line(
                        """

                        Next:
                          helm upgrade --install %1$s charts/marea --namespace %2$s --create-namespace --set image.prefix=REGISTRY/PATH --wait
                          marea --kubeconfig FILE get isvc      # until all are Ready
                        KServe's own Deployments serve until then; delete them afterwards. Back: marea import --undo\
                        """
                                .formatted(release, into));
    }
}
