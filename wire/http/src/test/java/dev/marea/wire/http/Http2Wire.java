package dev.marea.wire.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** A client of raw HTTP/2 frames with prior knowledge, as polite or as rude as its test wants. */
final class Http2Wire implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    static final int ENHANCE_YOUR_CALM = 11;
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    record Frame(int type, int flags, int stream, byte[] payload) {
        int number(int at) {
            return ByteBuffer.wrap(payload).getInt(at);
        }

        boolean last() {
            return (flags & END_STREAM) != 0;
        }
    }

    /** An answer; {@code ended} with END_STREAM, else {@code error} tells how it was cut. */
    record Answer(
            Map<String, String> head,
            String body,
            Map<String, String> trailers,
            boolean ended,
            int error) {
        String status() {
            return head.getOrDefault(":status", "none");
        }
    }

    final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    private final ByteArrayOutputStream batch = new ByteArrayOutputStream();

    /** Connects and says the preface with these settings (pairs of id and value). */
    Http2Wire(int port, int... settings) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port), settings);
    }

    Http2Wire(Socket socket, int... settings) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(5_000);
        in = new DataInputStream(socket.getInputStream());
        batch.writeBytes(PREFACE.getBytes(StandardCharsets.US_ASCII));
        var pairs = ByteBuffer.allocate(settings.length * 3);
        for (int i = 0; i < settings.length; i += 2) {
            pairs.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        frame(SETTINGS, 0, 0, pairs.array()).flush();
    }

    Http2Wire frame(int type, int flags, int stream, byte[] payload) {
        batch.write(payload.length >> 16);
        batch.write(payload.length >> 8);
        batch.write(payload.length);
        batch.write(type);
        batch.write(flags);
        batch.writeBytes(ByteBuffer.allocate(4).putInt(stream).array());
        batch.writeBytes(payload);
        return this;
    }

    /** Sends what was framed; a door that has closed already is not this method's business. */
    Http2Wire flush() throws IOException {
        try {
            socket.getOutputStream().write(batch.toByteArray());
        } catch (SocketException _) {
            // what the door said before is read next
        }
        batch.reset();
        return this;
    }

    Http2Wire request(int stream, boolean last, String... headers) throws Http2Exception {
        return frame(HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream, block(headers));
    }

    Http2Wire get(int stream, String path) throws Http2Exception {
        return request(
                stream,
                true,
                ":method",
                "GET",
                ":scheme",
                "http",
                ":path",
                path,
                ":authority",
                "a");
    }

    Http2Wire post(int stream, String path, String... more) throws Http2Exception {
        var headers = new String[8 + more.length];
        System.arraycopy(
                new String[] {
                    ":method", "POST", ":scheme", "http", ":path", path, ":authority", "a"
                },
                0,
                headers,
                0,
                8);
        System.arraycopy(more, 0, headers, 8, more.length);
        return request(stream, false, headers);
    }

    Http2Wire data(int stream, String text, boolean last) {
        return frame(
                DATA, last ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Http2Wire number(int type, int stream, int number) {
        return frame(type, 0, stream, ByteBuffer.allocate(4).putInt(number).array());
    }

    byte[] block(String... headers) throws Http2Exception {
        var block = Unpooled.buffer();
        var list = new DefaultHttp2Headers(false);
        for (int i = 0; i < headers.length; i += 2) {
            list.add(headers[i], headers[i + 1]);
        }
        encoder.encodeHeaders(1, list, block);
        return ByteBufUtil.getBytes(block);
    }

    Frame read() throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        return new Frame(type, flags, stream, in.readNBytes(length));
    }

    Frame readUntil(int type) throws IOException {
        for (var frame = read(); ; frame = read()) {
            if (frame.type() == type) {
                return frame;
            }
        }
    }

    /** The error code of the GOAWAY with which the door ends the connection. */
    int goodbye() throws IOException {
        int error = -1;
        try {
            while (true) {
                var frame = read();
                if (frame.type() == GOAWAY) {
                    error = frame.number(4);
                }
            }
        } catch (EOFException | SocketException _) {
            return error;
        }
    }

    Answer answer(int stream) throws IOException, Http2Exception {
        var head = new TreeMap<String, String>();
        var trailers = new TreeMap<String, String>();
        var body = new StringBuilder();
        while (true) {
            var frame = read();
            if (frame.type() == GOAWAY && frame.number(4) != 0) {
                return new Answer(head, body.toString(), trailers, false, frame.number(4));
            }
            if (frame.type() == HEADERS) {
                var into = frame.stream() != stream ? new TreeMap<String, String>() : head;
                decode(
                        frame,
                        head.isEmpty() || "100".equals(head.get(":status")) ? into : trailers);
            }
            if (frame.stream() != stream) {
                continue;
            }
            if (frame.type() == DATA) {
                body.append(new String(frame.payload(), StandardCharsets.ISO_8859_1));
            }
            if (frame.type() == RST) {
                return new Answer(head, body.toString(), trailers, false, frame.number(0));
            }
            if (frame.type() <= HEADERS && frame.last()) {
                return new Answer(head, body.toString(), trailers, true, 0);
            }
        }
    }

    private void decode(Frame frame, Map<String, String> into) throws Http2Exception {
        var headers = decoder.decodeHeaders(1, Unpooled.wrappedBuffer(frame.payload()));
        headers.forEach(h -> into.put(h.getKey().toString(), h.getValue().toString()));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
