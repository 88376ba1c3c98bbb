package dev.marea.app.cli;

import dev.marea.app.home.Home;
import dev.marea.app.home.Lock;
import dev.marea.app.home.RunFile;
import dev.marea.app.home.Settings;
import dev.marea.app.platform.Platform;
import dev.marea.app.platform.Samples;
import dev.marea.app.platform.Version;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A platform in this process: from its start to the signal that ends it. */
final class Foreground {
    /** How long platform and samples may take to be ready. */
    static final Duration READY_LIMIT = Duration.ofMinutes(2);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(80);

    private final MareaCommand marea;
    private final Home home;
    private final Settings settings;
    private final boolean withSamples;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    Foreground(MareaCommand marea, Settings settings, boolean withSamples) {
        this.marea = marea;
        this.home = marea.home();
        this.settings = settings;
        this.withSamples = withSamples;
    }

    /** Returns when it was told to stop and everything has been stopped. */
    int run() throws Exception {
        marea.preparedHome();
        var lock = take();
        try (lock) {
            serve();
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    private Lock take() throws IOException, Failure {
        try {
            return Lock.take(home);
        } catch (Lock.Taken taken) {
            throw new Failure(String.valueOf(taken.getMessage()));
        }
    }

    private void serve() throws Exception {
        long started = System.nanoTime();
        note(RunFile.State.STARTING, "starting", "", "", "");
        Runtime.getRuntime().addShutdownHook(new Thread(this::awaitEnd, "stop"));
        try (var platform = Platform.start(home, settings, List.of())) {
            note(RunFile.State.STARTING, "the platform runs, samples are not ready yet", platform);
            announce(platform, started);
            Thread.startVirtualThread(() -> bringSamples(platform));
            new LiveStatus(marea.console(), platform).until(stop);
            marea.console().live("");
        } catch (IOException failed) {
            note(RunFile.State.FAILED, Plain.words(failed), "", "", "");
            throw failed;
        }
    }

    // The platform serves whatever becomes of its samples; who waits for them reads the run file.
    private void bringSamples(Platform platform) {
        try {
            if (withSamples) {
                awaitSamples(platform);
            }
            note(RunFile.State.READY, "ready", platform);
        } catch (IOException | Failure failed) {
            marea.console().note(marea.console().bad("error: ") + failed.getMessage());
            noteQuietly(String.valueOf(failed.getMessage()), platform);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitSamples(Platform platform) throws IOException, InterruptedException, Failure {
        try (var cluster = marea.ownCluster()) {
            var names = Samples.apply(cluster, home, marea.console()::warn);
            var waiting = new ReadyWait(cluster, READY_LIMIT);
            for (var name : names) {
                var port = ":" + URI.create(platform.gatewayUrl()).getPort();
                say(name, waiting.until(Samples.NAMESPACE, name, s -> s.url().endsWith(port)));
            }
        }
    }

    private void say(String name, ServiceView service) {
        var console = marea.console();
        console.live("");
        console.line(
                "%s  %s/%s   %s"
                        .formatted(
                                console.good("ready"), service.namespace(), name, service.url()));
        console.line(
                "       curl %s%s -d '%s'"
                        .formatted(service.url(), Samples.path(name), Samples.request(name)));
    }

    private void announce(Platform platform, long startedNanos) {
        var console = marea.console();
        console.line(
                "marea %s runs after %.1f s"
                        .formatted(Version.CURRENT, (System.nanoTime() - startedNanos) / 1e9));
        console.line("  gateway  " + platform.gatewayUrl());
        console.line(
                "  API      " + platform.apiUrl() + "   export KUBECONFIG=" + home.kubeconfig());
        console.line("  admin    " + platform.adminUrl() + "   metrics and health");
        console.line("");
    }

    private void noteQuietly(String message, Platform platform) {
        try {
            note(RunFile.State.FAILED, message, platform);
        } catch (IOException unwritable) {
            marea.console()
                    .note(
                            "error: "
                                    + home.run()
                                    + " cannot be written: "
                                    + unwritable.getMessage());
        }
    }

    private void note(RunFile.State state, String message, Platform platform) throws IOException {
        note(state, message, platform.gatewayUrl(), platform.apiUrl(), platform.adminUrl());
    }

    private void note(RunFile.State state, String message, String gateway, String api, String admin)
            throws IOException {
        new RunFile(ProcessHandle.current().pid(), state, message, gateway, api, admin).write(home);
    }

    // The JVM ends when its shutdown hooks have: this one lets the platform close first.
    private void awaitEnd() {
        stop.countDown();
        if (stopped.getCount() > 0) {
            marea.console().live("");
            marea.console().note("stopping ...");
        }
        try {
            if (!stopped.await(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                marea.console().note("marea did not stop within " + STOP_LIMIT.toSeconds() + " s");
            }
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
        }
    }
}
