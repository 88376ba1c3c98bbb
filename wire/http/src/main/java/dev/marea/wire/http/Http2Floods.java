package dev.marea.wire.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DecoratingHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.time.Duration;

/**
 * Counts frames that make us work and ask for nothing (SETTINGS, PING, PRIORITY, unknown ones). The
 * codec itself bounds resets, empty DATA and CONTINUATION. Pings are honest while requests and
 * answers move, since gRPC's clients measure the line with them.
 */
final class Http2Floods {
    private static final int IDLE_FRAMES_MAX = 1_000;
    private static final long WINDOW_NANOS = Duration.ofSeconds(10).toNanos();

    private int idleFrames;
    private long windowStart = System.nanoTime();

    /** Part of a request or an answer went by. */
    void useful() {
        idleFrames = 0;
    }

    Http2ConnectionDecoder watch(Http2ConnectionDecoder decoder) {
        return new DecoratingHttp2ConnectionDecoder(decoder) {
            @Override
            public void frameListener(Http2FrameListener listener) {
                super.frameListener(new Listener(listener));
            }
        };
    }

    private void idle() throws Http2Exception {
        long now = System.nanoTime();
        if (now - windowStart > WINDOW_NANOS) {
            windowStart = now;
            idleFrames = 0;
        }
        if (++idleFrames > IDLE_FRAMES_MAX) {
            throw Http2Exception.connectionError(
                    Http2Error.ENHANCE_YOUR_CALM,
                    "more than %d frames that ask for nothing in %d s",
                    IDLE_FRAMES_MAX,
                    Duration.ofNanos(WINDOW_NANOS).toSeconds());
        }
    }

    private final class Listener extends Http2FrameListenerDecorator {
        Listener(Http2FrameListener listener) {
            super(listener);
        }

        @Override
        public int onDataRead(
                ChannelHandlerContext ctx, int stream, ByteBuf data, int padding, boolean last)
                throws Http2Exception {
            useful();
            return super.onDataRead(ctx, stream, data, padding, last);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int stream,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean last)
                throws Http2Exception {
            useful();
            super.onHeadersRead(ctx, stream, headers, dependency, weight, exclusive, padding, last);
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
                throws Http2Exception {
            idle();
            super.onSettingsRead(ctx, settings);
        }

        @Override
        public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
            idle();
            super.onPingRead(ctx, data);
        }

        @Override
        public void onPriorityRead(
                ChannelHandlerContext ctx, int stream, int on, short weight, boolean exclusive)
                throws Http2Exception {
            idle();
            super.onPriorityRead(ctx, stream, on, weight, exclusive);
        }

        @Override
        public void onUnknownFrame(
                ChannelHandlerContext ctx, byte type, int stream, Http2Flags flags, ByteBuf payload)
                throws Http2Exception {
            idle();
            super.onUnknownFrame(ctx, type, stream, flags, payload);
        }
    }
}
