package dev.marea.check.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.marea.storage.Fetched;
import dev.marea.storage.Storage;
import dev.marea.storage.StorageSettings;
import dev.marea.storage.http.AddressPolicy;
import dev.marea.storage.http.ClientSettings;
import dev.marea.storage.http.Pause;
import dev.marea.storage.http.Retries;
import dev.marea.storage.store.FetchFailure;
import dev.marea.storage.transfer.TransferSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** F27: between the transfer engine and its store stands a proxy that does what networks do. */
class FetchFaultsTest {
    private static final int BYTES = 700_000;
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

    @TempDir Path directory;
    private byte[] model = new byte[0];
    private HttpServer store = open();

    private static HttpServer open() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @BeforeEach
    void serve() {
        model = new byte[BYTES];
        new Random(41).nextBytes(model);
        store.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        store.createContext("/model.bin", this::answer);
        store.start();
    }

    @AfterEach
    void close() {
        store.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var range = RANGE.matcher(range(exchange));
            int from = 0;
            int to = BYTES;
            if (range.matches()) {
                from = Integer.parseInt(range.group(1));
                to =
                        range.group(2).isEmpty()
                                ? BYTES
                                : Math.min(BYTES, Integer.parseInt(range.group(2)) + 1);
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes %d-%d/%d".formatted(from, to - 1, BYTES));
            }
            exchange.getResponseHeaders().set("ETag", "\"v1\"");
            exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
            var head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(range.matches() ? 206 : 200, head ? -1 : to - from);
            if (!head) {
                exchange.getResponseBody().write(model, from, to - from);
            }
        }
    }

    private static String range(HttpExchange exchange) {
        var range = exchange.getRequestHeaders().getFirst("Range");
        return range == null ? "" : range;
    }

    private static Storage storage(int attempts) {
        return new Storage(
                StorageSettings.usual(AddressPolicy.ONE_MACHINE)
                        .with(impatient())
                        .with(
                                new Retries(
                                        attempts,
                                        Duration.ofMillis(1),
                                        Duration.ofMillis(5),
                                        Pause.REAL,
                                        new Random(7)))
                        .with(
                                new TransferSettings(
                                        4, 128 << 10, Duration.ofMillis(300), 1L << 30)));
    }

    /** A silent server must not cost a test the half minute that it may cost a fetch. */
    private static ClientSettings impatient() {
        var usual = ClientSettings.usual(AddressPolicy.ONE_MACHINE);
        return new ClientSettings(
                usual.connect(),
                Duration.ofMillis(300),
                usual.redirectsMax(),
                usual.addresses(),
                usual.proxies(),
                usual.trust());
    }

    private Fetched fetch(FaultProxy proxy, int attempts) throws Exception {
        var uri = "http://127.0.0.1:%d/model.bin".formatted(proxy.port());
        return storage(attempts).fetch(uri, directory);
    }

    private FaultProxy proxy(Script script) throws IOException {
        return new FaultProxy(store.getAddress(), script);
    }

    private void requireWhole(String what) throws IOException {
        assertThat(Arrays.equals(Files.readAllBytes(directory.resolve("model.bin")), model))
                .as(what)
                .isTrue();
    }

    static Stream<Fault> faults() {
        return Stream.of(
                new Fault.Cut(0),
                new Fault.Cut(100),
                new Fault.Cut(100_000),
                new Fault.Reset(0),
                new Fault.Reset(90_000),
                new Fault.HalfClose(70_000),
                new Fault.BlackHole(0),
                new Fault.BlackHole(65_000),
                new Fault.Delay(Duration.ofMillis(40)),
                new Fault.Throttle(4_000_000));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void theFirstConnectionsMeetAFaultAndTheModelArrivesWhole(Fault fault) throws Exception {
        try (var proxy = proxy(Script.first(fault, fault, fault))) {
            fetch(proxy, 6);
            requireWhole(fault.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void inAStormTheModelArrivesWholeAtLast(long seed) throws Exception {
        var storm =
                Script.seeded(
                        seed,
                        0.4,
                        new Fault.Cut(40_000),
                        new Fault.Reset(20_000),
                        new Fault.HalfClose(60_000),
                        new Fault.BlackHole(50_000),
                        new Fault.Cut(10));
        try (var proxy = proxy(storm)) {
            fetch(proxy, 40);
            requireWhole("seed " + seed);
        }
    }

    @Test
    void aStoreThatIsNeverRightLeavesNothingAndSaysSo() throws Exception {
        try (var proxy = proxy(Script.always(new Fault.Cut(100)))) {
            assertThatThrownBy(() -> fetch(proxy, 3))
                    .isInstanceOfSatisfying(
                            FetchFailure.class, failed -> assertThat(failed.retryable()).isTrue())
                    .hasMessageContaining("attempt");
            assertThat(directory.resolve("model.bin")).doesNotExist();
        }
    }
}
