package dev.marea.gateway;

import io.grpc.Attributes;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A replica made of gRPC's own server; its messages are bytes. */
final class GrpcReplica implements AutoCloseable {
    static final Metadata.Key<String> WORD =
            Metadata.Key.of("word", Metadata.ASCII_STRING_MARSHALLER);
    static final Metadata.Key<byte[]> BYTES =
            Metadata.Key.of("some-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    final List<Metadata> seen = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger busy = new AtomicInteger();
    final AtomicInteger busiest = new AtomicInteger();
    final CountDownLatch cancelled = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);
    private final Server server;

    GrpcReplica() {
        this(0);
    }

    GrpcReplica(int port) {
        try {
            server =
                    NettyServerBuilder.forAddress(
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                            .maxInboundMessageSize(64 << 20)
                            .addTransportFilter(
                                    new ServerTransportFilter() {
                                        @Override
                                        public Attributes transportReady(Attributes attributes) {
                                            connections.incrementAndGet();
                                            return attributes;
                                        }
                                    })
                            .fallbackHandlerRegistry(
                                    new HandlerRegistry() {
                                        @Override
                                        public @Nullable ServerMethodDefinition<?, ?> lookupMethod(
                                                String name, @Nullable String authority) {
                                            return define(name);
                                        }
                                    })
                            .build()
                            .start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
        return MethodDescriptor.<byte[], byte[]>newBuilder(new Bytes(), new Bytes())
                .setFullMethodName("test.Service/" + name)
                .setType(type)
                .build();
    }

    int port() {
        return server.getPort();
    }

    private @Nullable ServerMethodDefinition<?, ?> define(String fullName) {
        var name = fullName.substring(fullName.indexOf('/') + 1);
        return switch (name) {
            case "Echo" ->
                    unary(
                            name,
                            (request, answer) -> {
                                answer.onNext(request);
                                answer.onCompleted();
                            });
            case "Fail" ->
                    unary(
                            name,
                            (_, answer) -> {
                                var trailers = new Metadata();
                                trailers.put(WORD, "why");
                                answer.onError(
                                        Status.FAILED_PRECONDITION
                                                .withDescription("nö: 100 %")
                                                .asRuntimeException(trailers));
                            });
            case "Hang" -> unary(name, this::hang);
            case "Hold" ->
                    unary(
                            name,
                            (request, answer) ->
                                    Thread.ofVirtual()
                                            .start(() -> {
                                                try {
                                                    release.await();
                                                } catch (InterruptedException _) {
                                                    Thread.currentThread().interrupt();
                                                }
                                                answer.onNext(request);
                                                answer.onCompleted();
                                            }));
            case "Count" ->
                    handler(
                            name,
                            MethodType.SERVER_STREAMING,
                            ServerCalls.asyncServerStreamingCall(this::count));
            case "Drip" ->
                    handler(
                            name,
                            MethodType.SERVER_STREAMING,
                            ServerCalls.asyncServerStreamingCall(this::drip));
            case "Sum" ->
                    handler(
                            name,
                            MethodType.CLIENT_STREAMING,
                            ServerCalls.asyncClientStreamingCall(GrpcReplica::sum));
            case "Talk" ->
                    handler(
                            name,
                            MethodType.BIDI_STREAMING,
                            ServerCalls.asyncBidiStreamingCall(GrpcReplica::talk));
            default -> null;
        };
    }

    private ServerMethodDefinition<byte[], byte[]> unary(
            String name, ServerCalls.UnaryMethod<byte[], byte[]> method) {
        return handler(name, MethodType.UNARY, ServerCalls.asyncUnaryCall(method));
    }

    private ServerMethodDefinition<byte[], byte[]> handler(
            String name, MethodType type, ServerCallHandler<byte[], byte[]> handler) {
        return ServerMethodDefinition.create(
                method(name, type),
                new ServerCallHandler<>() {
                    @Override
                    public ServerCall.Listener<byte[]> startCall(
                            ServerCall<byte[], byte[]> call, Metadata headers) {
                        seen.add(headers);
                        busiest.accumulateAndGet(busy.incrementAndGet(), Math::max);
                        return handler.startCall(counted(call), headers);
                    }
                });
    }

    private ServerCall<byte[], byte[]> counted(ServerCall<byte[], byte[]> call) {
        return new io.grpc.ForwardingServerCall.SimpleForwardingServerCall<>(call) {
            @Override
            public void close(Status status, Metadata trailers) {
                busy.decrementAndGet();
                super.close(status, trailers);
            }
        };
    }

    private void hang(byte[] request, StreamObserver<byte[]> answer) {
        ((ServerCallStreamObserver<byte[]>) answer).setOnCancelHandler(cancelled::countDown);
    }

    private void count(byte[] request, StreamObserver<byte[]> answer) {
        for (byte i = 0; i < request[0]; i++) {
            answer.onNext(new byte[] {i});
        }
        answer.onCompleted();
    }

    private void drip(byte[] request, StreamObserver<byte[]> answer) {
        ((ServerCallStreamObserver<byte[]>) answer).setOnCancelHandler(cancelled::countDown);
        answer.onNext(request);
    }

    private static StreamObserver<byte[]> sum(StreamObserver<byte[]> answer) {
        return new StreamObserver<>() {
            private byte sum;

            @Override
            public void onNext(byte[] value) {
                sum += value[0];
            }

            @Override
            public void onError(Throwable gone) {}

            @Override
            public void onCompleted() {
                answer.onNext(new byte[] {sum});
                answer.onCompleted();
            }
        };
    }

    private static StreamObserver<byte[]> talk(StreamObserver<byte[]> answer) {
        return new StreamObserver<>() {
            @Override
            public void onNext(byte[] value) {
                answer.onNext(value);
            }

            @Override
            public void onError(Throwable gone) {}

            @Override
            public void onCompleted() {
                answer.onCompleted();
            }
        };
    }

    void kill() {
        server.shutdownNow();
    }

    @Override
    public void close() {
        release.countDown();
        server.shutdownNow();
    }
}
