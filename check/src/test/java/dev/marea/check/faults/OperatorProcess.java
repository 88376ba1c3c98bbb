package dev.marea.check.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One of several operators, in a process of its own that can be stopped, woken and killed. */
final class OperatorProcess implements AutoCloseable {
    private final Process process;
    private final List<String> said = new CopyOnWriteArrayList<>();

    private OperatorProcess(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::listen);
    }

    static OperatorProcess start(Path kubeconfig, String namespace, String pod) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command =
                List.of(
                        java,
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OperatorMain.class.getName(),
                        kubeconfig.toString(),
                        namespace,
                        pod);
        try {
            return new OperatorProcess(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void listen() {
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(said::add);
        } catch (IOException | UncheckedIOException ended) {
            said.add("(" + ended.getMessage() + ")");
        }
    }

    boolean leads() {
        return said.contains(OperatorMain.LEADS);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** STOP, CONT, KILL or TERM. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    String words() {
        return String.join("\n", said);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
