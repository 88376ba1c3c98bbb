package dev.marea.app.cli;

import dev.marea.kubernetes.client.ResourcePath;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes services by name, or whatever manifests name. */
@Command(
        mixinStandardHelpOptions = true,
        name = "delete",
        description = "Delete services by name, or what manifests name.",
        footerHeading = "%nExamples:%n",
        footer = {"  marea delete sklearn-iris", "  marea delete -f service.yaml"})
final class DeleteCommand extends Verb {
    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Services")
    private List<String> names = List.of();

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            description = "A file, a directory, or -")
    private List<Path> files = List.of();

    @Option(names = "--ignore-not-found", description = "Say nothing of what is not there")
    private boolean lenient;

    @Override
    public Integer call() throws Exception {
        if (names.isEmpty() && files.isEmpty()) {
            throw Failure.misuse("name a service, or give manifests with -f");
        }
        try (var cluster = root().cluster()) {
            for (var name : names) {
                if (!lenient) {
                    Services.find(cluster, namespace(cluster), name);
                }
                if (cluster.delete(ResourcePath.INFERENCE_SERVICE, namespace(cluster), name)) {
                    console().line("inferenceservice/" + name + " deleted");
                }
            }
            for (var manifest :
                    files.isEmpty()
                            ? List.<dev.marea.wire.json.Json.Obj>of()
                            : Manifests.read(files)) {
                deleteOne(cluster, manifest);
            }
            return 0;
        }
    }

    private void deleteOne(
            dev.marea.kubernetes.client.Cluster cluster, dev.marea.wire.json.Json.Obj manifest)
            throws Exception {
        var resource = cluster.resource(manifest);
        var view = new ServiceView(manifest);
        var target = view.namespace().isEmpty() ? namespace(cluster) : view.namespace();
        if (!cluster.delete(resource, target, view.name())) {
            if (lenient) {
                return;
            }
            throw new Failure(
                    "there is no "
                            + resource.kind()
                            + " "
                            + view.name()
                            + " in namespace "
                            + target);
        }
        console()
                .line(
                        resource.kind().toLowerCase(java.util.Locale.ROOT)
                                + "/"
                                + view.name()
                                + " deleted");
    }
}
