package dev.marea.server.door;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.marea.wire.proto.inference.InferTensorContents;
import dev.marea.wire.proto.inference.ModelInferRequest;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;

/** grpc-java, a client that nobody here wrote, without its generated stubs. */
@NullMarked
final class GrpcClient implements AutoCloseable {
    static final String INFERENCE = "inference.GRPCInferenceService/";
    private static final int MESSAGE_BYTES_MAX = 100 << 20;

    final ManagedChannel channel;

    GrpcClient(int port) {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port)
                        .usePlaintext()
                        .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                        .build();
    }

    /** One question, one answer. */
    <A extends MessageLite> A ask(String method, MessageLite question, Parser<A> answers) {
        return ask(method, question, answers, CallOptions.DEFAULT);
    }

    <A extends MessageLite> A ask(
            String method, MessageLite question, Parser<A> answers, CallOptions options) {
        return ClientCalls.blockingUnaryCall(
                channel,
                descriptor(method, MethodType.UNARY, answers),
                options.withDeadlineAfter(20, TimeUnit.SECONDS),
                question);
    }

    <A extends MessageLite> Talk<A> open(String method, Parser<A> answers, Metadata headers) {
        return new Talk<>(
                channel.newCall(
                        descriptor(method, MethodType.BIDI_STREAMING, answers),
                        CallOptions.DEFAULT),
                headers);
    }

    <A extends MessageLite> ClientCall<MessageLite, A> call(
            String method, Parser<A> answers, CallOptions options) {
        return channel.newCall(descriptor(method, MethodType.UNARY, answers), options);
    }

    /** A call of any number of messages each way. */
    static final class Talk<A extends MessageLite> extends ClientCall.Listener<A> {
        final BlockingQueue<A> answers = new LinkedBlockingQueue<>();
        final BlockingQueue<Status> end = new LinkedBlockingQueue<>();
        final ClientCall<MessageLite, A> call;

        Talk(ClientCall<MessageLite, A> call, Metadata headers) {
            this.call = call;
            call.start(this, headers);
            call.request(1_000_000);
        }

        A next() throws InterruptedException {
            var answer = answers.poll(20, TimeUnit.SECONDS);
            if (answer == null) {
                throw new AssertionError("no answer in time; ended: " + end);
            }
            return answer;
        }

        Status ended() throws InterruptedException {
            var status = end.poll(20, TimeUnit.SECONDS);
            if (status == null) {
                throw new AssertionError("the call does not end");
            }
            return status;
        }

        @Override
        public void onMessage(A answer) {
            answers.add(answer);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end.add(status);
        }
    }

    /** A request of one FP64 input with two columns. */
    static ModelInferRequest.Builder rows(double... values) {
        var contents = InferTensorContents.newBuilder();
        for (double value : values) {
            contents.addFp64Contents(value);
        }
        var request = ModelInferRequest.newBuilder().setModelName("m");
        request.addInputsBuilder()
                .setName("input-0")
                .setDatatype("FP64")
                .addShape(values.length / 2)
                .addShape(2)
                .setContents(contents);
        return request;
    }

    static <A extends MessageLite> MethodDescriptor<MessageLite, A> descriptor(
            String method, MethodType type, Parser<A> answers) {
        return MethodDescriptor.<MessageLite, A>newBuilder()
                .setType(type)
                .setFullMethodName(method)
                .setRequestMarshaller(
                        new Bytes<>(_ -> {
                            throw new AssertionError("the client reads no requests");
                        }))
                .setResponseMarshaller(
                        new Bytes<>(in -> {
                            try {
                                return answers.parseFrom(in);
                            } catch (InvalidProtocolBufferException bad) {
                                throw new AssertionError(bad);
                            }
                        }))
                .build();
    }

    private record Bytes<M extends MessageLite>(java.util.function.Function<byte[], M> reader)
            implements MethodDescriptor.Marshaller<M> {
        @Override
        public InputStream stream(M message) {
            return new ByteArrayInputStream(message.toByteArray());
        }

        @Override
        public M parse(InputStream in) {
            try {
                return reader.apply(in.readAllBytes());
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
