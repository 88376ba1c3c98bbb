package dev.marea.app.cli;

import dev.marea.app.home.ConfigFile;
import dev.marea.app.home.Home;
import dev.marea.app.home.Lock;
import dev.marea.app.home.RunFile;
import dev.marea.app.home.Settings;
import dev.marea.app.platform.Platform;
import dev.marea.app.platform.Samples;
import dev.marea.app.platform.Version;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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
    private static final Duration READY_LIMIT = Duration.ofSeconds(120);

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
                ? Detached.start(marea, arguments(settings), READY_LIMIT)
                : foreground(marea, settings);
    }

    private int foreground(MareaCommand marea, Settings settings) throws Exception {
        var home = marea.home();
        home.prepare();
        try (var lock = Lock.take(home)) {
            return serve(marea, home, settings, lock);
        } catch (Lock.Taken taken) {
            throw new Failure(String.valueOf(taken.getMessage()));
        }
    }

    private int serve(MareaCommand marea, Home home, Settings settings, Lock lock)
            throws Exception {
        long started = System.nanoTime();
        note(home, RunFile.State.STARTING, "starting", "", "", "");
        var stop = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitEnd(stop, stopped), "stop"));
        try (var platform = Platform.start(home, settings, List.of())) {
            note(
                    home,
                    RunFile.State.STARTING,
                    "the platform runs, samples are not ready yet",
                    platform);
            announce(marea.console(), home, platform, started);
            samples(marea, home, platform);
            new LiveStatus(marea.console(), platform).until(stop);
            return 0;
        } catch (Exception failed) {
            note(home, RunFile.State.FAILED, String.valueOf(failed.getMessage()), "", "", "");
            throw failed;
        } finally {
            marea.console().live("");
            stopped.countDown();
        }
    }

    private void samples(MareaCommand marea, Home home, Platform platform) throws Exception {
        if (noSamples) {
            note(home, RunFile.State.READY, "ready", platform);
            return;
        }
        try (var cluster = marea.cluster()) {
            var names = Samples.apply(cluster, home, marea.console()::warn);
            var waiting = new ReadyWait(cluster, READY_LIMIT);
            for (var name : names) {
                var service = waiting.until(Samples.NAMESPACE, name);
                marea.console()
                        .line(
                                "  "
                                        + marea.console().good("ready")
                                        + "  "
                                        + service.namespace()
                                        + "/"
                                        + name
                                        + "   "
                                        + service.url());
                marea.console()
                        .line(
                                "         curl "
                                        + service.url()
                                        + Samples.path(name)
                                        + " -d '"
                                        + Samples.request(name)
                                        + "'");
            }
        }
        note(home, RunFile.State.READY, "ready", platform);
    }

    private static void announce(Console console, Home home, Platform platform, long startedNanos) {
        double seconds = (System.nanoTime() - startedNanos) / 1e9;
        console.line("marea %s runs after %.1f s".formatted(Version.CURRENT, seconds));
        console.line("  gateway  " + platform.gatewayUrl());
        console.line(
                "  API      " + platform.apiUrl() + "   export KUBECONFIG=" + home.kubeconfig());
        console.line("  admin    " + platform.adminUrl() + "   metrics and health");
        console.line("");
    }

    private static void note(Home home, RunFile.State state, String message, Platform platform)
            throws java.io.IOException {
        note(home, state, message, platform.gatewayUrl(), platform.apiUrl(), platform.adminUrl());
    }

    private static void note(
            Home home,
            RunFile.State state,
            String message,
            String gateway,
            String api,
            String admin)
            throws java.io.IOException {
        new RunFile(ProcessHandle.current().pid(), state, message, gateway, api, admin).write(home);
    }

    // The JVM ends when its shutdown hooks have: this one lets the platform close first.
    private static void awaitEnd(CountDownLatch stop, CountDownLatch stopped) {
        stop.countDown();
        try {
            if (!stopped.await(80, java.util.concurrent.TimeUnit.SECONDS)) {
                System.err.println("marea did not stop within 80 s");
            }
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
        }
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
        return settings.withGatewayPort(
                        choose(port, environment.port(), "MAREA_PORT", settings.gatewayPort()))
                .withApiPort(
                        choose(
                                apiPort,
                                environment.apiPort(),
                                "MAREA_API_PORT",
                                settings.apiPort()))
                .withAdminPort(
                        choose(
                                adminPort,
                                environment.adminPort(),
                                "MAREA_ADMIN_PORT",
                                settings.adminPort()));
    }

    private static int choose(@Nullable Integer flag, String variable, String name, int otherwise)
            throws Failure {
        if (flag != null) {
            return flag;
        }
        try {
            return variable.isEmpty() ? otherwise : Integer.parseInt(variable);
        } catch (NumberFormatException bad) {
            throw new Failure(name + " must be a port number, was '" + variable + "'");
        }
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
