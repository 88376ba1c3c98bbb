package dev.marea.server.door;

import dev.marea.server.predict.CpuShare;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Runtimes;
import dev.marea.server.runtime.jar.JarRuntime;
import dev.marea.server.runtime.lightgbm.LightgbmRuntime;
import dev.marea.server.runtime.onnx.OnnxRuntime;
import dev.marea.server.runtime.sklearn.SklearnRuntime;
import dev.marea.server.runtime.xgboost.XgboostRuntime;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The model server's process. Exit codes: 0 drained after SIGTERM, 1 the port cannot be opened, 2 a
 * bad command line, 3 the model cannot be loaded.
 */
public final class Main {
    private static final int NO_PORT = 1;
    private static final int BAD_COMMAND = 2;
    private static final int NO_MODEL = 3;

    /** Kubernetes reads no more of a termination message. */
    private static final int MESSAGE_CHARS_MAX = 4_000;

    private Main() {}

    public static void main(String... args) {
        var environment = System.getenv();
        startNettyLean();
        var flavour = Flavours.of(args);
        Runtime.getRuntime()
                .halt(
                        flavour.isPresent()
                                ? flavour.get().run(args, environment)
                                : run(args, environment));
    }

    /**
     * What Netty would look for and make at its start costs a fifth of ours; none of it is used.
     */
    private static void startNettyLean() {
        System.setProperty("io.netty.jfr.enabled", "false");
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    }

    /** Serves until the process is told to end; returns the exit code. */
    private static int run(String[] args, Map<String, String> environment) {
        try {
            var flags = Flags.parse(args);
            if (flags.help()) {
                say(System.out, Flags.HELP);
                return 0;
            }
            return serve(flags, flags.settings(environment));
        } catch (Flags.BadFlag bad) {
            return end(BAD_COMMAND, bad.getMessage() + "; see --help", environment);
        } catch (IOException failed) {
            return end(NO_PORT, String.valueOf(failed.getMessage()), environment);
        } catch (LoadFailure failed) {
            return end(NO_MODEL, "the model cannot be loaded: " + failed.getMessage(), environment);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return end(NO_MODEL, "interrupted while loading", environment);
        }
    }

    private static int serve(Flags flags, ServerSettings settings)
            throws IOException, LoadFailure, InterruptedException {
        var server = ModelServer.open(settings, Main::runtimes);
        drainOnExit(server);
        if (!flags.ignored().isEmpty()) {
            say(
                    System.err,
                    "ignored, without meaning here: --" + String.join(", --", flags.ignored()));
        }
        var took = server.awaitLoaded();
        say(System.out, started(settings, server, took));
        new CountDownLatch(1).await(); // the shutdown hook ends the process
        return 0;
    }

    private static String started(ServerSettings settings, ModelServer server, Duration took) {
        // Joined, not formatted: the first format costs more than loading a small model.
        return "serving "
                + settings.offer().title()
                + " on port "
                + server.port()
                + ", loaded in "
                + took.toMillis()
                + " ms";
    }

    static Runtimes runtimes() {
        return new Runtimes(
                List.of(
                        new SklearnRuntime(),
                        new LightgbmRuntime(),
                        new OnnxRuntime(CpuShare.ofThisMachine().graphThreads()),
                        new XgboostRuntime(),
                        new JarRuntime()));
    }

    /** The JVM ends with 143 after SIGTERM; a drained server has ended well and says 0. */
    private static void drainOnExit(ModelServer server) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    server.close();
                                    Runtime.getRuntime().halt(0);
                                },
                                "drain"));
    }

    /** Tells the reason where a person looks: on stderr, and in the pod's status. */
    private static int end(int code, String message, Map<String, String> environment) {
        say(System.err, message);
        var log = environment.get("TERMINATION_LOG");
        if (log != null && !log.isEmpty()) {
            try {
                Files.writeString(Path.of(log), shortened(message));
            } catch (IOException | IllegalArgumentException failed) {
                say(System.err, "cannot write TERMINATION_LOG " + log + ": " + failed.getMessage());
            }
        }
        return code;
    }

    private static String shortened(String message) {
        return message.length() <= MESSAGE_CHARS_MAX
                ? message
                : message.substring(0, MESSAGE_CHARS_MAX);
    }

    private static void say(PrintStream where, String line) {
        where.println(line);
        where.flush();
    }
}
