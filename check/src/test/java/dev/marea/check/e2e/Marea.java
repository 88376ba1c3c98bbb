package dev.marea.check.e2e;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * A platform of its own for one suite: a fresh home, free ports, ended with all that it started.
 */
final class Marea implements AutoCloseable {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    static final Path MODELS = ROOT.resolve("examples/models");

    private final Path home;
    private final Map<String, String> administrators;

    private Marea(Path home, Map<String, String> administrators) {
        this.home = home;
        this.administrators = administrators;
    }

    /** With variables that an administrator would set. */
    static Marea up(Map<String, String> administrators, String... more)
            throws IOException, InterruptedException {
        var marea = new Marea(Files.createTempDirectory("marea-e2e"), administrators);
        marea.start(more);
        return marea;
    }

    static Marea up(String... more) throws IOException, InterruptedException {
        return up(Files.createTempDirectory("marea-e2e"), more);
    }

    static Marea up(Path home, String... more) throws IOException, InterruptedException {
        var marea = new Marea(home, Map.of());
        marea.start(more);
        return marea;
    }

    void start(String... more) throws IOException, InterruptedException {
        var args =
                new ArrayList<>(
                        List.of(
                                "up",
                                "--detach",
                                "--port",
                                "0",
                                "--api-port",
                                "0",
                                "--admin-port",
                                "0"));
        args.addAll(List.of(more));
        cli(args.toArray(String[]::new)).ok();
    }

    Path home() {
        return home;
    }

    Run cli(String... args) throws IOException, InterruptedException {
        return cliWithInput("", args);
    }

    Run cliWithInput(String input, String... args) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(ROOT.resolve("marea").toString());
        command.addAll(List.of(args));
        var environment = new HashMap<>(administrators);
        environment.put("MAREA_HOME", home.toString());
        return Run.of(ROOT, environment, input, command);
    }

    Run kubectl(String... args) throws IOException, InterruptedException {
        return kubectlWithInput("", args);
    }

    Run kubectlWithInput(String input, String... args) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add("kubectl");
        command.addAll(List.of(args));
        return Run.of(
                home,
                Map.of(
                        "KUBECONFIG",
                        kubeconfig().toString(),
                        "KUBE_EDITOR",
                        "sed -i s/before-edit/after-edit/"),
                input,
                command);
    }

    Path kubeconfig() {
        return home.resolve("kubeconfig");
    }

    Json status() throws IOException, InterruptedException {
        return JsonReader.read(cli("status", "-o", "json").ok());
    }

    String gateway() throws IOException {
        return JsonReader.read(Files.readAllBytes(home.resolve("run.json")))
                .text("gatewayUrl")
                .orElseThrow();
    }

    long pid() throws IOException {
        return JsonReader.read(Files.readAllBytes(home.resolve("run.json")))
                .integer("pid")
                .orElseThrow();
    }

    /** The processes that serve models for this platform now. */
    List<ProcessHandle> replicas() {
        return ProcessHandle.allProcesses().filter(p -> servesFor(home, p)).toList();
    }

    private static boolean servesFor(Path home, ProcessHandle process) {
        try {
            var line = Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
            var environment =
                    Files.readString(Path.of("/proc", Long.toString(process.pid()), "environ"));
            return line.contains("dev.marea.server.door.Main")
                    && environment.contains(home.toString());
        } catch (IOException gone) {
            return false;
        }
    }

    static void await(String what, Duration limit, BooleanSupplier condition)
            throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + limit + ": " + what);
            }
            Thread.sleep(Duration.ofMillis(20));
        }
    }

    @Override
    public void close() {
        try {
            cli("down").ok();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException cut) {
            Thread.currentThread().interrupt();
        }
        if (!replicas().isEmpty()) {
            throw new AssertionError("`marea down` left processes: " + replicas());
        }
    }
}
