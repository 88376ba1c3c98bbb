package dev.marea.app.cli;

import dev.marea.kubernetes.client.Cluster;
import dev.marea.kubernetes.client.ResourcePath;
import dev.marea.wire.kserve.CanarySteps;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a service's split, or sets a canary's share. */
@Command(
        mixinStandardHelpOptions = true,
        name = "traffic",
        description = "Show how traffic is split between revisions, or set a canary's share.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  marea traffic sklearn-iris",
            "  marea traffic sklearn-iris --canary 25",
            "  marea traffic sklearn-iris --canary v2=25"
        })
final class TrafficCommand extends Verb {
    @Parameters(index = "0", paramLabel = "NAME", description = "The service")
    private String name = "";

    @Option(
            names = "--canary",
            paramLabel = "[VERSION=]PERCENT",
            description =
                    "The share of the canary, 0 to 100; its name where spec.canary has several")
    private @Nullable String canary;

    @Override
    public Integer call() throws Exception {
        var wish = canary == null ? null : Wish.of(canary);
        try (var cluster = root().cluster()) {
            var service = Services.find(cluster, namespace(cluster), name);
            if (wish == null) {
                show(service);
            } else {
                set(cluster, service, wish);
            }
            return 0;
        }
    }

    private void set(Cluster cluster, ServiceView service, Wish wish) throws IOException, Failure {
        var version = service.named(wish.version());
        cluster.mergePatch(
                ResourcePath.INFERENCE_SERVICE,
                service.namespace(),
                name,
                CanarySteps.share(service.tree(), version, wish.percent()),
                console()::warn);
        var who =
                version.map(v -> "canary " + v + " of " + name)
                        .orElse(
                                service.oneRevision()
                                        ? name + " has one revision; the next one"
                                        : "the canary of " + name);
        console().line(who + " is to take " + wish.percent() + " %");
    }

    private void show(ServiceView service) throws Failure {
        if (service.traffic().isEmpty()) {
            throw new Failure(name + " takes no traffic: " + service.why());
        }
        var table = new Table("REVISION", "TAG", "PERCENT", "");
        for (var t : service.traffic()) {
            long share = t.integer("percent").orElse(0);
            var tag = t.text("tag").orElse(t.flag("latestRevision") ? "latest" : "");
            table.row(t.text("revisionName").orElse("?"), tag, share + "%", Traffic.bar(share));
        }
        table.print(console());
    }

    /** {@code 25} or {@code v2=25}. */
    private record Wish(@Nullable String version, int percent) {
        static Wish of(String text) throws Failure {
            int equals = text.indexOf('=');
            var percent = text.substring(equals + 1);
            var share =
                    Optional.of(percent)
                            .filter(p -> p.matches("\\d{1,3}"))
                            .map(Integer::parseInt)
                            .filter(p -> p <= 100)
                            .orElseThrow(() ->
                                    Failure.misuse("--canary must be 0 to 100, was " + percent));
            return new Wish(equals < 0 ? null : text.substring(0, equals), share);
        }
    }
}
