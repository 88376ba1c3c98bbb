package dev.marea.app.cli;

import dev.marea.kubernetes.client.ResourcePath;
import dev.marea.wire.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a service's split, or sets the canary's share. */
@Command(
        mixinStandardHelpOptions = true,
        name = "traffic",
        description = "Show how traffic is split between revisions, or set the canary's share.",
        footerHeading = "%nExamples:%n",
        footer = {"  marea traffic sklearn-iris", "  marea traffic sklearn-iris --canary 25"})
final class TrafficCommand extends Verb {
    @Parameters(index = "0", paramLabel = "NAME", description = "The service")
    private String name = "";

    @Option(
            names = "--canary",
            paramLabel = "PERCENT",
            description = "The share of the newest revision, 0 to 100")
    private @Nullable Integer percent;

    @Override
    public Integer call() throws Exception {
        try (var cluster = root().cluster()) {
            var service = Services.find(cluster, namespace(cluster), name);
            if (percent != null) {
                if (percent < 0 || percent > 100) {
                    throw Failure.misuse("--canary must be 0 to 100, was " + percent);
                }
                var patch =
                        Json.Obj.EMPTY.withAt(
                                java.util.List.of("spec", "predictor", "canaryTrafficPercent"),
                                Json.of(percent));
                cluster.mergePatch(
                        ResourcePath.INFERENCE_SERVICE,
                        service.namespace(),
                        name,
                        patch,
                        console()::warn);
                console()
                        .line(
                                service.oneRevision()
                                        ? name
                                                + " has one revision; the next one is to take "
                                                + percent
                                                + " %"
                                        : "the canary of "
                                                + name
                                                + " is to take "
                                                + percent
                                                + " %");
                return 0;
            }
            if (service.traffic().isEmpty()) {
                throw new Failure(name + " takes no traffic: " + service.why());
            }
            var table = new Table("REVISION", "TAG", "PERCENT", "");
            for (var t : service.traffic()) {
                long share = t.integer("percent").orElse(0);
                table.row(
                        t.text("revisionName").orElse("?"),
                        t.flag("latestRevision") ? "latest" : t.text("tag").orElse(""),
                        share + "%",
                        Traffic.bar(share));
            }
            table.print(console());
            return 0;
        }
    }
}
