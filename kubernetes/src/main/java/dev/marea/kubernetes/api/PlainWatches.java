package dev.marea.kubernetes.api;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes the letters of watched events in JSON's own ASCII way ({@code \}{@code u00fc}). The client
 * library, 7.5.2, decodes a watch piece by piece into arrays that it takes to be full: one letter
 * of two bytes leaves a NUL before the next event, which then nobody can read and which ends the
 * watch for good; one that two pieces share is lost.
 */
final class PlainWatches implements Interceptor {
    private static final byte[] NOTHING = {};

    @Override
    public AsyncBody.Consumer<List<ByteBuffer>> consumer(
            AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
        return watches(request) ? new Plain(consumer) : consumer;
    }

    private static boolean watches(HttpRequest request) {
        var query = request.uri().getQuery();
        return query != null && query.contains("watch=true");
    }

    /** Of one stream, whose pieces come one after the other. */
    static final class Plain implements AsyncBody.Consumer<List<ByteBuffer>> {
        private final AsyncBody.Consumer<List<ByteBuffer>> next;
        private byte[] begun = NOTHING;

        Plain(AsyncBody.Consumer<List<ByteBuffer>> next) {
            this.next = next;
        }

        @Override
        public void consume(List<ByteBuffer> pieces, AsyncBody body) throws Exception {
            var plain = new ArrayList<ByteBuffer>(pieces.size());
            for (var piece : pieces) {
                plain.add(plain(piece));
            }
            next.consume(plain, body);
        }

        private ByteBuffer plain(ByteBuffer piece) {
            var bytes = new byte[begun.length + piece.remaining()];
            System.arraycopy(begun, 0, bytes, 0, begun.length);
            piece.get(bytes, begun.length, piece.remaining());
            int whole = bytes.length - unfinished(bytes);
            begun = Arrays.copyOfRange(bytes, whole, bytes.length);
            return isPlain(bytes)
                    ? ByteBuffer.wrap(bytes)
                    : escaped(new String(bytes, 0, whole, StandardCharsets.UTF_8));
        }
    }

    private static boolean isPlain(byte[] bytes) {
        for (byte each : bytes) {
            if (each < 0) {
                return false;
            }
        }
        return true;
    }

    /** Letters stand in strings only, so that an escape may stand for each. */
    private static ByteBuffer escaped(String text) {
        var plain = new StringBuilder(text.length() * 2);
        for (int at = 0; at < text.length(); at++) {
            char letter = text.charAt(at);
            if (letter < 0x80) {
                plain.append(letter);
            } else {
                plain.append("\\u%04x".formatted((int) letter));
            }
        }
        return StandardCharsets.US_ASCII.encode(plain.toString());
    }

    /** How many of the last bytes begin a letter of UTF-8 that needs more than there are. */
    private static int unfinished(byte[] bytes) {
        for (int back = 1; back <= Math.min(3, bytes.length); back++) {
            int unit = bytes[bytes.length - back] & 0xff;
            if (unit < 0x80) {
                return 0;
            }
            if (unit >= 0xc0) {
                int length = unit >= 0xf0 ? 4 : unit >= 0xe0 ? 3 : 2;
                return length > back ? back : 0;
            }
        }
        return 0;
    }
}
