package dev.marea.server.llama.door;

import dev.marea.server.door.Flavour;
import dev.marea.server.llama.engine.Launch;
import dev.marea.server.llama.engine.LlamaEngine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The model server where its model is an LLM. Exit codes are the model server's: 0 drained after
 * SIGTERM, 1 the port cannot be opened, 2 a bad command line, 3 the model cannot be loaded.
 */
public final class LlmFlavour implements Flavour {
    private static final int NO_PORT = 1;
    private static final int BAD_COMMAND = 2;
    private static final int NO_MODEL = 3;

    /** Kubernetes reads no more of a termination message. */
    private static final int MESSAGE_CHARS_MAX = 4_000;

    @Override
    public String format() {
        return "gguf";
    }

    @Override
    public String ending() {
        return ".gguf";
    }

    @Override
    public int run(String[] args, Map<String, String> environment) {
        try {
            var flags = LlmFlags.parse(args);
            if (flags.help()) {
                say(System.out, LlmFlags.HELP);
                return 0;
            }
            if (!flags.ignored().isEmpty()) {
                say(
                        System.err,
                        "ignored, without meaning here: --" + String.join(", --", flags.ignored()));
            }
            int processors = Runtime.getRuntime().availableProcessors();
            return serve(flags.settings(environment, processors, unpackedBelow()));
        } catch (LlmFlags.BadFlag bad) {
            return end(BAD_COMMAND, bad.getMessage() + "; see --help", environment);
        } catch (IOException failed) {
            return end(NO_PORT, String.valueOf(failed.getMessage()), environment);
        } catch (ModelFile.NoModel | LlamaEngine.NotLoaded failed) {
            return end(NO_MODEL, "the model cannot be loaded: " + failed.getMessage(), environment);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return end(NO_MODEL, "interrupted while loading", environment);
        }
    }

    /** In the user's cache, where the next start finds it; a container may have none. */
    private static Path unpackedBelow() {
        var home = Path.of(System.getProperty("user.home", ""));
        return Files.isWritable(home)
                ? home.resolve(".cache/marea/llama")
                : Path.of(System.getProperty("java.io.tmpdir"), "marea-llama");
    }

    private static int serve(LlmSettings settings)
            throws IOException, ModelFile.NoModel, LlamaEngine.NotLoaded, InterruptedException {
        long begun = System.nanoTime();
        var directory = Files.createTempDirectory("marea-llm-");
        var launch = Launch.asThisProcess(directory, settings.natives(), aotFlags());
        var server = LlmServer.open(settings, launch);
        drainOnExit(server, directory);
        var facts = server.awaitLoaded();
        say(
                System.out,
                "serving "
                        + settings.modelName()
                        + " ("
                        + facts.architecture()
                        + ", "
                        + facts.lengthMax()
                        + " tokens) on port "
                        + server.port()
                        + ", loaded in "
                        + (System.nanoTime() - begun) / 1_000_000
                        + " ms");
        new CountDownLatch(1).await(); // the shutdown hook ends the process
        return 0;
    }

    /** The engine has the same class path, so our AOT cache is good for it too. */
    private static List<String> aotFlags() {
        return ProcessHandle.current().info().arguments().stream()
                .flatMap(Arrays::stream)
                .filter(flag -> flag.startsWith("-XX:AOTCache=") || flag.startsWith("-Xlog:aot"))
                .toList();
    }

    private static void drainOnExit(LlmServer server, Path directory) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    server.close();
                                    deleteQuietly(directory);
                                    Runtime.getRuntime().halt(0);
                                },
                                "drain"));
    }

    private static void deleteQuietly(Path directory) {
        try {
            Files.deleteIfExists(directory);
        } catch (IOException left) {
            say(System.err, "left behind: " + left.getMessage());
        }
    }

    /** Tells the reason where a person looks: on stderr, and in the pod's status. */
    private static int end(int code, String message, Map<String, String> environment) {
        say(System.err, message);
        var log = environment.get("TERMINATION_LOG");
        if (log != null && !log.isEmpty()) {
            try {
                Files.writeString(
                        Path.of(log),
                        message.substring(0, Math.min(message.length(), MESSAGE_CHARS_MAX)));
            } catch (IOException | IllegalArgumentException failed) {
                say(System.err, "cannot write TERMINATION_LOG " + log + ": " + failed.getMessage());
            }
        }
        return code;
    }

    private static void say(PrintStream where, String line) {
        where.println(line);
        where.flush();
    }
}
