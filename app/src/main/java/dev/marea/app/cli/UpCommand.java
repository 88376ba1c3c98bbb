package dev.marea.app.cli;

import dev.marea.app.home.ConfigFile;
import dev.marea.app.home.Settings;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Starts the platform on this machine and stays in the foreground, or starts it detached. */
@Command(
        mixinStandardHelpOptions = true,
        name = "up",
        description =
                "Start the platform on this machine, with sample services; Ctrl-C stops all it started.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  marea up",
            "  marea up --detach --no-samples",
            "  MAREA_HOME=/tmp/two marea up --port 0 --api-port 0 --admin-port 0"
        })
final class UpCommand implements Callable<Integer> {
    @ParentCommand private @Nullable MareaCommand root;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "The gateway's port; 0 takes any free one. Default: 8080")
    private @Nullable Integer port;

    @Option(
            names = "--api-port",
            paramLabel = "PORT",
            description = "The API's port. Default: 7443")
    private @Nullable Integer apiPort;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            description = "The port of metrics and health. Default: 7080")
    private @Nullable Integer adminPort;

    @Option(names = "--no-samples", description = "Start without the sample services")
    private boolean noSamples;

    @Option(
            names = {"-d", "--detach"},
            description =
                    "Return when platform and samples are ready; exit code 1 with the reason if not")
    private boolean detach;

    @Override
    public Integer call() throws Exception {
        var marea = java.util.Objects.requireNonNull(root);
        var settings = settings(marea);
        return detach
                ? Detached.start(marea, arguments(settings), Foreground.READY_LIMIT)
                : new Foreground(marea, settings, !noSamples).run();
    }

    private Settings settings(MareaCommand marea) throws Exception {
        var environment = marea.environment();
        var defaults =
                environment.path().isEmpty()
                        ? Settings.DEFAULT
                        : Settings.DEFAULT.withPath(environment.path());
        Settings settings;
        try {
            settings = ConfigFile.read(marea.home().config(), defaults);
        } catch (ConfigFile.BadConfig bad) {
            throw new Failure(String.valueOf(bad.getMessage()));
        }
        return withPorts(settings.withEnvironment(environment.variables()), environment);
    }

    private Settings withPorts(Settings settings, Environment environment) throws Failure {
        return settings.withGatewayPort(
                        Ports.choose(
                                port, environment.port(), "MAREA_PORT", settings.gatewayPort()))
                .withApiPort(
                        Ports.choose(
                                apiPort,
                                environment.apiPort(),
                                "MAREA_API_PORT",
                                settings.apiPort()))
                .withAdminPort(
                        Ports.choose(
                                adminPort,
                                environment.adminPort(),
                                "MAREA_ADMIN_PORT",
                                settings.adminPort()));
    }

    private List<String> arguments(Settings settings) {
        var arguments =
                new java.util.ArrayList<>(
                        List.of(
                                "up",
                                "--port",
                                "" + settings.gatewayPort(),
                                "--api-port",
                                "" + settings.apiPort(),
                                "--admin-port",
                                "" + settings.adminPort()));
        if (noSamples) {
            arguments.add("--no-samples");
        }
        return arguments;
    }
}
