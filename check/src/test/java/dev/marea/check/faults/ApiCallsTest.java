package dev.marea.check.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.check.faults.Middlebox.Ending;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How much the operator asks of the API for one service. A thousand services are a thousand times
 * that: one request more here is a tenth of the control plane's speed.
 */
class ApiCallsTest {
    private Troubled troubled;

    @BeforeEach
    void start() throws Exception {
        troubled = new Troubled();
        troubled.apply("before", "m1");
        settle("before");
        troubled.wire.forget();
    }

    @AfterEach
    void stop() {
        troubled.close();
    }

    private void settle(String service) throws InterruptedException {
        troubled.await(service + " is ready", () -> troubled.settled(service));
        troubled.await("all is said", this::quiet);
    }

    /** For a second nothing more is asked. */
    private boolean quiet() {
        int asked = troubled.wire.calls().size();
        LockSupport.parkNanos(1_000_000_000);
        return troubled.wire.calls().size() == asked;
    }

    /** For example {@code PATCH services=2}; watches, which go on for ever, left out. */
    private Map<String, Integer> asked() {
        var counts = new TreeMap<String, Integer>();
        troubled.wire.calls().stream()
                .filter(call -> !call.isWatch())
                .forEach(call -> {
                    var status = call.path().endsWith("/status") ? "/status" : "";
                    counts.merge(call.method() + " " + call.plural() + status, 1, Integer::sum);
                });
        return counts;
    }

    @Test
    void fromItsManifestToReadyAServiceIsSoManyRequests() throws Exception {
        troubled.apply("iris", "m1");
        settle("iris");
        var asked = asked();
        // Its Deployment is seen without replicas, with one, and with one that is ready.
        assertThat(asked.remove("PATCH inferenceservices/status")).isBetween(2, 3);
        assertThat(asked)
                .isEqualTo(
                        Map.of(
                                "POST controllerrevisions", 1,
                                "PATCH services", 2,
                                "POST deployments", 1,
                                "POST events", 1));
    }

    @Test
    void listingAnewChangesNothing() throws Exception {
        troubled.wire.endWatches(Ending.ABRUPTLY);
        troubled.await("watches again", () -> troubled.wire.watching("deployments") > 0);
        troubled.await("all is said", this::quiet);
        assertThat(troubled.wire.written()).isEmpty();
        assertThat(about("before")).as("reads of one service").isEmpty();
    }

    @Test
    void aNewOperatorAsksForKindsAndNotForServices() throws Exception {
        troubled.platform.stopOperator();
        troubled.wire.forget();
        troubled.platform.resumeOperator();
        troubled.await("it knows the route", () -> !troubled.platform.routes().isEmpty());
        troubled.await("all is said", this::quiet);
        assertThat(troubled.wire.written()).isEmpty();
        assertThat(about("before")).as("requests for one service").isEmpty();
    }

    private List<String> about(String service) {
        return troubled.wire.calls().stream()
                .filter(call -> call.path().contains(service) || call.query().contains(service))
                .map(call -> call.method() + " " + call.path() + "?" + call.query())
                .toList();
    }
}
