package dev.marea.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.storage.Storage;
import dev.marea.storage.StorageSettings;
import dev.marea.storage.http.AddressPolicy;
import dev.marea.storage.http.Pause;
import dev.marea.storage.http.Retries;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchRoleTest {
    private static final Storage STORAGE =
            new Storage(
                    StorageSettings.usual(AddressPolicy.ONE_MACHINE)
                            .with(
                                    new Retries(
                                            1,
                                            Duration.ofMillis(1),
                                            Duration.ofMillis(1),
                                            Pause.REAL,
                                            new Random(1))));

    @TempDir Path directory;
    private Path message;
    private FetchRole role;

    @BeforeEach
    void aPod() {
        message = directory.resolve("termination-log");
        role = new FetchRole(STORAGE, Map.of(), message);
    }

    @Test
    void everySourceComesIntoItsDirectory() throws Exception {
        var source = Files.writeString(directory.resolve("model.pkl"), "m");
        var one = directory.resolve("one");
        var two = directory.resolve("two");
        assertThat(
                        role.run(
                                List.of(
                                        source.toUri().toString(),
                                        one.toString(),
                                        source.toUri().toString(),
                                        two.toString())))
                .isZero();
        assertThat(one.resolve("model.pkl")).hasContent("m");
        assertThat(two.resolve("model.pkl")).hasContent("m");
        assertThat(message).doesNotExist();
    }

    @Test
    void whatNoAttemptCanBringFailsForGoodAndSaysWhy() throws Exception {
        assertThat(role.run(List.of("quux://a/b", directory.resolve("x").toString())))
                .isEqualTo(FetchRole.FAILED_FOR_GOOD);
        assertThat(Files.readString(message)).contains("quux://");
    }

    @Test
    void aStoreThatIsAwayMayComeBack() throws Exception {
        int port;
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        var source = "http://127.0.0.1:" + port + "/model.pkl";
        assertThat(role.run(List.of(source, directory.resolve("x").toString())))
                .isEqualTo(FetchRole.FAILED);
        assertThat(Files.readString(message)).contains("127.0.0.1:" + port);
    }
}
