package dev.marea.app.home;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** What a running platform tells other processes about itself: {@code $MAREA_HOME/run.json}. */
public record RunFile(
        long pid, State state, String message, String gatewayUrl, String apiUrl, String adminUrl) {
    /** How far the platform is. */
    public enum State {
        STARTING,
        READY,
        FAILED
    }

    public void write(Home home) throws IOException {
        var json =
                Json.Obj.of(
                        "pid", pid,
                        "state", state.name(),
                        "message", message,
                        "gatewayUrl", gatewayUrl,
                        "apiUrl", apiUrl,
                        "adminUrl", adminUrl);
        var next = home.run().resolveSibling("run.json.part");
        Files.write(next, JsonWriter.bytes(json));
        Files.move(
                next,
                home.run(),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    public static Optional<RunFile> read(Home home) throws IOException {
        try {
            return Optional.of(of(JsonReader.read(Files.readAllBytes(home.run()))));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /** The run file of a platform that still lives. */
    public static Optional<RunFile> readLiving(Home home) throws IOException {
        return Lock.held(home) ? read(home) : Optional.empty();
    }

    private static RunFile of(Json json) {
        return new RunFile(
                json.integer("pid").orElse(-1),
                State.valueOf(json.text("state").orElse("STARTING")),
                json.text("message").orElse(""),
                json.text("gatewayUrl").orElse(""),
                json.text("apiUrl").orElse(""),
                json.text("adminUrl").orElse(""));
    }
}
