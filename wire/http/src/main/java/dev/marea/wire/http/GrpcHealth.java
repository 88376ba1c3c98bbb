package dev.marea.wire.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Asks {@code grpc.health.v1.Health/Check} as a kubelet's gRPC probe does. A few frames over a
 * socket: a client with loops and pools would cost the first probe, and with it every wake-up.
 */
public final class GrpcHealth {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final String PATH = "/grpc.health.v1.Health/Check";
    private static final List<String> STATES =
            List.of("UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN");
    private static final int FRAME_BYTES_MAX = 16 << 10;
    private static final int FRAMES_MAX = 100;
    private static final int SERVICE_BYTES_MAX = 8 << 10;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int PRIORITY = 0x20;

    private final Socket socket;
    private final DataInputStream in;
    private final long deadline;
    private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(true);
    private final Http2Headers told = new DefaultHttp2Headers(false);
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    private GrpcHealth(Socket socket, long deadline) throws IOException {
        this.socket = socket;
        this.deadline = deadline;
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** Empty if the service says that it serves, else what a person should read. */
    public static Optional<String> check(
            InetSocketAddress address, String service, Duration timeout) throws IOException {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        if (name.length > SERVICE_BYTES_MAX) {
            return Optional.of("the service's name is longer than " + SERVICE_BYTES_MAX + " bytes");
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        try (var socket = new Socket()) {
            socket.connect(address, (int) timeout.toMillis());
            socket.setTcpNoDelay(true);
            var call = new GrpcHealth(socket, deadline);
            call.ask("127.0.0.1:" + address.getPort(), name);
            call.listen();
            return call.verdict();
        } catch (SocketTimeoutException _) {
            return Optional.of("health rpc did not complete within " + timeout.toMillis() + " ms");
        } catch (EOFException _) {
            return Optional.of("health rpc failed: the connection was closed");
        }
    }

    private void ask(String authority, byte[] service) throws IOException {
        var out = new ByteArrayOutputStream();
        out.writeBytes(PREFACE.getBytes(StandardCharsets.US_ASCII));
        frame(out, SETTINGS, 0, 0, new byte[0]);
        frame(out, HEADERS, END_HEADERS, 1, block(authority));
        frame(out, DATA, END_STREAM, 1, request(service));
        socket.getOutputStream().write(out.toByteArray());
    }

    private static void frame(
            ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
        int length = payload.length;
        out.writeBytes(
                new byte[] {
                    (byte) (length >> 16),
                    (byte) (length >> 8),
                    (byte) length,
                    (byte) type,
                    (byte) flags,
                    0,
                    0,
                    0,
                    (byte) stream
                });
        out.writeBytes(payload);
    }

    /** HPACK with names of its static table and plain literals, which need no state. */
    private static byte[] block(String authority) {
        var block = new ByteArrayOutputStream();
        block.write(0x83); // :method POST
        block.write(0x86); // :scheme http
        block.write(0x04);
        text(block, PATH);
        block.write(0x01);
        text(block, authority);
        block.write(0x0f);
        block.write(0x10); // content-type
        text(block, "application/grpc");
        block.write(0x00);
        text(block, "te");
        text(block, "trailers");
        return block.toByteArray();
    }

    private static void text(ByteArrayOutputStream block, String text) {
        block.write(text.length()); // below 127: one byte says it
        block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** gRPC's five bytes, and the message: field 1, if it is not empty. */
    private static byte[] request(byte[] service) {
        var field = new ByteArrayOutputStream();
        if (service.length > 0) {
            field.write(0x0a);
            int rest = service.length;
            for (; rest > 0x7f; rest >>>= 7) {
                field.write((rest & 0x7f) | 0x80);
            }
            field.write(rest);
            field.writeBytes(service);
        }
        return ByteBuffer.allocate(5 + field.size())
                .put((byte) 0)
                .putInt(field.size())
                .put(field.toByteArray())
                .array();
    }

    private void listen() throws IOException {
        for (int frames = 0; frames < FRAMES_MAX; frames++) {
            if (next()) {
                return;
            }
        }
        throw new ProtocolException("health rpc failed: too many frames");
    }

    /** Reads one frame; true if it was the answer's last. */
    private boolean next() throws IOException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException();
        }
        socket.setSoTimeout((int) left);
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        if (length > FRAME_BYTES_MAX) {
            throw new ProtocolException("health rpc failed: the port does not speak HTTP/2");
        }
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = new byte[length];
        in.readFully(payload);
        return switch (type) {
            case SETTINGS, PING -> acknowledge(type, flags, payload);
            case GOAWAY, RST_STREAM ->
                    throw new ProtocolException("health rpc failed: the call was reset");
            case HEADERS, DATA -> stream == 1 && take(type, flags, payload);
            default -> false;
        };
    }

    private boolean acknowledge(int type, int flags, byte[] payload) throws IOException {
        if ((flags & ACK) == 0) {
            var out = new ByteArrayOutputStream();
            frame(out, type, ACK, 0, type == PING ? payload : new byte[0]);
            socket.getOutputStream().write(out.toByteArray());
        }
        return false;
    }

    private boolean take(int type, int flags, byte[] payload) throws IOException {
        int padding = (flags & PADDED) == 0 || payload.length == 0 ? 0 : payload[0] & 0xff;
        int from = (flags & PADDED) == 0 ? 0 : 1;
        if (type == HEADERS && (flags & PRIORITY) != 0) {
            from += 5;
        }
        int length = payload.length - from - padding;
        if (length < 0 || (type == HEADERS && (flags & END_HEADERS) == 0)) {
            throw new ProtocolException("health rpc failed: a frame is malformed");
        }
        if (type == DATA) {
            message.write(payload, from, length);
        } else {
            decode(payload, from, length);
        }
        return (flags & END_STREAM) != 0;
    }

    private void decode(byte[] payload, int from, int length) throws ProtocolException {
        try {
            told.setAll(hpack.decodeHeaders(1, Unpooled.wrappedBuffer(payload, from, length)));
        } catch (Http2Exception bad) {
            throw new ProtocolException("health rpc failed: " + bad.getMessage());
        }
    }

    private Optional<String> verdict() {
        int status = told.getInt(Grpc.STATUS, -1);
        if (status == Grpc.OK) {
            int state = state(message.toByteArray());
            return state == 1
                    ? Optional.empty()
                    : Optional.of(
                            "service unhealthy (responded with \"%s\")"
                                    .formatted(state < STATES.size() ? STATES.get(state) : state));
        }
        if (status == Grpc.UNIMPLEMENTED) {
            return Optional.of(
                    "this server does not implement the gRPC health protocol"
                            + " (grpc.health.v1.Health)");
        }
        var words = told.get(Grpc.MESSAGE);
        return Optional.of(
                status < 0
                        ? "health rpc failed: the answer is no gRPC (HTTP status %s)"
                                .formatted(told.status())
                        : "health rpc failed with status %d: %s"
                                .formatted(status, words == null ? "" : words));
    }

    /** Field 1 of the message, which is small enough for one byte. */
    private static int state(byte[] answer) {
        return answer.length >= 7 && answer[5] == 0x08 ? answer[6] & 0xff : 0;
    }
}
