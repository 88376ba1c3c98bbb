package dev.marea.server.door;

import static dev.marea.server.door.GrpcClient.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.server.grpc.GrpcConnection;
import dev.marea.server.grpc.GrpcService;
import dev.marea.server.models.ModelSettings;
import dev.marea.server.models.Models;
import dev.marea.server.predict.Predictions;
import dev.marea.server.predict.ServerMetrics;
import dev.marea.server.predict.WorkSettings;
import dev.marea.server.runtime.Runtimes;
import dev.marea.wire.http.Refusal;
import dev.marea.wire.http.RequestCut;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no well-behaved client sends; after each, memory is given back and the next call works. */
class GrpcHostileTest {
    private static final String INFER = "/inference.GRPCInferenceService/ModelInfer";
    private static final int MEMORY = 80 << 20;
    private static final int BOMB_MEGABYTES = 256;

    private Models models;
    private Predictions predictions;
    private GrpcService service;
    private EmbeddedChannel channel;

    @BeforeEach
    void open(@TempDir Path home) throws Exception {
        var file = home.resolve("model.fake");
        Files.writeString(file, "model");
        models = new Models(new ModelSettings("m", file, Optional.empty(), false));
        models.start(new Runtimes(List.of(new FakeRuntime())));
        var metrics = new ServerMetrics("m");
        predictions =
                new Predictions(
                        new WorkSettings(1, 8, Duration.ofSeconds(30), MEMORY), models, metrics);
        service = new GrpcService(models, predictions, metrics);
        channel = new EmbeddedChannel(new GrpcConnection(service));
    }

    @AfterEach
    void nothingIsLeft() {
        hangUp();
        Served.await("all memory is given back", () -> predictions.reserve(MEMORY));
        service.close();
        predictions.close();
        models.close();
    }

    /**
     * Whoever hangs up may meet a worker that is just handing over its answer: no failure of ours.
     */
    private void hangUp() {
        try {
            channel.finishAndReleaseAll();
        } catch (Exception met) {
            assertThat(met).isInstanceOf(ClosedChannelException.class);
        }
    }

    private void begin(String path, String... headers) {
        var request =
                new DefaultHttpRequest(HttpVersion.valueOf("HTTP/2.0"), HttpMethod.POST, path);
        request.headers().set("content-type", "application/grpc").set("te", "trailers");
        for (int i = 0; i < headers.length; i += 2) {
            request.headers().set(headers[i], headers[i + 1]);
        }
        channel.writeInbound(request);
    }

