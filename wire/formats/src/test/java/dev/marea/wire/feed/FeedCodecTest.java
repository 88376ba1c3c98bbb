package dev.marea.wire.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.core.route.GatewayShare;
import dev.marea.core.route.RouteTable.Replica;
import dev.marea.core.route.RouteTable.Revision;
import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.scale.LoadReport;
import dev.marea.core.scale.LoadReport.RevisionLoad;
import dev.marea.core.spec.Percent;
import dev.marea.core.spec.ServiceId;
import dev.marea.wire.json.JsonReader.MalformedJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeedCodecTest {
    private static final ServiceId IRIS = new ServiceId("team-a", "iris");
    private static final Standing STANDING = new Standing("marea-operator-1", true, false);

    private static final Route PLAIN =
            new Route(IRIS, List.of(), List.of(), 0, Duration.ofSeconds(60), false);
    private static final Route RICH =
            new Route(
                    IRIS,
                    List.of("iris-team-a.example.com", "iris.team-a.example.com"),
                    List.of(
                            new Revision(
                                    "iris-predictor-00001",
                                    new Percent(90),
                                    List.of(
                                            new Replica("a", "10.0.0.1", 8080),
                                            new Replica("b", "fd00::1", 9000, true))),
                            new Revision(
                                    "iris-predictor-00002",
                                    new Percent(10),
                                    List.of(),
                                    List.of("v2", "latest"))),
                    4,
                    Duration.ofMillis(1_500),
                    true);

    static Stream<FeedMessage> messages() {
        return Stream.of(
                new FeedMessage.Hello(FeedCodec.FORMAT, STANDING),
                new FeedMessage.Reset(),
                new FeedMessage.Put(PLAIN),
                new FeedMessage.Put(RICH),
                new FeedMessage.Remove(IRIS),
                new FeedMessage.Commit(Long.MAX_VALUE, 5_000),
                new FeedMessage.Beat(STANDING, new GatewayShare(1, 3)),
                new FeedMessage.Unknown());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void whatIsWrittenIsReadAgain(FeedMessage message) throws MalformedJson {
        var line = FeedCodec.write(message);

        assertThat(FeedCodec.read(line)).isEqualTo(message);
        assertThat(new String(line, StandardCharsets.UTF_8)).doesNotContain("\n");
    }

    @Test
    void whatANewerOperatorAddsIsPassedOver() throws MalformedJson {
        var line =
                """
                {"put": {"namespace": "team-a", "name": "iris", "timeoutMs": 60000, "hosts": [],
                 "revisions": [], "mirror": {"to": "x"}}, "signature": "abc"}
                """;

        assertThat(read(line)).isEqualTo(new FeedMessage.Put(PLAIN));
        assertThat(read("{\"quota\": {\"n\": 1}}")).isEqualTo(new FeedMessage.Unknown());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[",
                "{\"put\": {}}",
                "{\"put\": 7}",
                "{\"remove\": {\"namespace\": \"\", \"name\": \"x\"}}",
                "{\"commit\": {\"version\": 1, \"routes\": -1}}",
                "{\"beat\": {\"operator\": \"o\", \"gateway\": 3, \"gateways\": 3}}",
                "{\"put\": {\"namespace\": \"a\", \"name\": \"b\", \"timeoutMs\": 1, \"hosts\":"
                        + " [5]}}",
                "{\"put\": {\"namespace\": \"a\", \"name\": \"b\", \"timeoutMs\": 1, \"revisions\":"
                        + " [{\"name\": \"r\", \"percent\": 101}]}}",
                "{\"put\": {\"namespace\": \"a\", \"name\": \"b\", \"timeoutMs\": 1, \"revisions\":"
                        + " [{\"name\": \"r\", \"percent\": 1, \"replicas\": [{\"name\": \"p\","
                        + " \"host\": \"h\", \"port\": 70000}]}]}}",
            })
    void nonsenseIsRefusedWithAReason(String line) {
        assertThatThrownBy(() -> read(line))
                .isInstanceOf(MalformedJson.class)
                .message()
                .isNotBlank();
    }

    @Test
    void aDamagedLineIsNeverAnotherFailure() {
        var random = new Random(11);
        var whole = FeedCodec.write(new FeedMessage.Put(RICH));
        for (int round = 0; round < 5_000; round++) {
            var line = whole.clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                line[random.nextInt(line.length)] = (byte) random.nextInt(256);
            }
            try {
                FeedCodec.read(line);
            } catch (MalformedJson refused) {
                assertThat(refused).hasMessageNotContaining("Exception");
            }
        }
    }

    @Test
    void loadIsReadAsItWasMeasuredAndIdleRevisionsAreLeftOut() throws MalformedJson {
        var busy = new RevisionLoad(IRIS, "r1", 2.5, 17, 3);
        var waits = new RevisionLoad(IRIS, "r2", 1, 0, 1);
        var idle = new RevisionLoad(IRIS, "r3", 0, 0, 0);

        var read =
                LoadCodec.read(LoadCodec.write(new LoadReport("gw", List.of(busy, idle, waits))));

        assertThat(read).isEqualTo(new LoadReport("gw", List.of(busy, waits)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"gateway\": \"\"}",
                "{\"gateway\": \"g\", \"revisions\": [{}]}",
                "{\"gateway\": \"g\", \"revisions\": [{\"namespace\": \"a\", \"name\": \"b\","
                        + " \"revision\": \"r\", \"concurrency\": -1, \"requests\": 0, \"waiting\":"
                        + " 0}]}",
            })
    void aLoadReportThatMakesNoSenseIsRefused(String json) {
        assertThatThrownBy(() -> LoadCodec.read(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(MalformedJson.class);
    }

    private static FeedMessage read(String line) throws MalformedJson {
        return FeedCodec.read(line.getBytes(StandardCharsets.UTF_8));
    }
}
