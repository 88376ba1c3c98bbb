package dev.marea.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.marea.core.route.RouteTable;
import dev.marea.core.route.RouteTable.Revision;
import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.spec.Percent;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** gRPC's own client and server with the gateway between them. */
@Timeout(60)
class GrpcTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
    private static final String HOST = "iris-default.localhost";

    private final List<ManagedChannel> channels = new ArrayList<>();
    private Rig rig;
    private GrpcReplica replica;

    @BeforeEach
    void open() {
        rig = new Rig(s -> s.with(new GatewaySettings.Waiting(2, 10, Duration.ofSeconds(2))));
        replica = new GrpcReplica();
    }

    @AfterEach
    void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        replica.close();
        rig.close();
    }

    private static Revision revision(GrpcReplica... replicas) {
        var list = new ArrayList<RouteTable.Replica>();
        for (var each : replicas) {
            list.add(new RouteTable.Replica("g" + each.port(), "127.0.0.1", each.port()));
        }
        return new Revision("r1", new Percent(100), list);
    }

    private static Route route(int concurrency, GrpcReplica... replicas) {
        return Rig.route(concurrency, Duration.ofSeconds(20), revision(replicas));
    }

    private ManagedChannel channel(String host) {
        var channel =
                NettyChannelBuilder.forAddress("127.0.0.1", rig.gateway.port())
                        .usePlaintext()
                        .overrideAuthority(host)
                        .maxInboundMessageSize(64 << 20)
                        .build();
        channels.add(channel);
        return channel;
    }

    private byte[] call(ManagedChannel channel, String name, byte[] message) {
        return ClientCalls.blockingUnaryCall(
                channel,
                GrpcReplica.method(name, MethodType.UNARY),
                CallOptions.DEFAULT.withDeadlineAfter(Duration.ofSeconds(20)),
                message);
    }

    private Status failure(Runnable call) {
        var thrown = new StatusRuntimeException[1];
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(call::run)
                .satisfies(e -> thrown[0] = e);
        return thrown[0].getStatus();
    }

    @ParameterizedTest
    @ValueSource(strings = {"iris-default.localhost", "iris.default.localhost"})
    void aCallReachesTheServiceOfItsHost(String host) {
        rig.tell(route(0, replica));

        assertThat(call(channel(host), "Echo", HELLO)).isEqualTo(HELLO);
        assertThat(replica.seen.getFirst().keys()).contains("x-request-id", "kserve-isvc-name");
    }

    @Test
    void metadataGoesBothWays() {
        rig.tell(route(0, replica));
        var sent = new Metadata();
        sent.put(GrpcReplica.WORD, "a word");
        sent.put(GrpcReplica.BYTES, new byte[] {0, 1, -1});
        var trailers = new java.util.concurrent.atomic.AtomicReference<Metadata>();
        var channel =
                io.grpc.ClientInterceptors.intercept(
                        channel(HOST),
                        MetadataUtils.newAttachHeadersInterceptor(sent),
                        MetadataUtils.newCaptureMetadataInterceptor(
                                new java.util.concurrent.atomic.AtomicReference<>(), trailers));

        var status =
                failure(() ->
                        ClientCalls.blockingUnaryCall(
                                channel,
                                GrpcReplica.method("Fail", MethodType.UNARY),
                                CallOptions.DEFAULT,
                                HELLO));

        assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(status.getDescription()).isEqualTo("nö: 100 %");
        assertThat(trailers.get().get(GrpcReplica.WORD)).isEqualTo("why");
        var seen = replica.seen.getFirst();
        assertThat(seen.get(GrpcReplica.WORD)).isEqualTo("a word");
        assertThat(seen.get(GrpcReplica.BYTES)).containsExactly(0, 1, -1);
    }

    @Test
    void largeMessagesPass() {
        rig.tell(route(0, replica));
        var large = new byte[20 << 20];
        large[large.length - 1] = 7;

        assertThat(call(channel(HOST), "Echo", large)).isEqualTo(large);
    }

    @Test
    void streamsOfEitherSideAndOfBothPass() throws Exception {
        rig.tell(route(0, replica));
        var channel = channel(HOST);
        Iterator<byte[]> counted =
                ClientCalls.blockingServerStreamingCall(
                        channel,
                        GrpcReplica.method("Count", MethodType.SERVER_STREAMING),
                        CallOptions.DEFAULT,
                        new byte[] {100});
        int n = 0;
        for (; counted.hasNext(); n++) {
            assertThat(counted.next()).containsExactly(n);
        }
        assertThat(n).isEqualTo(100);

        var sum = new Answers();
        var numbers =
                ClientCalls.asyncClientStreamingCall(
                        start(channel, "Sum", MethodType.CLIENT_STREAMING), sum);
        for (byte i = 0; i < 10; i++) {
            numbers.onNext(new byte[] {i});
        }
        numbers.onCompleted();
        assertThat(sum.next()).containsExactly(45);

        var said = new Answers();
        var talk =
                ClientCalls.asyncBidiStreamingCall(
                        start(channel, "Talk", MethodType.BIDI_STREAMING), said);
        for (byte i = 0; i < 10; i++) {
            talk.onNext(new byte[] {i});
            assertThat(said.next()).containsExactly(i); // each before the next is sent
        }
        talk.onCompleted();
        assertThat(said.end.get(5, TimeUnit.SECONDS)).isEqualTo(Status.OK);
    }

    private static ClientCall<byte[], byte[]> start(
            ManagedChannel channel, String name, MethodType type) {
        return channel.newCall(GrpcReplica.method(name, type), CallOptions.DEFAULT);
    }

    /** What a stream brings. */
    private static final class Answers implements StreamObserver<byte[]> {
        private final BlockingQueue<byte[]> messages = new ArrayBlockingQueue<>(1_000);
        private final CompletableFuture<Status> end = new CompletableFuture<>();

        @Override
        public void onNext(byte[] message) {
            messages.add(message);
        }

        @Override
        public void onError(Throwable failed) {
            end.complete(Status.fromThrowable(failed));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }

        byte[] next() throws InterruptedException {
            var message = messages.poll(10, TimeUnit.SECONDS);
            assertThat(message).as("a message within 10 s").isNotNull();
            return message;
        }
    }

    @Test
    void aCancelledCallIsCancelledAtTheReplica() throws Exception {
        rig.tell(route(0, replica));
        var answers = new Answers();
        var call = start(channel(HOST), "Drip", MethodType.SERVER_STREAMING);
        ClientCalls.asyncServerStreamingCall(call, HELLO, answers);
        answers.next();

        call.cancel("enough", null);

        assertThat(replica.cancelled.await(1, TimeUnit.SECONDS)).isTrue();
        Rig.await("the load is gone", () -> inHand() == 0);
    }

    private double inHand() {
        var loads = rig.loads("r1");
        return loads.isEmpty() ? -1 : loads.getLast().concurrency();
    }

    @Test
    void aReplicaThatDiesInItsAnswerShowsAsUnavailable() throws Exception {
        rig.tell(route(0, replica));
        var answers = new Answers();
        ClientCalls.asyncServerStreamingCall(
                start(channel(HOST), "Drip", MethodType.SERVER_STREAMING), HELLO, answers);
        answers.next();

        replica.kill();

        assertThat(answers.end.get(10, TimeUnit.SECONDS).getCode())
                .isIn(Status.Code.UNAVAILABLE, Status.Code.CANCELLED);
    }

    @Test
    void theClientsDeadlineIsKeptAndToldOn() throws Exception {
        rig.tell(route(0, replica));
        long began = System.nanoTime();
        var status =
                failure(() ->
                        ClientCalls.blockingUnaryCall(
                                channel(HOST),
                                GrpcReplica.method("Hang", MethodType.UNARY),
                                CallOptions.DEFAULT.withDeadlineAfter(Duration.ofMillis(400)),
                                HELLO));

        assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        assertThat(replica.cancelled.await(1, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aCallWaitsForAServiceThatSleeps() throws Exception {
        rig.tell(route(0));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<byte[]> call = threads.submit(() -> call(channel(HOST), "Echo", HELLO));
            Rig.await("the wake-up call", () -> waiting() == 1);

            rig.tell(route(0, replica));

            assertThat(call.get(10, TimeUnit.SECONDS)).isEqualTo(HELLO);
        }
    }

    private int waiting() {
        var loads = rig.loads("r1");
        return loads.isEmpty() ? 0 : loads.getLast().waiting();
    }

    @Test
    void refusalsAreStatusesOfGrpc() {
        rig.tell(route(0));
        var sleeping = failure(() -> call(channel(HOST), "Echo", HELLO));
        assertThat(sleeping.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(sleeping.getDescription()).isEqualTo("no replica was ready within 2 s");

        var unknown = failure(() -> call(channel("nobody.default.localhost"), "Echo", HELLO));
        assertThat(unknown.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(unknown.getDescription()).contains("no service has the host");

        Rig.await("two lines", () -> rig.accessLines().size() == 2);
        assertThat(rig.accessLines().getFirst())
                .contains(
                        "\"protocol\":\"HTTP/2.0\"",
                        "\"status\":200",
                        "\"grpcStatus\":14",
                        "\"reason\":\"QueueTimeout\"",
                        "\"path\":\"/test.Service/Echo\"");
        assertThat(rig.gateway.metrics()).contains("code=\"503\"");
    }

    @Test
    void callsShareFewConnectionsAndKeepToTheReplicasLimit() throws Exception {
        rig.close();
        rig = new Rig();
        rig.tell(route(4, replica));
        var channel = channel(HOST);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = new ArrayList<Future<byte[]>>();
            for (int i = 0; i < 300; i++) {
                calls.add(threads.submit(() -> call(channel, "Echo", HELLO)));
            }
            for (var call : calls) {
                assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo(HELLO);
            }
        }
        assertThat(replica.busiest.get()).isLessThanOrEqualTo(4);
        assertThat(replica.connections.get()).isLessThanOrEqualTo(2); // one a loop
    }

    @Test
    void aReplicaThatLeavesGracefullyLosesNoCall() throws Exception {
        try (var second = new GrpcReplica()) {
            rig.tell(route(0, replica, second));
            var channel = channel(HOST);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<byte[]> held = threads.submit(() -> call(channel, "Hold", HELLO));
                Rig.await("the call", () -> replica.seen.size() + second.seen.size() == 1);
                var holder = replica.seen.isEmpty() ? second : replica;
                rig.tell(route(0, holder == replica ? second : replica));
                for (int i = 0; i < 20; i++) {
                    assertThat(call(channel, "Echo", HELLO)).isEqualTo(HELLO);
                }
                holder.release.countDown();
                assertThat(held.get(10, TimeUnit.SECONDS)).isEqualTo(HELLO);
            }
        }
    }

    @Test
    void aReplicaWithoutHttp2SaysSoAndIsNotAvoidedForIt() {
        try (var plain = Replica.polite("plain")) {
            rig.serve(plain);

            var status = failure(() -> call(channel(HOST), "Echo", HELLO));

            assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(status.getDescription()).contains("it does not speak HTTP/2");
            assertThat(rig.get(Rig.iris("/v1/models/x")).body()).isEqualTo("plain");
            assertThat(rig.gateway.metrics()).containsPattern("ejections_total\\{[^}]*} 0.0");
        }
    }
}
