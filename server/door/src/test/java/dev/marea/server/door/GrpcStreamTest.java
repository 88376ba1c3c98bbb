package dev.marea.server.door;

import static dev.marea.server.door.GrpcClient.INFERENCE;
import static dev.marea.server.door.GrpcClient.rows;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.marea.server.predict.WorkSettings;
import dev.marea.wire.proto.health.HealthCheckRequest;
import dev.marea.wire.proto.health.HealthCheckResponse;
import dev.marea.wire.proto.health.HealthCheckResponse.ServingStatus;
import dev.marea.wire.proto.inference.InferParameter;
import dev.marea.wire.proto.inference.ModelInferRequest;
import dev.marea.wire.proto.inference.ModelInferResponse;
import dev.marea.wire.proto.inference.ModelStreamInferResponse;
import dev.marea.wire.proto.reflection.ServerReflectionRequest;
import dev.marea.wire.proto.reflection.ServerReflectionResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcStreamTest {
    private static final String FINAL = "triton_final_response";

    private static GrpcClient.Talk<ModelStreamInferResponse> open(
            GrpcClient client, Metadata headers) {
        return client.open(
                INFERENCE + "ModelStreamInfer", ModelStreamInferResponse.parser(), headers);
    }

    private static ModelInferRequest request(String id, double sign) {
        return rows(sign, 0).setId(id).build();
    }

    @Test
    void requestsAreAnsweredInTheirOrder(@TempDir Path home) throws Exception {
        try (var served = Served.ready(home, "model.fake");
                var client = new GrpcClient(served.server.port())) {
            var talk = open(client, new Metadata());
            for (int i = 0; i < 200; i++) {
                talk.call.sendMessage(request("r" + i, i));
            }
            for (int i = 0; i < 200; i++) {
                var answer = talk.next().getInferResponse();
                assertThat(answer.getId()).isEqualTo("r" + i);
                assertThat(answer.getParametersOrThrow(FINAL).getBoolParam()).isTrue();
            }
            talk.call.halfClose();
            assertThat(talk.ended().isOk()).isTrue();
        }
    }

    @Test
    void aStreamMayCarryMoreThanAnyOneMessage(@TempDir Path home) throws Exception {
        var request =
                ModelInferRequest.newBuilder()
                        .setModelName("m")
                        .addRawInputContents(ByteString.copyFrom(new byte[8 << 20]));
        request.addInputsBuilder().setName("x").setDatatype("FP64").addShape(1 << 20);
        try (var served = Served.ready(home, "model.fake");
                var client = new GrpcClient(served.server.port())) {
            var talk = open(client, new Metadata());
            for (int i = 0; i < 10; i++) {
                talk.call.sendMessage(request.build());
                assertThat(talk.next().getErrorMessage()).isEmpty();
            }
            talk.call.halfClose();
            assertThat(talk.ended().isOk()).isTrue();
        }
    }

    @Test
    void aFailedRequestDoesNotEndTheStream(@TempDir Path home) throws Exception {
        try (var served = Served.ready(home, "model.fake");
                var client = new GrpcClient(served.server.port())) {
            var talk = open(client, new Metadata());
            talk.call.sendMessage(request("bad", -400));
            talk.call.sendMessage(rows(1, 2).setModelName("none").setId("lost").build());
            talk.call.sendMessage(request("good", 1));
            talk.call.halfClose();
            var bad = talk.next();
            assertThat(bad.getErrorMessage()).isEqualTo("'input-0' must not be -400");
            assertThat(bad.getInferResponse().getId()).isEqualTo("bad");
            assertThat(talk.next().getErrorMessage())
                    .isEqualTo("Model with name none does not exist.");
            assertThat(talk.next().getInferResponse().getId()).isEqualTo("good");
            assertThat(talk.ended().isOk()).isTrue();
        }
    }

    @Test
    void aFailedRequestEndsTheStreamForThoseWhoWantThat(@TempDir Path home) throws Exception {
        var headers = new Metadata();
        headers.put(Metadata.Key.of("triton_grpc_error", Metadata.ASCII_STRING_MARSHALLER), "true");
        try (var served = Served.ready(home, "model.fake");
                var client = new GrpcClient(served.server.port())) {
            var talk = open(client, headers);
            talk.call.sendMessage(request("bad", -400));
            assertThat(talk.ended().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(talk.answers).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aModelMayAnswerInParts(boolean emptyFinal, @TempDir Path home) throws Exception {
        try (var served = Served.ready(home, "parts.fake");
                var client = new GrpcClient(served.server.port())) {
            var talk = open(client, new Metadata());
            talk.call.sendMessage(parts("a", emptyFinal, 3));
            talk.call.sendMessage(parts("b", emptyFinal, 2));
            talk.call.halfClose();
            for (var id : new String[] {"a", "a", "a", "b", "b"}) {
                var answer = talk.next().getInferResponse();
                if (emptyFinal && answer.getOutputsCount() == 0) {
                    assertThat(answer.getId()).isEqualTo("a");
                    assertThat(answer.getParametersOrThrow(FINAL).getBoolParam()).isTrue();
                    answer = talk.next().getInferResponse();
                }
                assertThat(answer.getId()).isEqualTo(id);
                assertThat(answer.getOutputsCount()).isEqualTo(1);
                assertThat(answer.getParametersOrThrow(FINAL).getBoolParam()).isFalse();
            }
            assertThat(talk.ended().isOk()).isTrue();
            assertThat(talk.answers).hasSize(emptyFinal ? 1 : 0);
        }
    }

    private static ModelInferRequest parts(String id, boolean emptyFinal, int count) {
        var request = rows(IntStream.range(0, 2 * count).asDoubleStream().toArray()).setId(id);
        request.getInputsBuilder(0).clearShape().addShape(count).getContentsBuilder().clear();
        IntStream.range(0, count)
                .forEach(i ->
                        request.getInputsBuilder(0).getContentsBuilder().addFp64Contents(i + 1));
        if (emptyFinal) {
            request.putParameters(
                    "triton_enable_empty_final_response",
                    InferParameter.newBuilder().setBoolParam(true).build());
        }
        return request.build();
    }

    @Test
    void manyPartsReachASlowReader(@TempDir Path home) throws Exception {
        try (var served = Served.ready(home, "parts.fake");
                var client = new GrpcClient(served.server.port())) {
            var talk = open(client, new Metadata());
            talk.call.sendMessage(parts("a", false, 20_000));
            talk.call.halfClose();
            for (int i = 0; i < 20_000; i++) {
                assertThat(talk.next().getInferResponse().getOutputs(0).getContents())
                        .returns((double) i + 1, contents -> contents.getFp64Contents(0));
            }
            assertThat(talk.ended().isOk()).isTrue();
        }
    }

    @Test
    void theServerKeepsTheDeadline(@TempDir Path home) throws Exception {
        var runtime = new FakeRuntime();
        try (var served = Served.open(home, "model.fake", runtime);
                var client = new GrpcClient(served.server.port())) {
            served.server.awaitLoaded();
            var headers = new Metadata();
            headers.put(Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER), "100m");
            var talk = client.open(INFERENCE + "ModelInfer", ModelInferResponse.parser(), headers);
            talk.call.sendMessage(request("x", -1000));
            talk.call.halfClose();
            assertThat(talk.ended().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            runtime.mayPredict.release();
        }
    }

    @Test
    void aCancelledRequestIsNotPredicted(@TempDir Path home) throws Exception {
        var runtime = new FakeRuntime();
        var one = new WorkSettings(1, 8, Duration.ofSeconds(30), 1 << 20);
        try (var served = Served.open(home, "model.fake", runtime, s -> s.with(one));
                var client = new GrpcClient(served.server.port())) {
            served.server.awaitLoaded();
            var first = open(client, new Metadata());
            first.call.sendMessage(request("first", -1000));
            runtime.predicting.acquire();
            var second =
                    client.call(
                            INFERENCE + "ModelInfer",
                            ModelInferResponse.parser(),
                            CallOptions.DEFAULT);
            second.start(new ClientCall.Listener<>() {}, new Metadata());
            second.sendMessage(request("second", -1000));
            second.halfClose();
            Served.await("the second is queued", () -> isQueued(served, 1));
            second.cancel("not needed any more", null);
            var third = open(client, new Metadata());
            third.call.sendMessage(request("third", 3));
            // It comes behind the cancellation, on the same connection: that is known by now.
            Served.await("the third is queued", () -> isQueued(served, 2));
            runtime.mayPredict.release();
            assertThat(first.next().getInferResponse().getId()).isEqualTo("first");
            assertThat(third.next().getInferResponse().getId()).isEqualTo("third");
            assertThat(runtime.predicting.availablePermits()).isZero();
        }
    }

    private static boolean isQueued(Served served, int calls) {
        try {
            return served.get("/metrics").body().contains("marea_server_queue_length " + calls);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void healthIsWatched(@TempDir Path home) throws Exception {
        var loading = new FakeRuntime(new CountDownLatch(1));
        try (var served = Served.open(home, "model.fake", loading);
                var client = new GrpcClient(served.server.port())) {
            var talk =
                    client.open(
                            "grpc.health.v1.Health/Watch",
                            HealthCheckResponse.parser(),
                            new Metadata());
            talk.call.sendMessage(HealthCheckRequest.newBuilder().setService("m").build());
            talk.call.halfClose();
            assertThat(talk.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
            loading.mayLoad.countDown();
            assertThat(talk.next().getStatus()).isEqualTo(ServingStatus.SERVING);
            talk.call.cancel("seen", null);
        }
    }

    @Test
    void aServerThatEndsAnswersWhatItHasAndSendsTheRestElsewhere(@TempDir Path home)
            throws Exception {
        var runtime = new FakeRuntime();
        try (var served = Served.open(home, "model.fake", runtime);
                var client = new GrpcClient(served.server.port())) {
            served.server.awaitLoaded();
            var idle = open(client, new Metadata());
            idle.call.sendMessage(request("done", 1));
            assertThat(idle.next().getInferResponse().getId()).isEqualTo("done");
            var busy = open(client, new Metadata());
            busy.call.sendMessage(request("late", -1000));
            runtime.predicting.acquire();
            var closing = Thread.ofVirtual().start(served.server::close);
            assertThat(idle.ended().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(busy.end).isEmpty();
            runtime.mayPredict.release();
            assertThat(busy.next().getInferResponse().getId()).isEqualTo("late");
            assertThat(busy.ended().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(closing.join(Duration.ofSeconds(20))).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v1alpha"})
    void reflectionTellsWhatMayBeCalled(String version, @TempDir Path home) throws Exception {
        try (var served = Served.ready(home, "model.fake");
                var client = new GrpcClient(served.server.port())) {
            var talk =
                    client.open(
                            "grpc.reflection." + version + ".ServerReflection/ServerReflectionInfo",
                            ServerReflectionResponse.parser(),
                            new Metadata());
            talk.call.sendMessage(
                    ServerReflectionRequest.newBuilder().setListServices("*").build());
            assertThat(talk.next().getListServicesResponse().getServiceList())
                    .extracting("name")
                    .contains("inference.GRPCInferenceService", "grpc.health.v1.Health");
            talk.call.sendMessage(symbol("inference.GRPCInferenceService.ModelInfer"));
            assertThat(talk.next().getFileDescriptorResponse().getFileDescriptorProtoCount())
                    .isEqualTo(2);
            talk.call.sendMessage(symbol("inference.Nothing"));
            assertThat(talk.next().getErrorResponse().getErrorCode()).isEqualTo(5);
            talk.call.halfClose();
            assertThat(talk.ended().isOk()).isTrue();
        }
    }

    private static ServerReflectionRequest symbol(String name) {
        return ServerReflectionRequest.newBuilder().setFileContainingSymbol(name).build();
    }
}
