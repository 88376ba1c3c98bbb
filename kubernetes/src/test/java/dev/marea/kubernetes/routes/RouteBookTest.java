package dev.marea.kubernetes.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.plan.Plan.Share;
import dev.marea.core.route.RouteTable;
import dev.marea.core.route.RouteTable.Replica;
import dev.marea.core.spec.Percent;
import dev.marea.core.spec.ServiceId;
import dev.marea.kubernetes.routes.RouteBook.Entry;
import dev.marea.kubernetes.routes.RouteBook.Owner;
import dev.marea.wire.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteBookTest {
    private static final ServiceId IRIS = new ServiceId("demo", "iris");
    private static final Owner R1 = new Owner("demo", "r1");
    private static final Replica A = new Replica("a", "127.0.0.1", 4001);

    private final RouteBook book = new RouteBook();
    private final List<RouteTable> heard = new ArrayList<>();

    @Test
    void aSubscriberHearsTheCurrentTableAndEveryNewerOne() {
        book.put(IRIS, entry(100));
        book.subscribe(heard::add);
        book.put(R1, "s", List.of(A));
        assertThat(heard).hasSize(2);
        assertThat(heard.getLast().routes().getFirst().revisions().getFirst().replicas())
                .containsExactly(A);
        assertThat(heard.getLast().version()).isGreaterThan(heard.getFirst().version());
    }

    @Test
    void anEqualTableIsNotToldAgain() {
        book.subscribe(heard::add);
        book.put(IRIS, entry(100));
        book.put(IRIS, entry(100));
        book.put(R1, "s", List.of());
        book.put(new Owner("demo", "nobody"), "s", List.of(A));
        assertThat(heard).hasSize(2);
    }

    @Test
    void whatGoesIsTakenOut() throws Exception {
        book.put(IRIS, entry(100));
        book.put(R1, "s", List.of(A));
        var subscription = book.subscribe(heard::add);
        book.remove(R1, "s");
        assertThat(heard.getLast().routes().getFirst().revisions().getFirst().replicas()).isEmpty();
        book.remove(IRIS);
        assertThat(heard.getLast().routes()).isEmpty();
        subscription.close();
        book.put(IRIS, entry(50));
        assertThat(heard).hasSize(3);
    }

    @Test
    void aSubscriberThatFailsDoesNotKeepOthersFromTheirTable() {
        var calls = new ArrayList<Long>();
        book.subscribe(t -> {
            if (t.version() > 0) {
                throw new IllegalStateException("mine is broken");
            }
        });
        book.subscribe(t -> calls.add(t.version()));
        book.put(IRIS, entry(100));
        assertThat(calls).containsExactly(0L, 1L);
    }

    @Test
    void everyEndpointOfASliceHasTheSlicesPortAndItsPodsName() {
        var slice =
                Json.Obj.of(
                        "metadata",
                        Json.Obj.of(
                                "namespace",
                                "demo",
                                "labels",
                                Json.Obj.of("kubernetes.io/service-name", "r1")),
                        "ports",
                        List.of(Json.Obj.of("name", "http", "port", 4001)),
                        "endpoints",
                        List.of(
                                endpoint("127.0.0.1", "a", Json.Obj.of("ready", true)),
                                endpoint("10.0.0.1", "b", Json.Obj.of("ready", false)),
                                endpoint(
                                        "10.0.0.2",
                                        "c",
                                        Json.Obj.of("ready", true, "terminating", true)),
                                endpoint("10.0.0.3", "d", Json.Obj.EMPTY)));
        assertThat(Slices.owner(slice)).contains(R1);
        assertThat(Slices.ready(slice)).containsExactly(A, new Replica("d", "10.0.0.3", 4001));
    }

    @Test
    void aPortThatSaysSoSpeaksHttp2Only() {
        var slice =
                Json.Obj.of(
                        "ports",
                        List.of(Json.Obj.of("port", 9000, "appProtocol", "kubernetes.io/h2c")),
                        "endpoints",
                        List.of(endpoint("10.0.0.1", "a", Json.Obj.EMPTY)));

        assertThat(Slices.ready(slice)).containsExactly(new Replica("a", "10.0.0.1", 9000, true));
    }

    private static Json.Obj endpoint(String address, String pod, Json.Obj conditions) {
        return Json.Obj.of(
                "addresses",
                List.of(address),
                "conditions",
                conditions,
                "targetRef",
                Json.Obj.of("name", pod));
    }

    private static Entry entry(int percent) {
        return new Entry(
                List.of("iris-demo.localhost"),
                List.of(new Share("r1", new Percent(percent))),
                0,
                Duration.ofSeconds(60),
                false,
                List.of());
    }
}
