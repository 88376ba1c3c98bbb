package dev.marea.server.llama.talk;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/**
 * Messages over a socket: a length, then as many bytes. Reading is for one thread, writing for any;
 * what was written leaves with a flush.
 */
public final class Frames implements Closeable {
    /** A prompt of as many characters as a door takes in one body. */
    private static final int FRAME_BYTES_MAX = 80 << 20;

    private final SocketChannel socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final Object writing = new Object();
    private final Buffer buffer = new Buffer();

    public Frames(SocketChannel socket) {
        this.socket = socket;
        in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(socket), 1 << 16));
        out = Channels.newOutputStream(socket);
    }

    /** Writes one message's fields. */
    @FunctionalInterface
    interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    /** Reads one message's fields. */
    @FunctionalInterface
    interface Reading<T> {
        T from(DataInputStream in) throws IOException;
    }

    private static final class Buffer extends ByteArrayOutputStream {
        byte[] array() {
            return buf;
        }

        void setLength(int at) {
            int length = size() - at - 4;
            buf[at] = (byte) (length >>> 24);
            buf[at + 1] = (byte) (length >>> 16);
            buf[at + 2] = (byte) (length >>> 8);
            buf[at + 3] = (byte) length;
        }

        void cut(int to) {
            count = to;
        }
    }

    /** Adds a message to those that leave with the next flush. */
    void write(Writing message) throws IOException {
        synchronized (writing) {
            int at = buffer.size();
            var data = new DataOutputStream(buffer);
            data.writeInt(0);
            message.to(data);
            if (buffer.size() - at - 4 > FRAME_BYTES_MAX) {
                buffer.cut(at);
                throw new FrameTooLong();
            }
            buffer.setLength(at);
        }
    }

    /** More than a frame may hold was to be sent. */
    public static final class FrameTooLong extends IOException {
        private static final long serialVersionUID = 1;

        FrameTooLong() {
            super("a message of more than " + (FRAME_BYTES_MAX >> 20) + " MiB");
        }
    }

    public void flush() throws IOException {
        synchronized (writing) {
            out.write(buffer.array(), 0, buffer.size());
            buffer.reset();
        }
    }

    /** Reads the next message. */
    <T> T read(Reading<T> message) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > FRAME_BYTES_MAX) {
            throw new IOException("a frame of " + Integer.toUnsignedString(length) + " bytes");
        }
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the socket ended within a frame");
        }
        InputStream frame = new ByteArrayInputStream(bytes);
        return message.from(new DataInputStream(frame));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
