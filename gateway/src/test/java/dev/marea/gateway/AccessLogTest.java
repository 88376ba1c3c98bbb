package dev.marea.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
    @TempDir private Path folder;

    @Test
    void aFullFileMovesAsideAndOnlyAFewAreKept() throws IOException {
        var file = folder.resolve("logs/access.jsonl");
        for (int run = 0; run < 6; run++) {
            var settings = new GatewaySettings.Access(Optional.of(file), 500, 3, 100);
            try (var log = new AccessLog(settings, () -> {})) {
                log.add(line("run-" + run));
                log.add(line("run-" + run));
            }
        }
        try (var files = Files.list(folder.resolve("logs"))) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("access.jsonl", "access.jsonl.1", "access.jsonl.2");
        }
        assertThat(Files.readAllLines(folder.resolve("logs/access.jsonl.1"))).hasSize(2);
    }

    @Test
    void whatTheClientSentIsEscaped() throws IOException {
        var file = folder.resolve("access.jsonl");
        try (var log = new AccessLog(GatewaySettings.Access.file(file), () -> {})) {
            log.add(line("a\"b\n\u001b[31m"));
        }
        assertThat(Files.readAllLines(file)).hasSize(1);
        assertThat(Files.readString(file)).contains("a\\\"b\\u000a\\u001b[31m");
    }

    @Test
    void aFullQueueDropsAndCounts() throws IOException {
        var dropped = new AtomicInteger();
        var settings = new GatewaySettings.Access(Optional.of(folder.resolve("a")), 1 << 20, 1, 1);
        int added = 10_000;
        try (var log = new AccessLog(settings, dropped::incrementAndGet)) {
            for (int i = 0; i < added; i++) {
                log.add(line("x"));
            }
        }
        int written = Files.readAllLines(folder.resolve("a")).size();
        assertThat(dropped.get()).isPositive();
        assertThat(written + dropped.get()).isEqualTo(added);
    }

    private static AccessLine line(String path) {
        return new AccessLine(
                Instant.EPOCH,
                "id",
                "127.0.0.1",
                "default",
                "iris",
                "r1",
                "p1",
                "HTTP/1.1",
                "GET",
                path,
                200,
                Reply.NO_GRPC,
                "",
                1,
                2,
                3,
                4,
                5);
    }
}
