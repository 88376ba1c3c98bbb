package dev.marea.check.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultProxyTest {
    private static final byte[] WORDS =
            "0123456789abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII);

    private ServerSocket server = open();

    private static ServerSocket open() {
        try {
            return new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** A server that says its words to whoever comes, and waits for the end of theirs. */
    @BeforeEach
    void speak() {
        Thread.ofVirtual()
                .start(() -> {
                    while (!server.isClosed()) {
                        try {
                            var socket = server.accept();
                            Thread.ofVirtual().start(() -> say(socket));
                        } catch (IOException _) {
                            // the test is over
                        }
                    }
                });
    }

    private static void say(Socket socket) {
        try (socket) {
            socket.getOutputStream().write(WORDS);
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (IOException _) {
            // whoever listened has gone
        }
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private FaultProxy proxy(Fault fault) throws IOException {
        return new FaultProxy(
                (InetSocketAddress) server.getLocalSocketAddress(), Script.always(fault));
    }

    private static byte[] heard(FaultProxy proxy) throws IOException {
        try (var client = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            client.setSoTimeout(10_000);
            return client.getInputStream().readAllBytes();
        }
    }

    @Test
    void withoutAFaultEveryBytePasses() throws Exception {
        try (var proxy = proxy(new Fault.None())) {
            assertThat(heard(proxy)).isEqualTo(WORDS);
            assertThat(proxy.passed()).isEqualTo(WORDS.length);
            assertThat(proxy.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 17, 35})
    void aCutAndAHalfCloseMakeTheAnswerTooShort(long bytes) throws Exception {
        for (var fault : List.of(new Fault.Cut(bytes), new Fault.HalfClose(bytes))) {
            try (var proxy = proxy(fault)) {
                assertThat(heard(proxy)).hasSize((int) bytes);
            }
        }
    }

    @Test
    void aResetIsAnErrorAndNoEnd() throws Exception {
        for (var after : new long[] {0, 5}) {
            try (var proxy = proxy(new Fault.Reset(after))) {
                assertThatThrownBy(() -> heard(proxy)).isInstanceOf(SocketException.class);
            }
        }
    }

    @Test
    void aBlackHoleKeepsTheConnectionAndSaysNothingMore() throws Exception {
        try (var proxy = proxy(new Fault.BlackHole(7));
                var client = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            client.setSoTimeout(10_000);
            assertThat(client.getInputStream().readNBytes(7)).hasSize(7);
            client.setSoTimeout(50);
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void oneByteIsChangedAndTheLengthStays() throws Exception {
        try (var proxy = proxy(new Fault.Corrupt(10))) {
            var heard = heard(proxy);
            assertThat(heard).hasSameSizeAs(WORDS);
            assertThat(IntStream.range(0, WORDS.length).filter(i -> heard[i] != WORDS[i]))
                    .containsExactly(10);
        }
    }

    @Test
    void whatIsSlowArrivesWhole() throws Exception {
        for (var fault :
                List.of(
                        new Fault.Delay(Duration.ofMillis(5)),
                        new Fault.Drip(9, Duration.ofMillis(1)),
                        new Fault.Throttle(10_000))) {
            try (var proxy = proxy(fault)) {
                assertThat(heard(proxy)).as(fault.toString()).isEqualTo(WORDS);
            }
        }
    }

    @Test
    void aSeedDrawsTheSameFaultsAgain() {
        var faults = new Fault[] {new Fault.Cut(1), new Fault.Reset(2), new Fault.Corrupt(3)};
        assertThat(drawn(Script.seeded(7, 0.5, faults)))
                .isEqualTo(drawn(Script.seeded(7, 0.5, faults)))
                .isNotEqualTo(drawn(Script.seeded(8, 0.5, faults)))
                .contains(new Fault.None(), new Fault.Cut(1), new Fault.Reset(2));
        assertThat(drawn(Script.seeded(7, 0, faults))).containsOnly(new Fault.None());
    }

    private static List<Fault> drawn(Script script) {
        return IntStream.range(0, 64).mapToObj(script::on).toList();
    }
}
