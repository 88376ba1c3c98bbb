package dev.marea.server.door;

import static dev.marea.server.door.GrpcClient.INFERENCE;
import static dev.marea.server.door.GrpcClient.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.marea.wire.proto.health.HealthCheckRequest;
import dev.marea.wire.proto.health.HealthCheckResponse;
import dev.marea.wire.proto.health.HealthCheckResponse.ServingStatus;
import dev.marea.wire.proto.inference.DataType;
import dev.marea.wire.proto.inference.InferParameter;
import dev.marea.wire.proto.inference.ModelConfigRequest;
import dev.marea.wire.proto.inference.ModelConfigResponse;
import dev.marea.wire.proto.inference.ModelInferRequest;
import dev.marea.wire.proto.inference.ModelInferResponse;
import dev.marea.wire.proto.inference.ModelMetadataRequest;
import dev.marea.wire.proto.inference.ModelMetadataResponse;
import dev.marea.wire.proto.inference.ModelReadyRequest;
import dev.marea.wire.proto.inference.ModelReadyResponse;
import dev.marea.wire.proto.inference.ModelStatisticsRequest;
import dev.marea.wire.proto.inference.ModelStatisticsResponse;
import dev.marea.wire.proto.inference.RepositoryIndexRequest;
import dev.marea.wire.proto.inference.RepositoryIndexResponse;
import dev.marea.wire.proto.inference.RepositoryModelLoadRequest;
import dev.marea.wire.proto.inference.RepositoryModelLoadResponse;
import dev.marea.wire.proto.inference.ServerLiveRequest;
import dev.marea.wire.proto.inference.ServerLiveResponse;
import dev.marea.wire.proto.inference.ServerMetadataRequest;
import dev.marea.wire.proto.inference.ServerMetadataResponse;
import dev.marea.wire.proto.inference.ServerReadyRequest;
import dev.marea.wire.proto.inference.ServerReadyResponse;
import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrpcTest {
    private static final int MILLION = 1_000_000;

    private Served served;
    private GrpcClient client;

    @BeforeAll
    void open(@TempDir Path home) throws Exception {
        served = Served.ready(home, "model.fake");
        client = new GrpcClient(served.server.port());
    }

    @AfterAll
    void close() {
        client.close();
        served.close();
    }

    private ModelInferResponse infer(ModelInferRequest request) {
        return client.ask(INFERENCE + "ModelInfer", request, ModelInferResponse.parser());
    }

    private Status refusal(String method, MessageLite question) {
        return catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> client.ask(method, question, ModelInferResponse.parser()))
                .getStatus();
    }

    private Status refusal(ModelInferRequest.Builder request) {
        return refusal(INFERENCE + "ModelInfer", request.build());
    }

    @Test
    void whoSendsNumbersGetsNumbers() {
        var answer =
                infer(
                        rows(1, 2, 3, 4)
                                .setId("7")
                                .putParameters("a", parameter(5))
                                .setModelVersion("1")
                                .build());
        assertThat(answer.getModelName()).isEqualTo("m");
        assertThat(answer.getModelVersion()).isEqualTo("1");
        assertThat(answer.getId()).isEqualTo("7");
        assertThat(answer.getParametersMap()).containsOnly(java.util.Map.entry("a", parameter(5)));
        assertThat(answer.getRawOutputContentsCount()).isZero();
        var output = answer.getOutputs(0);
        assertThat(output.getDatatype()).isEqualTo("FP64");
        assertThat(output.getShapeList()).containsExactly(2L, 2L);
        assertThat(output.getContents().getFp64ContentsList()).containsExactly(1.0, 2.0, 3.0, 4.0);
    }

    private static InferParameter parameter(long value) {
        return InferParameter.newBuilder().setInt64Param(value).build();
    }

    @Test
    void aMethodMayBeAskedByTheNameOfAnOutput() {
        var request = rows(1, 2);
        request.addOutputsBuilder().setName("predict_proba");
        var output = infer(request.build()).getOutputs(0);
        assertThat(output.getName()).isEqualTo("predict_proba");
        assertThat(output.getContents().getFp64ContentsList()).containsExactly(0.25, 0.75);
    }

    @Test
    void theHighestClassesMayBeAsked() {
        var request = rows(1, 2, 4, 3);
        request.addOutputsBuilder()
                .setName("input-0")
                .putParameters("classification", parameter(1));
        var output = infer(request.build()).getOutputs(0);
        assertThat(output.getDatatype()).isEqualTo("BYTES");
        assertThat(output.getContents().getBytesContentsList())
                .extracting(ByteString::toStringUtf8)
                .containsExactly("2.0:1", "4.0:0");
    }

    @Test
    void whoSendsRawBytesGetsRawBytes() {
        var raw = ByteString.copyFrom(littleEndian(1.5, -2.5));
        var request = rows(1, 2).addRawInputContents(raw);
        request.getInputsBuilder(0).clearContents();
        var answer = infer(request.build());
        assertThat(answer.getRawOutputContentsList()).containsExactly(raw);
        assertThat(answer.getOutputs(0).hasContents()).isFalse();
    }

    private static byte[] littleEndian(double... values) {
        var bytes = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        return bytes.array();
    }

    @Test
    void twentyMegabytesGoBothWays() {
        var values = littleEndian(new double[5 * MILLION / 2]);
        var request =
                ModelInferRequest.newBuilder()
                        .setModelName("m")
                        .addRawInputContents(ByteString.copyFrom(values));
        request.addInputsBuilder().setName("x").setDatatype("FP64").addShape(5 * MILLION / 2);
        assertThat(infer(request.build()).getRawOutputContents(0).size()).isEqualTo(20 * MILLION);
    }

    @Test
    void tooLargeAMessageIsRefusedByItsLength() {
        var request =
                ModelInferRequest.newBuilder()
                        .addRawInputContents(ByteString.copyFrom(new byte[64 << 20]))
                        .setModelName("m");
        var status = refusal(request);
        assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(infer(rows(1, 2).build()).getOutputsCount()).isEqualTo(1);
    }

    @Test
    void messagesMayBeCompressed() {
        var values = new double[2_000];
        var answer =
                client.ask(
                        INFERENCE + "ModelInfer",
                        rows(values).build(),
                        ModelInferResponse.parser(),
                        CallOptions.DEFAULT.withCompression("gzip"));
        assertThat(answer.getOutputs(0).getContents().getFp64ContentsCount()).isEqualTo(2_000);
    }

    @Test
    void theServerTellsOfItself() {
        var live =
                client.ask(
                        INFERENCE + "ServerLive",
                        ServerLiveRequest.getDefaultInstance(),
                        ServerLiveResponse.parser());
        assertThat(live.getLive()).isTrue();
        var ready =
                client.ask(
                        INFERENCE + "ServerReady",
                        ServerReadyRequest.getDefaultInstance(),
                        ServerReadyResponse.parser());
        assertThat(ready.getReady()).isTrue();
        var server =
                client.ask(
                        INFERENCE + "ServerMetadata",
                        ServerMetadataRequest.getDefaultInstance(),
                        ServerMetadataResponse.parser());
        assertThat(server.getName()).isEqualTo("marea-server");
    }

    @Test
    void aModelTellsOfItself() {
        var ready =
                client.ask(
                        INFERENCE + "ModelReady",
                        ModelReadyRequest.newBuilder().setName("m").build(),
                        ModelReadyResponse.parser());
        assertThat(ready.getReady()).isTrue();
        var metadata =
                client.ask(
                        INFERENCE + "ModelMetadata",
                        ModelMetadataRequest.newBuilder().setName("m").build(),
                        ModelMetadataResponse.parser());
        assertThat(metadata.getPlatform()).isEqualTo("fake");
        assertThat(metadata.getVersionsList()).containsExactly("1");
        assertThat(metadata.getInputs(0).getShapeList()).containsExactly(-1L, 2L);
        var config =
                client.ask(
                                INFERENCE + "ModelConfig",
                                ModelConfigRequest.newBuilder().setName("m").build(),
                                ModelConfigResponse.parser())
                        .getConfig();
        assertThat(config.getInput(0).getDataType()).isEqualTo(DataType.TYPE_FP64);
        assertThat(config.getModelTransactionPolicy().getDecoupled()).isFalse();
    }

    @Test
    void statisticsCountWhatWasAsked() {
        infer(rows(1, 2).build());
        var statistics =
                client.ask(
                        INFERENCE + "ModelStatistics",
                        ModelStatisticsRequest.newBuilder().setName("m").build(),
                        ModelStatisticsResponse.parser());
        assertThat(statistics.getModelStats(0).getInferenceStats().getSuccess().getCount())
                .isPositive();
    }

    @Test
    void theRepositoryIsListedAndLoaded() {
        var index =
                client.ask(
                        INFERENCE + "RepositoryIndex",
                        RepositoryIndexRequest.newBuilder().setReady(true).build(),
                        RepositoryIndexResponse.parser());
        assertThat(index.getModels(0).getName()).isEqualTo("m");
        assertThat(index.getModels(0).getState()).isEqualTo("READY");
        var loaded =
                client.ask(
                        INFERENCE + "RepositoryModelLoad",
                        RepositoryModelLoadRequest.newBuilder().setModelName("m").build(),
                        RepositoryModelLoadResponse.parser());
        assertThat(loaded.getIsLoaded()).isTrue();
    }

    @Test
    void kservesClientsNameTheModelInTheFirstField() {
        var kserve = RepositoryModelLoadRequest.newBuilder().setRepositoryName("m").build();
        var loaded =
                client.ask(
                        INFERENCE + "RepositoryModelLoad",
                        kserve,
                        RepositoryModelLoadResponse.parser());
        assertThat(loaded.getModelName()).isEqualTo("m");
    }

    @ParameterizedTest
    @CsvSource({
        "'', SERVING",
        "inference.GRPCInferenceService, SERVING",
        "m, SERVING",
    })
    void healthIsTheStandardService(String service, ServingStatus status) {
        var answer =
                client.ask(
                        "grpc.health.v1.Health/Check",
                        HealthCheckRequest.newBuilder().setService(service).build(),
                        HealthCheckResponse.parser());
        assertThat(answer.getStatus()).isEqualTo(status);
    }

    @Test
    void anUnknownServiceHasNoHealth() {
        var asked = HealthCheckRequest.newBuilder().setService("other").build();
        assertThat(refusal("grpc.health.v1.Health/Check", asked).getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
    }

    @ParameterizedTest
    @CsvSource({
        "-400, INVALID_ARGUMENT, must not be -400",
        "-500, INTERNAL, the graph failed",
        "-501, INTERNAL, internal error",
    })
    void aFailureHasItsStatus(double sign, Status.Code code, String message) {
        var status = refusal(rows(sign, 0));
        assertThat(status.getCode()).isEqualTo(code);
        assertThat(status.getDescription()).contains(message);
    }

    @Test
    void theMessageIsToldInFull() {
        var status = refusal(rows(1, 2).setModelName("größe 100 %\n"));
        assertThat(status.getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(status.getDescription())
                .isEqualTo("Model with name größe 100 %\n does not exist.");
    }

    @Test
    void aMessageDoesNotGrowWithTheRequest() {
        var status = refusal(rows(1, 2).setModelName("m".repeat(1 << 20)));
        assertThat(status.getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(status.getDescription()).hasSize(2_001).endsWith("…");
    }

    @ParameterizedTest
    @CsvSource({
        "inference.GRPCInferenceService/Nothing, There is no method",
        "inference.Other/ModelInfer, There is no method",
        "inference.GRPCInferenceService/CudaSharedMemoryRegister, shared memory is not offered",
        "inference.GRPCInferenceService/TraceSetting, set when the server starts",
    })
    void whatIsNotOfferedSaysSo(String method, String message) {
        var status = refusal(method, rows(1, 2).build());
        assertThat(status.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(status.getDescription()).contains(message);
    }

    @Test
    void restAndGrpcShareThePort() throws Exception {
        assertThat(infer(rows(1, 2).build()).getOutputsCount()).isEqualTo(1);
        assertThat(served.get("/v2/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void gRpcMayHaveAPortOfItsOwnWithTheSameServices(@TempDir Path home) throws Exception {
        try (var two = Served.open(home, "model.fake", new FakeRuntime(), s -> s.withGrpc(0));
                var asking = new GrpcClient(two.server.grpcPort())) {
            two.server.awaitLoaded();
            assertThat(two.server.grpcPort()).isNotEqualTo(two.server.port());
            var answer =
                    asking.ask(
                            INFERENCE + "ModelInfer",
                            rows(1, 2).build(),
                            ModelInferResponse.parser());
            assertThat(answer.getOutputsCount()).isEqualTo(1);
            assertThat(two.get("/v2/health/ready").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whoSpeaksNoGrpcIsToldInHttp() throws Exception {
        var answer = served.post("/inference.GRPCInferenceService/ModelInfer", "{}");
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body()).contains("application/grpc");
        assertThat(served.get("/inference.GRPCInferenceService/ModelInfer").statusCode())
                .isEqualTo(405);
        var old =
                served.send(
                        served.to("/inference.GRPCInferenceService/ModelInfer")
                                .header("Content-Type", "application/grpc")
                                .POST(java.net.http.HttpRequest.BodyPublishers.noBody()));
        assertThat(old.statusCode()).isEqualTo(505);
    }

    @Test
    void aModelThatIsNotReadyIsUnavailable(@TempDir Path home) throws Exception {
        var loading = new FakeRuntime(new java.util.concurrent.CountDownLatch(1));
        try (var slow = Served.open(home, "model.fake", loading);
                var asking = new GrpcClient(slow.server.port())) {
            assertThatThrownBy(() ->
                            asking.ask(
                                    INFERENCE + "ModelInfer",
                                    rows(1, 2).build(),
                                    ModelInferResponse.parser()))
                    .hasMessage("UNAVAILABLE: Model with name m is not ready.");
            assertThat(
                            asking.ask(
                                            "grpc.health.v1.Health/Check",
                                            HealthCheckRequest.getDefaultInstance(),
                                            HealthCheckResponse.parser())
                                    .getStatus())
                    .isEqualTo(ServingStatus.NOT_SERVING);
            loading.mayLoad.countDown();
            slow.server.awaitLoaded();
        }
    }
}
