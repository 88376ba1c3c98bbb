package dev.marea.server.llama.engine;

import dev.marea.server.llama.talk.Frames;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One process, from its start to its end. */
final class EngineProcess implements AutoCloseable {
    private static final Duration CONNECT_TIME = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Duration END_TIME = Duration.ofSeconds(5);

    private final Process process;
    private final Frames frames;
    private final Thread undertaker;

    private EngineProcess(Process process, Frames frames) {
        this.process = process;
        this.frames = frames;
        // A process that outlived us would hold the model's memory for nobody.
        undertaker = new Thread(process::destroyForcibly, "engine-end");
        Runtime.getRuntime().addShutdownHook(undertaker);
    }

    static EngineProcess start(Launch launch) throws IOException {
        Files.createDirectories(launch.directory());
        var socket = Files.createTempFile(launch.directory(), "engine", ".socket");
        Files.delete(socket);
        try (var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(socket));
            var process =
                    new ProcessBuilder(launch.command(socket))
                            .redirectInput(ProcessBuilder.Redirect.PIPE)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            try {
                return new EngineProcess(process, new Frames(connected(listening, process)));
            } catch (IOException failed) {
                process.destroyForcibly();
                throw failed;
            }
        } finally {
            deleteQuietly(socket);
        }
    }

    private static SocketChannel connected(ServerSocketChannel listening, Process process)
            throws IOException {
        listening.configureBlocking(false);
        long deadline = System.nanoTime() + CONNECT_TIME.toNanos();
        try (var selector = Selector.open()) {
            listening.register(selector, SelectionKey.OP_ACCEPT);
            while (System.nanoTime() < deadline) {
                selector.select(LOOK_EVERY.toMillis());
                selector.selectedKeys().clear();
                var connection = listening.accept();
                if (connection != null) {
                    return connection;
                }
                if (!process.isAlive()) {
                    throw new IOException("the engine's process ended with " + process.exitValue());
                }
            }
        }
        throw new IOException(
                "the engine's process did not connect within " + CONNECT_TIME.toSeconds() + " s");
    }

    private static void deleteQuietly(Path socket) throws IOException {
        Files.deleteIfExists(socket);
    }

    Frames frames() {
        return frames;
    }

    long pid() {
        return process.pid();
    }

    /** How it ended; asked once its socket has closed. */
    String end() throws InterruptedException {
        return process.waitFor(END_TIME.toMillis(), TimeUnit.MILLISECONDS)
                ? "exit code " + process.exitValue()
                : "its socket closed";
    }

    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() throws IOException {
        frames.close();
        process.destroyForcibly();
        try {
            Runtime.getRuntime().removeShutdownHook(undertaker);
        } catch (IllegalStateException _) {
            // this process is ending, and takes it along
        }
    }
}
