package dev.marea.app.cli;

import dev.marea.kubernetes.client.Cluster;
import dev.marea.kubernetes.client.ResourcePath;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** All there is to say of one service: what it is, why, what it does now, what happened. */
@Command(
        mixinStandardHelpOptions = true,
        name = "describe",
        description = "Show one service: conditions, traffic, replicas, fetches, events.",
        footerHeading = "%nExamples:%n",
        footer = {"  marea describe sklearn-iris"})
final class DescribeCommand extends Verb {
    private static final int EVENTS_MAX = 20;
    private static final ResourcePath EVENT = ResourcePath.named("events").orElseThrow();

    @Parameters(index = "0", paramLabel = "NAME", description = "The service")
    private String name = "";

    @Override
    public Integer call() throws Exception {
        try (var cluster = root().cluster()) {
            var service = Services.find(cluster, namespace(cluster), name);
            head(service);
            conditions(service);
            replicas(Replicas.of(cluster, service.namespace(), name));
            events(cluster, service);
        }
        return 0;
    }

    private void head(ServiceView service) {
        var now = Instant.now();
        line("Name", service.name());
        line("Namespace", service.namespace());
        line("Age", service.age(now));
        line(
                "Ready",
                service.ready()
                        ? console().good("yes")
                        : console().bad("no: " + Printable.of(service.why())));
        line("URL", service.url());
        line("Address", service.address());
        line("Model", model(service.tree()));
        line("Model state", state(service.tree()));
        line("Traffic", Traffic.text(service));
    }

    private void line(String what, String value) {
        console().line("%-12s %s".formatted(what + ":", value.isEmpty() ? "-" : value));
    }

    private static String model(Json tree) {
        var predictor = tree.object("spec", "predictor");
        var uri = predictor.text("model", "storageUri");
        var key = predictor.text("model", "storage", "path");
        return Printable.of(uri.or(() -> key).orElse(""));
    }

    private static String state(Json tree) {
        var status = tree.object("status", "modelStatus");
        var state = status.text("states", "activeModelState").orElse("");
        var target = status.text("states", "targetModelState").orElse("");
        return target.isEmpty() || target.equals(state) ? state : state + ", becoming " + target;
    }

    private void conditions(ServiceView service) {
        var table = new Table("CONDITION", "STATUS", "REASON", "MESSAGE");
        for (var condition : service.tree().list("status", "conditions")) {
            table.row(
                    condition.text("type").orElse(""),
                    condition.text("status").orElse(""),
                    condition.text("reason").orElse(""),
                    condition.text("message").orElse(""));
        }
        console().line("");
        table.print(console());
    }

    private void replicas(Replicas replicas) {
        console().line("");
        if (replicas.pods().isEmpty()) {
            console().line("No replica runs.");
            return;
        }
        var table = new Table("REPLICA", "PHASE", "FETCH");
        for (var pod : replicas.pods()) {
            table.row(
                    new ServiceView(pod).name(),
                    pod.text("status", "phase").orElse(""),
                    Replicas.fetching(pod).map(ProgressBar::of).orElse(""));
        }
        table.print(console());
    }

    private void events(Cluster cluster, ServiceView service) throws IOException {
        var events =
                cluster.list(EVENT, service.namespace(), "").stream()
                        .filter(event -> about(event, service.name()))
                        .sorted(Comparator.comparing(DescribeCommand::last).reversed())
                        .limit(EVENTS_MAX)
                        .toList();
        console().line("");
        if (events.isEmpty()) {
            console().line("No events.");
            return;
        }
        var table = new Table("WHEN", "TYPE", "REASON", "MESSAGE");
        for (var event : List.copyOf(events).reversed()) {
            table.row(
                    last(event),
                    event.text("type").orElse(""),
                    event.text("reason").orElse(""),
                    event.text("message").orElse(""));
        }
        table.print(console());
    }

    /** Of the service itself, or of something that it made. */
    private static boolean about(Json event, String service) {
        var object = event.text("involvedObject", "name").orElse("");
        return object.equals(service) || object.startsWith(service + "-predictor");
    }

    private static String last(Json event) {
        return event.text("lastTimestamp")
                .or(() -> event.text("eventTime"))
                .or(() -> event.text("metadata", "creationTimestamp"))
                .orElse("");
    }
}
