package dev.marea.app.cli;

import dev.marea.app.home.RunFile;
import dev.marea.wire.json.Json;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Says whether a platform runs, where it listens and how its services are. */
@Command(
        mixinStandardHelpOptions = true,
        name = "status",
        description =
                "Say whether the platform runs, where it listens and how its services are. Exit code 1 if it does not run.")
final class StatusCommand implements Callable<Integer> {
    @ParentCommand private @Nullable MareaCommand root;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            defaultValue = "table",
            description = "table or json")
    private Output output = Output.table;

    @Override
    public Integer call() throws Exception {
        var marea = java.util.Objects.requireNonNull(root);
        if (output != Output.table && output != Output.json) {
            throw Failure.misuse("status knows -o table and -o json");
        }
        var running = RunFile.readLiving(marea.home());
        if (running.isEmpty()) {
            marea.console()
                    .note(
                            "marea does not run on "
                                    + marea.home().directory()
                                    + "; start it with `marea up`");
            return 1;
        }
        try (var cluster = marea.cluster()) {
            var services = Services.list(cluster, "");
            if (output == Output.json) {
                marea.console().line(json(marea, running.get(), services).toString());
            } else {
                table(marea.console(), marea, running.get(), services);
            }
        }
        return 0;
    }

    private static Json.Obj json(MareaCommand marea, RunFile run, List<ServiceView> services) {
        return Json.Obj.of(
                "pid", run.pid(),
                "state", run.state().name(),
                "home", marea.home().directory().toString(),
                "kubeconfig", marea.home().kubeconfig().toString(),
                "gatewayUrl", run.gatewayUrl(),
                "apiUrl", run.apiUrl(),
                "adminUrl", run.adminUrl(),
                "services", services.stream().map(StatusCommand::service).toList());
    }

    private static Json.Obj service(ServiceView s) {
        var line =
                Json.Obj.of(
                        "namespace",
                        s.namespace(),
                        "name",
                        s.name(),
                        "url",
                        s.url(),
                        "address",
                        s.address(),
                        "ready",
                        s.ready());
        return s.ready() ? line : line.with("why", Json.of(s.why()));
    }

    private static void table(
            Console console, MareaCommand marea, RunFile run, List<ServiceView> services) {
        console.line(
                "marea "
                        + run.state().name().toLowerCase(java.util.Locale.ROOT)
                        + "   process "
                        + run.pid()
                        + "   home "
                        + marea.home().directory());
        console.line("gateway  " + run.gatewayUrl());
        console.line(
                "API      " + run.apiUrl() + "   export KUBECONFIG=" + marea.home().kubeconfig());
        console.line("admin    " + run.adminUrl());
        if (services.isEmpty()) {
            console.line("no services");
            return;
        }
        console.line("");
        var table = new Table("NAMESPACE", "NAME", "READY", "TRAFFIC", "URL", "WHY NOT");
        services.forEach(s ->
                table.row(
                        s.namespace(),
                        s.name(),
                        s.ready() ? "True" : "False",
                        Traffic.text(s),
                        s.url(),
                        s.ready() ? "" : s.why()));
        table.print(console);
    }
}
