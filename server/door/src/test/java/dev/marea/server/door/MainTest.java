package dev.marea.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process as a node starts it. */
@Timeout(120)
class MainTest {
    /** A pickle of the list [1]: well-formed, and no estimator. */
    private static final byte[] NO_ESTIMATOR = {(byte) 0x80, 2, ']', 'K', 1, 'a', '.'};

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    private ProcessBuilder java(String... args) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add(Main.class.getName());
        command.addAll(List.of(args));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("HOST", "127.0.0.1");
        builder.environment().put("PORT", "0");
        builder.environment().put("TERMINATION_LOG", home.resolve("termination").toString());
        return builder;
    }

    private record Ended(int code, String output) {}

    private static Ended end(Process process) throws IOException, InterruptedException {
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), output);
    }

    @Test
    void aModelThatCannotBeLoadedEndsTheProcessWithItsReason() throws Exception {
        var model = home.resolve("model.pkl");
        Files.write(model, NO_ESTIMATOR);

        var ended = end(java("--model_name=m", "--model_dir=" + home).start());

        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.output()).contains("the model cannot be loaded: " + model);
        assertThat(home.resolve("termination"))
                .content()
                .startsWith("the model cannot be loaded: " + model);
    }

    @Test
    void anUnknownFlagEndsTheProcessWithTheNearestName() throws Exception {
        var ended = end(java("--modle_dir=x").start());

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.output()).contains("did you mean \"model_dir\"?; see --help");
    }

    @Test
    void aTakenPortEndsTheProcessWithItsNumber() throws Exception {
        var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try (var taken = new ServerSocket(0, 1, loopback)) {
            var ended =
                    end(java("--model_dir=" + home, "--http_port=" + taken.getLocalPort()).start());

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.output()).contains("127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void helpIsPrinted() throws Exception {
        var ended = end(java("--help").start());

        assertThat(ended.code()).isZero();
        assertThat(ended.output()).contains("--model_dir PATH");
    }

    @Test
    void aRealModelIsServedUntilSigterm() throws Exception {
        var model = Path.of("../../examples/models/old/linear").toAbsolutePath().normalize();
        var process = java("--model_name=linear", "--model_dir=" + model, "--workers=1").start();
        try {
            int port = port(process.inputReader(StandardCharsets.UTF_8));
            assertThat(predict(port)).startsWith("{\"predictions\":[");
        } finally {
            process.destroy();
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private static int port(BufferedReader output) throws IOException {
        var seen = new StringBuilder();
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            seen.append(line).append('\n');
            if (line.startsWith("serving model linear on port ")) {
                assertThat(seen).contains("ignored, without meaning here: --workers");
                return Integer.parseInt(line.split("[ ,]+", -1)[5]);
            }
        }
        throw new AssertionError("ended before it served: " + seen);
    }

    private static String predict(int port) throws IOException, InterruptedException {
        var row = Files.readString(Path.of("../../examples/models/old/linear/expected.json"));
        int start = row.indexOf("[[") + 1;
        var features = row.substring(start, row.indexOf(']', start) + 1);
        var request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:" + port + "/v1/models/linear:predict"))
                        .POST(BodyPublishers.ofString("{\"instances\":[" + features + "]}"))
                        .build();
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }
}
