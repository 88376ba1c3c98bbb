package dev.marea.local.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.marea.local.objects.Refusal;
import dev.marea.local.work.MovedTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogsTest {
    private static final PodLogs.Query ALL =
            new PodLogs.Query(
                    Optional.empty(),
                    false,
                    false,
                    false,
                    Optional.empty(),
                    OptionalInt.empty(),
                    OptionalLong.empty());

    @TempDir Path home;

    private static String text(PodLogs.Log log) throws Exception {
        var out = new ByteArrayOutputStream();
        log.writeTo(out, () -> false);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static PodLogs.Query tail(int lines) {
        return new PodLogs.Query(
                Optional.empty(),
                false,
                false,
                false,
                Optional.empty(),
                OptionalInt.of(lines),
                OptionalLong.empty());
    }

    private static PodLogs.Query since(Instant since, boolean timestamps) {
        return new PodLogs.Query(
                Optional.empty(),
                false,
                false,
                timestamps,
                Optional.of(since),
                OptionalInt.empty(),
                OptionalLong.empty());
    }

    @Test
    void linesHaveTheTimeAtWhichTheyWereSeen() throws Exception {
        var time = new MovedTime();
        var begin = time.now();
        var log = home.resolve("0.log");
        try (var files = new LogFiles(time)) {
            Files.createFile(log);
            files.follow(log);
            write(log, "one\n");
            seen(time, log, 4);
            time.move(Duration.ofMinutes(1));
            write(log, "two\nthr");
            seen(time, log, 11);

            assertThat(text(new LogText(log, since(Instant.EPOCH, true), () -> false)).lines())
                    .satisfiesExactly(
                            line ->
                                    assertThat(line)
                                            .startsWith("2026-11-01T12:00:0")
                                            .endsWith("Z one"),
                            line ->
                                    assertThat(line)
                                            .startsWith("2026-11-01T12:01:0")
                                            .endsWith("Z two"),
                            line -> assertThat(line).endsWith("Z thr"));
            assertThat(text(new LogText(log, since(begin.plusSeconds(30), false), () -> false)))
                    .isEqualTo("two\nthr");
        }
    }

    private static void write(Path log, String text) throws Exception {
        Files.writeString(log, text, StandardOpenOption.APPEND);
    }

    /** Looks until this size has been written down. */
    private static void seen(MovedTime time, Path log, int size) {
        Fixture.await(
                "size " + size,
                () -> {
                    time.move(Duration.ofMillis(200));
                    try {
                        return Files.exists(LogFiles.times(log))
                                        && Files.readString(LogFiles.times(log))
                                                .endsWith(" " + size + "\n")
                                ? Optional.of(size)
                                : Optional.empty();
                    } catch (IOException failed) {
                        throw new AssertionError(failed);
                    }
                },
                () -> "not seen");
    }

    @Test
    void aLongLogIsKeptInPiecesOfWhichTheOldestGo() throws Exception {
        var time = new MovedTime();
        var log = home.resolve("0.log");
        Files.createFile(log);
        try (var files = new LogFiles(time, 10)) {
            files.follow(log);
            for (int i = 0; i < 8; i++) {
                write(log, "line number " + i + "\n");
                Fixture.await(
                        "the cut",
                        () -> {
                            time.move(Duration.ofMillis(200));
                            return log.toFile().length() == 0 ? Optional.of(0) : Optional.empty();
                        },
                        () -> "not cut");
            }
            write(log, "last\n");
        }

        assertThat(text(new LogText(log, ALL, () -> false)))
                .isEqualTo("line number 4\nline number 5\nline number 6\nline number 7\nlast\n");
        assertThat(text(new LogText(log, tail(2), () -> false))).isEqualTo("line number 7\nlast\n");
        assertThat(text(new LogText(log, tail(0), () -> false))).isEmpty();
    }

    @Test
    void followingGoesOnOverACutUntilTheContainerEnds() throws Exception {
        var log = home.resolve("0.log");
        Files.writeString(log, "a\n");
        var runs = new AtomicBoolean(true);
        var out = new ByteArrayOutputStream();
        var query =
                new PodLogs.Query(
                        Optional.empty(),
                        true,
                        false,
                        false,
                        Optional.empty(),
                        OptionalInt.empty(),
                        OptionalLong.empty());
        var reader =
                Thread.startVirtualThread(() -> {
                    try {
                        new LogText(log, query, runs::get).writeTo(out, () -> false);
                    } catch (Exception failed) {
                        throw new AssertionError(failed);
                    }
                });
        await(out, "a\n");
        write(log, "b\n");
        await(out, "a\nb\n");
        Files.writeString(LogFiles.piece(log, 1), "a\nb\nc\n");
        Files.writeString(log, "d");
        await(out, "a\nb\nc\n");
        write(log, "!");
        runs.set(false);
        reader.join(Duration.ofSeconds(30));

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("a\nb\nc\nd!");
    }

    private static void await(ByteArrayOutputStream out, String text) {
        Fixture.await(
                text,
                () ->
                        Optional.of(out.toString(StandardCharsets.UTF_8))
                                .filter(all -> all.startsWith(text)),
                out::toString);
    }

    @Test
    void theLogOfTheStartBeforeIsKept() throws Exception {
        try (var world = new Fixture(home)) {
            var once = world.shared().resolve("once");
            world.run(
                    "twice",
                    "args: [-c, 'test -f %s && { echo second; exec sleep 100; }; echo first; touch %s; exit 1']"
                            .formatted(once, once));
            world.await("twice", p -> Fixture.restarts(p) == 1 && Fixture.ready(p));
            var logs = world.node.logs();

            Fixture.await(
                    "the second line",
                    () -> Optional.of(read(logs, ALL)).filter("second\n"::equals),
                    () -> read(logs, ALL));
            assertThat(read(logs, of("main", true))).isEqualTo("first\n");
        }
    }

    private static String read(PodLogs logs, PodLogs.Query query) {
        try {
            return text(logs.open("default", "twice", query));
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void whatIsNotThereIsRefusedBeforeAByteIsSent() throws Exception {
        try (var world = new Fixture(home)) {
            world.apply(
                    """
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: two, namespace: default}
                    spec: {containers: [{name: a, image: foreign}, {name: b, image: sh, args: [-c, exec sleep 100]}]}
                    """);
            world.await("two", p -> Fixture.waiting(p).equals("ImageNotRunnable"));
            var logs = world.node.logs();

            assertThat(refusal(logs, "none", ALL)).isEqualTo("404 pods \"none\" not found");
            assertThat(refusal(logs, "two", ALL))
                    .isEqualTo(
                            "400 a container name must be specified for pod two, choose one of: [a b]");
            assertThat(refusal(logs, "two", of("c", false)))
                    .isEqualTo("400 container c is not valid for pod two; choose one of: [a b]");
            assertThat(refusal(logs, "two", of("a", false)))
                    .startsWith(
                            "400 container \"a\" in pod \"two\" is waiting to start: ImageNotRunnable");
            assertThat(refusal(logs, "two", of("b", true)))
                    .isEqualTo("400 previous terminated container \"b\" in pod \"two\" not found");
        }
    }

    private static PodLogs.Query of(String container, boolean previous) {
        return new PodLogs.Query(
                Optional.of(container),
                false,
                previous,
                false,
                Optional.empty(),
                OptionalInt.empty(),
                OptionalLong.empty());
    }

    private static String refusal(PodLogs logs, String pod, PodLogs.Query query) {
        var refused = catchThrowableOfType(Refusal.class, () -> logs.open("default", pod, query));
        return refused.code() + " " + refused.getMessage();
    }
}
