package dev.marea.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.gateway.GatewaySettings.Waiting;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WaitingTest {
    private static final String PREDICT = Rig.iris("/v1/models/iris:predict");

    @Test
    void aBurstAtZeroAsksForAWakeUpAtOnceAndIsAnsweredWhenAReplicaComes() {
        try (var rig = new Rig();
                var iris = Replica.polite("iris-a")) {
            rig.serve();
            long before = System.nanoTime();
            var answers = burst(rig, 100);
            Rig.await(
                    "a report names the waiting ones",
                    () -> rig.loads("r1").stream().anyMatch(l -> l.waiting() > 0));
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .as("not with the next second's report only")
                    .isLessThan(Duration.ofMillis(900));
            Rig.await(
                    "all 100 wait",
                    () -> rig.gateway.metrics().contains("marea_gateway_waiting 100.0"));
            rig.serve(iris);
            assertThat(statuses(answers)).hasSize(100).containsOnly(200);
        }
    }

    @Test
    void aFullQueueRefusesWithAReasonAndWhenToComeAgain() {
        try (var rig = new Rig(s -> s.with(new Waiting(2, 100, Duration.ofSeconds(60))));
                var iris = Replica.polite("iris-a")) {
            rig.serve();
            var waiting = burst(rig, 2);
            Rig.await(
                    "two wait", () -> rig.gateway.metrics().contains("marea_gateway_waiting 2.0"));
            var refused = rig.post(PREDICT, "{}");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("x-marea-reason")).hasValue("QueueFull");
            assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
            assertThat(refused.body()).contains("at most 2 may");
            rig.serve(iris);
            assertThat(statuses(waiting)).containsOnly(200);
        }
    }

    @Test
    void theQueuesOfAllRevisionsTogetherAreBoundedToo() {
        try (var rig = new Rig(s -> s.with(new Waiting(10, 1, Duration.ofSeconds(60))))) {
            rig.serve();
            var waiting = burst(rig, 1);
            Rig.await(
                    "one waits", () -> rig.gateway.metrics().contains("marea_gateway_waiting 1.0"));
            assertThat(rig.post(PREDICT, "{}").statusCode()).isEqualTo(503);
            rig.tell();
            assertThat(statuses(waiting)).as("its service has gone").containsOnly(404);
        }
    }

    @Test
    void whoWaitsTooLongHearsThatNoReplicaWasReady() {
        try (var rig = new Rig()) {
            rig.tell(Rig.route(0, Duration.ofMillis(150), Rig.revision("r1", 100)));
            var late = rig.post(PREDICT, "{}");
            assertThat(late.statusCode()).isEqualTo(503);
            assertThat(late.headers().firstValue("x-marea-reason")).hasValue("QueueTimeout");
            assertThat(late.headers().firstValue("retry-after")).isPresent();
            assertThat(late.body()).isEqualTo("{\"error\":\"no replica was ready within 150 ms\"}");
            assertThat(rig.gateway.metrics()).contains("marea_gateway_waiting 0.0");
        }
    }

    @Test
    void containerConcurrencyIsNeverExceededAndTheQueueIsFirstComeFirstServed() {
        var gateway = new Semaphore(0);
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        try (var rig = new Rig();
                var iris =
                        new Replica(
                                "iris-a",
                                (request, socket) -> {
                                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                                    gateway.acquire();
                                    running.decrementAndGet(); // before the answer frees the place
                                    return Replica.answer(socket, request.text());
                                })) {
            rig.tell(Rig.route(1, Duration.ofSeconds(20), Rig.revision("r1", 100, iris)));
            var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            for (int i = 0; i < 20; i++) {
                int now = i;
                answers.add(rig.send(predict(rig, Integer.toString(i))));
                Rig.await(
                        "request " + i + " is in",
                        () -> iris.busy.get() + (now < 1 ? 0 : waitingNow(rig)) >= now + 1);
            }
            gateway.release(20);
            assertThat(statuses(answers)).containsOnly(200);
            assertThat(most.get()).isEqualTo(1);
            assertThat(iris.seen).extracting(seen -> Integer.parseInt(seen.text())).isSorted();
        }
    }

    @Test
    void aSecondReplicaTakesWhatTheFirstHasNoRoomFor() {
        var gateway = new CountDownLatch(1);
        Replica.Behaviour slow =
                (_, socket) ->
                        gateway.await(20, TimeUnit.SECONDS) && Replica.answer(socket, "done");
        try (var rig = new Rig();
                var first = new Replica("a", slow);
                var second = new Replica("b", slow)) {
            rig.tell(Rig.route(1, Duration.ofSeconds(20), Rig.revision("r1", 100, first)));
            var answers = burst(rig, 2);
            Rig.await("one runs", () -> first.busy.get() == 1 && waitingNow(rig) == 1);
            rig.tell(Rig.route(1, Duration.ofSeconds(20), Rig.revision("r1", 100, first, second)));
            Rig.await("the other runs", () -> second.busy.get() == 1);
            gateway.countDown();
            assertThat(statuses(answers)).containsOnly(200);
        }
    }

    @Test
    void requestsForACanaryThatIsAsleepWaitForItAndFollowItsTrafficWhenItIsRolledBack() {
        try (var rig = new Rig();
                var stable = Replica.polite("stable")) {
            rig.tell(Rig.route(Rig.revision("r1", 0, stable), Rig.revision("r2", 100)));
            var answers = burst(rig, 3);
            Rig.await("they wait", () -> waitingNow(rig) == 3);
            assertThat(stable.seen).isEmpty();
            rig.tell(Rig.route(Rig.revision("r1", 100, stable), Rig.revision("r2", 0)));
            assertThat(statuses(answers)).containsOnly(200);
        }
    }

    @Test
    void aRevisionThatVanishesSendsItsQueueToItsSuccessor() {
        try (var rig = new Rig();
                var next = Replica.polite("next")) {
            rig.serve();
            var answers = burst(rig, 3);
            Rig.await("they wait", () -> waitingNow(rig) == 3);
            rig.tell(Rig.route(Rig.revision("r2", 100, next)));
            assertThat(statuses(answers)).containsOnly(200);
        }
    }

    @Test
    void aClientThatLeavesWhileItWaitsLeavesTheQueue() {
        try (var rig = new Rig()) {
            rig.serve();
            var answer = rig.send(predict(rig, "{}"));
            Rig.await("it waits", () -> waitingNow(rig) == 1);
            answer.cancel(true);
            Rig.await("it left", () -> waitingNow(rig) == 0);
            Rig.await("a line", () -> rig.accessLines().size() == 1);
            assertThat(rig.accessLines().getFirst()).contains("\"status\":499");
        }
    }

    @Test
    void aWaitingBodyIsReadOnlyToItsLimitAndWholeOnceAReplicaComes() {
        try (var rig = new Rig();
                var iris =
                        new Replica(
                                "iris-a",
                                (request, socket) ->
                                        Replica.answer(
                                                socket, Integer.toString(request.body().length)))) {
            rig.serve();
            var answer = rig.send(predict(rig, "x".repeat(8 << 20)));
            Rig.await("it waits", () -> waitingNow(rig) == 1);
            rig.serve(iris);
            assertThat(Rig.join(answer).body()).isEqualTo(Integer.toString(8 << 20));
        }
    }

    @Test
    void everySecondEachRevisionsLoadIsToldAlsoAnIdleOnes() {
        var gateway = new CountDownLatch(1);
        try (var rig = new Rig();
                var iris =
                        new Replica(
                                "iris-a",
                                (_, socket) ->
                                        gateway.await(20, TimeUnit.SECONDS)
                                                && Replica.answer(socket, "done"))) {
            rig.tell(Rig.route(Rig.revision("r1", 100, iris), Rig.revision("r2", 0)));
            var answers = burst(rig, 4);
            Rig.await(
                    "a second with four in flight",
                    () -> rig.loads("r1").stream().anyMatch(l -> l.concurrency() == 4));
            gateway.countDown();
            assertThat(statuses(answers)).containsOnly(200);
            Rig.await(
                    "then idle",
                    () ->
                            !rig.loads("r1").isEmpty()
                                    && rig.loads("r1").getLast().concurrency() == 0);
            assertThat(rig.loads("r1").stream().mapToDouble(l -> l.requests()).sum()).isEqualTo(4);
            assertThat(rig.loads("r2")).isNotEmpty().allMatch(l -> l.concurrency() == 0);
        }
    }

    private static int waitingNow(Rig rig) {
        return rig.gateway
                .metrics()
                .lines()
                .filter(l -> l.startsWith("marea_gateway_waiting "))
                .mapToInt(l -> (int) Double.parseDouble(l.substring(l.indexOf(' ') + 1)))
                .findFirst()
                .orElse(0);
    }

    private static List<CompletableFuture<HttpResponse<String>>> burst(Rig rig, int count) {
        var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < count; i++) {
            answers.add(rig.send(predict(rig, "{}")));
        }
        return answers;
    }

    private static java.net.http.HttpRequest.Builder predict(Rig rig, String body) {
        return rig.request(PREDICT).POST(java.net.http.HttpRequest.BodyPublishers.ofString(body));
    }

    private static List<Integer> statuses(List<CompletableFuture<HttpResponse<String>>> answers) {
        return answers.stream().map(a -> Rig.join(a).statusCode()).toList();
    }
}
