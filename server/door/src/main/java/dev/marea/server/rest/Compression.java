package dev.marea.server.rest;

import dev.marea.server.models.Refused;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/** How a body is packed. */
enum Compression {
    NONE,
    GZIP,
    DEFLATE;

    static final String TAKEN = "gzip, deflate, identity";

    private static final int UNPACKED_BYTES_MAX = 64 << 20;

    /** Smaller answers are not worth the work. */
    private static final int PACKED_FROM_BYTES = 1 << 10;

    private static final int BLOCK_BYTES = 8 << 10;

    /** Who grants memory for what comes out. */
    interface Memory {
        boolean reserve(int bytes);
    }

    /** Of a request's body, by its header {@code Content-Encoding}. */
    static Compression ofBody(@Nullable String coding) throws Refused {
        if (coding == null) {
            return NONE;
        }
        return switch (coding.strip().toLowerCase(Locale.ROOT)) {
            case "identity", "" -> NONE;
            case "gzip", "x-gzip" -> GZIP;
            case "deflate" -> DEFLATE;
            default ->
                    throw new Refused(
                            Refused.Why.WRONG_MEDIA,
                            "Content-Encoding " + coding + " is not taken; " + TAKEN + " are.");
        };
    }

    /** For an answer, by the header {@code Accept-Encoding}. */
    static Compression accepted(@Nullable String codings) {
        if (codings == null) {
            return NONE;
        }
        boolean deflates = false;
        for (var coding : codings.split(",", 16)) {
            int semicolon = coding.indexOf(';');
            var name = (semicolon < 0 ? coding : coding.substring(0, semicolon)).strip();
            if (semicolon >= 0 && isZero(coding.substring(semicolon + 1).strip())) {
                continue;
            }
            if (name.equalsIgnoreCase("gzip")) {
                return GZIP;
            }
            deflates |= name.equalsIgnoreCase("deflate");
        }
        return deflates ? DEFLATE : NONE;
    }

    private static boolean isZero(String quality) {
        return quality.equals("q=0") || quality.matches("q=0\\.0{0,3}");
    }

    /** The body as it was before it was packed; what comes out is limited, not what came in. */
    Bytes unpacked(Bytes body, Memory memory) throws Refused {
        if (this == NONE) {
            return body;
        }
        try (var in =
                unpacking(new ByteArrayInputStream(body.array(), body.from(), body.length()))) {
            return Bytes.of(all(in, memory));
        } catch (IOException damaged) {
            throw Refused.badInput(
                    "the body is no "
                            + name().toLowerCase(Locale.ROOT)
                            + ": "
                            + damaged.getMessage());
        }
    }

    private InputStream unpacking(InputStream in) throws IOException {
        return this == GZIP ? new GZIPInputStream(in, BLOCK_BYTES) : new InflaterInputStream(in);
    }

    private static byte[] all(InputStream in, Memory memory) throws IOException, Refused {
        var bytes = new byte[0];
        int size = 0;
        while (true) {
            if (size == bytes.length) {
                bytes = grown(bytes, memory);
            }
            int count = in.read(bytes, size, bytes.length - size);
            if (count < 0) {
                return Arrays.copyOf(bytes, size);
            }
            size += count;
            if (size > UNPACKED_BYTES_MAX) {
                throw new Refused(
                        Refused.Why.TOO_LARGE,
                        "the body is larger than %d bytes when it is unpacked"
                                .formatted(UNPACKED_BYTES_MAX));
            }
        }
    }

    private static byte[] grown(byte[] bytes, Memory memory) throws Refused {
        int more =
                Math.min(
                        Math.max(BLOCK_BYTES, bytes.length), UNPACKED_BYTES_MAX + 1 - bytes.length);
        if (!memory.reserve(more)) {
            throw Refused.busy("request bodies fill the memory that is kept for them");
        }
        return Arrays.copyOf(bytes, bytes.length + more);
    }

    /** The answer packed so, where that is worth it. */
    Reply packed(Reply reply) {
        if (this == NONE || reply.body().readableBytes() < PACKED_FROM_BYTES) {
            return reply;
        }
        return reply.with(reply.contentType(), packed(reply.body()))
                .with(HttpHeaderNames.CONTENT_ENCODING, name().toLowerCase(Locale.ROOT))
                .with(HttpHeaderNames.VARY, "accept-encoding");
    }

    private ByteBuf packed(ByteBuf body) {
        var bytes = new ByteArrayOutputStream(body.readableBytes() / 4 + BLOCK_BYTES);
        try (var in = new ByteBufInputStream(body);
                var out = packing(bytes)) {
            in.transferTo(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Unpooled.wrappedBuffer(bytes.toByteArray());
    }

    /** The fastest way: these answers cross a network that is faster than the thorough one. */
    private OutputStream packing(OutputStream out) throws IOException {
        return this == GZIP
                ? new Quick(out)
                : new DeflaterOutputStream(out, new Deflater(Deflater.BEST_SPEED));
    }

    private static final class Quick extends GZIPOutputStream {
        Quick(OutputStream out) throws IOException {
            super(out, BLOCK_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