    private void send(byte[] bytes) {
        channel.writeInbound(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)));
    }

    private void end() {
        channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    private static byte[] frame(int flag, byte[] message) {
        return frame(flag, message.length, message);
    }

    private static byte[] frame(int flag, long length, byte[] message) {
        return bytes(Unpooled.buffer().writeByte(flag).writeInt((int) length).writeBytes(message));
    }

    private record Answer(HttpHeaders trailers, byte[] body) {
        String status() {
            return trailers.get("grpc-status", "none");
        }

        String message() {
            return trailers.get("grpc-message", "");
        }
    }

    /** Waits for the trailers; a whole answer must have been written, and only one. */
    private Answer answer() {
        var written = new Written();
        Served.await(
                "an answer",
                () -> {
                    channel.runPendingTasks();
                    while (!written.isWhole()
                            && channel.readOutbound() instanceof HttpObject part) {
                        written.add(part);
                    }
                    return written.isWhole();
                });
        assertThat(written.heads).isEqualTo(1);
        return new Answer(written.trailers, bytes(written.body));
    }

    private static final class Written {
        final ByteBuf body = Unpooled.buffer();
        HttpHeaders trailers = EmptyHttpHeaders.INSTANCE;
        int heads;
        boolean whole;

        void add(HttpObject part) {
            heads += part instanceof HttpResponse ? 1 : 0;
            if (part instanceof HttpContent content) {
                body.writeBytes(content.content());
            }
            if (part instanceof LastHttpContent last) {
                trailers = last.trailingHeaders();
                whole = true;
            }
        }

        boolean isWhole() {
            return whole;
        }
    }

    private static byte[] bytes(ByteBuf buffer) {
        var bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        return bytes;
    }

    private static byte[] good() {
        return rows(1, 2).build().toByteArray();
    }

    private void theNextCallWorks() {
        hangUp();
        channel = new EmbeddedChannel(new GrpcConnection(service));
        begin(INFER);
        send(frame(0, good()));
        end();
        assertThat(answer().status()).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1_000})
    void aMessageMayBeCutAnywhere(int bytesEach) {
        begin(INFER);
        var framed = frame(0, good());
        for (int at = 0; at < framed.length; at += bytesEach) {
            int to = Math.min(framed.length, at + bytesEach);
            send(java.util.Arrays.copyOfRange(framed, at, to));
        }
        end();
        var answer = answer();
        assertThat(answer.status()).isEqualTo("0");
        assertThat(answer.body()).hasSizeGreaterThan(5);
    }

    @ParameterizedTest
    @CsvSource({"67108865, 8", "4294967295, 8", "2147483648, 8"})
    void aTooLongMessageIsRefusedByItsPrefix(long length, String status) {
        begin(INFER);
        send(frame(0, length, new byte[0]));
        var answer = answer();
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.message()).contains(Long.toString(length));
        theNextCallWorks();
    }

    @Test
    void questionsAreSmall() {
        begin("/inference.GRPCInferenceService/ModelMetadata");
        send(frame(0, 2 << 20, new byte[0]));
        assertThat(answer().status()).isEqualTo("8");
        theNextCallWorks();
    }

    @Test
    void anAnnouncedLengthReservesNothing() {
        begin(INFER);
        send(frame(0, 64 << 20, new byte[10]));
        assertThat(predictions.reserve(MEMORY - 10)).isTrue();
        predictions.release(MEMORY - 10);
        hangUp();
    }

    @Test
    void halfAMessageIsRefused() {
        begin(INFER);
        send(frame(0, 100, new byte[40]));
        end();
        var answer = answer();
        assertThat(answer.status()).isEqualTo("3");
        assertThat(answer.message())
                .isEqualTo("the request ended after 40 of a message's 100 bytes");
        theNextCallWorks();
    }

    @Test
    void halfAPrefixIsRefused() {
        begin(INFER);
        send(new byte[3]);
        end();
        assertThat(answer().status()).isEqualTo("3");
        theNextCallWorks();
    }

    @Test
    void noMessageIsRefused() {
        begin(INFER);
        end();
        assertThat(answer().message()).isEqualTo("this method takes one message, none came");
        theNextCallWorks();
    }

    @Test
    void aSecondMessageIsRefused() {
        begin("/inference.GRPCInferenceService/RepositoryModelLoad");
        send(frame(0, new byte[0]));
        send(frame(0, new byte[0]));
        assertThat(answer().status()).isIn("3", "5");
        theNextCallWorks();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                INFER,
                "/inference.GRPCInferenceService/ModelStreamInfer",
                "/inference.GRPCInferenceService/ModelReady",
                "/grpc.health.v1.Health/Check",
                "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            })
    void whatIsNoProtobufIsRefused(String path) {
        begin(path);
        send(frame(0, new byte[] {-1, -1, -1, -1}));
        end();
        assertThat(answer().status()).isEqualTo("3");
        theNextCallWorks();
    }

    @Test
    void anUnknownFlagIsRefused() {
        begin(INFER);
        send(frame(7, good()));
        assertThat(answer().status()).isEqualTo("3");
        theNextCallWorks();
    }

    @Test
    void anUnknownCompressionSaysWhatIsKnown() {
        begin(INFER, "grpc-encoding", "snappy");
        var head = (HttpResponse) channel.readOutbound();
        assertThat(head.headers().get("grpc-accept-encoding")).isEqualTo("identity,gzip");
        LastHttpContent last = channel.readOutbound();
        assertThat(last.trailingHeaders().get("grpc-status")).isEqualTo("12");
        theNextCallWorks();
    }

    @Test
    void aCompressedMessageNeedsItsHeader() {
        begin(INFER);
        send(frame(1, good()));
        assertThat(answer().status()).isEqualTo("3");
        theNextCallWorks();
    }

    @ParameterizedTest
    @CsvSource({"2, 0", "100000, 1"})
    void compressedMessagesAreTakenAndLargeOnesGiven(int rows, byte flag) throws IOException {
        begin(INFER, "grpc-encoding", "gzip", "grpc-accept-encoding", "identity,deflate,gzip");
        send(frame(1, gzip(rows(new double[2 * rows]).build().toByteArray())));
        end();
        var answer = answer();
        assertThat(answer.status()).isEqualTo("0");
        assertThat(answer.body()[0]).isEqualTo(flag);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void aBombIsStopped() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            var zeros = new byte[1 << 20];
            for (int i = 0; i < BOMB_MEGABYTES; i++) {
                gzip.write(zeros);
            }
        }
        begin(INFER, "grpc-encoding", "gzip");
        send(frame(1, out.toByteArray()));
        assertThat(answer().status()).isEqualTo("8");
        theNextCallWorks();
    }

    @Test
    void whatIsNoGzipIsRefused() {
        begin(INFER, "grpc-encoding", "gzip");
        send(frame(1, new byte[10_000]));
        var answer = answer();
        assertThat(answer.status()).isEqualTo("3");
        assertThat(answer.message()).startsWith("a message is no gzip");
        theNextCallWorks();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "S", "123456789S", "1x", "-1S", "", "1.5S", "99999999999999999H"})
    void aBadTimeoutIsRefused(String timeout) {
        begin(INFER, "grpc-timeout", timeout);
        var answer = answer();
        assertThat(answer.status()).isEqualTo("3");
        assertThat(answer.message()).startsWith("grpc-timeout");
        theNextCallWorks();
    }

    @Test
    void aLongTimeoutIsNone() {
        begin(INFER, "grpc-timeout", "99999999H");
        send(frame(0, good()));
        end();
        assertThat(answer().status()).isEqualTo("0");
    }

    @Test
    void aDeadlineThatHasPassedIsToldAndNothingRuns() {
        begin(INFER, "grpc-timeout", "0n");
        channel.runScheduledPendingTasks();
        send(frame(0, good()));
        end();
        assertThat(answer().status()).isEqualTo("4");
        theNextCallWorks();
    }

    @Test
    void theServerDoesNotWaitForARequestBeyondItsDeadline() {
        channel.freezeTime();
        begin(INFER, "grpc-timeout", "500m");
        send(frame(0, 100, new byte[40]));
        channel.advanceTimeBy(499, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.<Object>readOutbound()).isNull();
        channel.advanceTimeBy(2, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(answer().status()).isEqualTo("4");
    }

    @Test
    void memoryForBodiesEnds() {
        assertThat(predictions.reserve(MEMORY)).isTrue();
        begin(INFER);
        send(frame(0, good()));
        assertThat(answer().status()).isEqualTo("14");
        predictions.release(MEMORY);
        theNextCallWorks();
    }

    @Test
    void aCallThatTheDoorHasCutIsForgotten() {
        begin(INFER);
        send(frame(0, 100, new byte[40]));
        channel.pipeline().fireUserEventTriggered(new RequestCut(Refusal.SLOW_BODY));
        assertThat(channel.<Object>readOutbound()).isNull();
        theNextCallWorks();
    }

    @Test
    void metadataOfAnyKindIsIgnored() {
        begin(INFER, "trace-bin", "AAEC////", "x-other", "1", "grpc-trace-bin", "not base64 !");
        send(frame(0, good()));
        end();
        assertThat(answer().status()).isEqualTo("0");
    }

    @Test
    void otherMessageFormatsAreRefusedInHttp() {
        var request =
                new DefaultHttpRequest(HttpVersion.valueOf("HTTP/2.0"), HttpMethod.POST, INFER);
        request.headers().set("content-type", "application/grpc-web");
        channel.writeInbound(request, LastHttpContent.EMPTY_LAST_CONTENT);
        FullHttpResponse answer = channel.readOutbound();
        assertThat(answer.status().code()).isEqualTo(415);
        answer.release();
    }
}
