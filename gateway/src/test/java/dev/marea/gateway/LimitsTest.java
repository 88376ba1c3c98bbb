package dev.marea.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.wire.http.HttpLimits;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LimitsTest {
    @Test
    void aBodyOverTheLimitIsRefusedWhereverItsRequestIs() {
        try (var rig = new Rig(s -> s.with(HttpLimits.DEFAULTS.withBody(1_000)));
                var iris = Replica.polite("iris")) {
            rig.serve(iris);
            var declared = rig.post(Rig.iris("/v2"), "x".repeat(1_001));
            assertThat(declared.statusCode()).isEqualTo(413);
            var chunked =
                    Rig.join(
                            rig.send(
                                    rig.request(Rig.iris("/v2"))
                                            .POST(
                                                    java.net.http.HttpRequest.BodyPublishers
                                                            .ofInputStream(() ->
                                                                    new java.io
                                                                            .ByteArrayInputStream(
                                                                            new byte[50_000])))));
            assertThat(chunked.statusCode()).isEqualTo(413);
            assertThat(rig.post(Rig.iris("/v2"), "x").body()).isEqualTo("iris");
        }
    }

    @Test
    void manyRevisionsShareOneSeriesBeyondTheCap() {
        var few = new GatewayMetrics(2);
        var opened =
                IntStream.range(0, 5)
                        .mapToObj(i -> few.open(Rig.IRIS, "r" + i))
                        .peek(m -> m.answered(200, 0.1))
                        .toList();
        assertThat(few.text())
                .contains("revision=\"r0\"", "revision=\"r1\"")
                .contains(
                        "marea_gateway_requests_total{code=\"200\",namespace=\"other\",revision=\"other\",service=\"other\"} 3.0")
                .doesNotContain("revision=\"r2\"");
        opened.forEach(few::close);
        assertThat(few.text()).doesNotContain("revision=\"r0\"");
        few.open(Rig.IRIS, "r9").answered(200, 0.1);
        assertThat(few.text()).contains("revision=\"r9\"");
    }

    @Test
    void loadIsIntegratedOverTime() {
        var meter = new LoadMeter(0);
        meter.arrive(0);
        meter.arrive(500);
        meter.leave(750);
        assertThat(meter.read(1_000)).isEqualTo(new LoadMeter.Reading(1.25, 2));
        assertThat(meter.read(2_000)).isEqualTo(new LoadMeter.Reading(1, 0));
    }

    @Test
    void retriesAreAShareOfTheTraffic() {
        var budget = new RetryBudget();
        int burst = 0;
        while (budget.retry()) {
            burst++;
        }
        assertThat(burst).isEqualTo(256);
        IntStream.range(0, 10).forEach(_ -> budget.request());
        assertThat(IntStream.range(0, 10).filter(_ -> budget.retry()).count()).isEqualTo(2);
    }

    @Test
    void anEjectedReplicaIsTriedByOneRequestAfterASpellThatDoubles() {
        long spell = Duration.ofMillis(100).toNanos();
        var backend = new Backend(new dev.marea.core.route.RouteTable.Replica("a", "127.0.0.1", 1));
        backend.failed(0);
        assertThat(backend.usable(spell - 1)).isFalse();
        assertThat(backend.usable(spell)).isTrue();
        assertThat(backend.take(1)).isTrue();
        assertThat(backend.usable(spell)).as("one is trying").isFalse();
        backend.failed(spell);
        backend.leave();
        assertThat(backend.usable(spell * 3 - 1)).isFalse();
        assertThat(backend.usable(spell * 3)).isTrue();
        assertThat(backend.take(1)).isTrue();
        backend.answered();
        assertThat(backend.usable(spell * 3)).isTrue();
        assertThat(backend.ejected()).isFalse();
    }
}
