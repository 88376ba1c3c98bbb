package dev.marea.wire.http;

import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * Netty's codec with every limit set. A connection's window is of a size that no stream empties.
 */
final class Http2Codecs {
    /** What one stream may send before its reader has read it. */
    private static final int STREAM_WINDOW_BYTES = 256 << 10;

    /** The same of all streams of a connection. */
    static final int CONNECTION_WINDOW_BYTES = 8 << 20;

    private static final int HEADS_BYTES_MAX = 32 << 10;
    private static final int RESETS_MAX = 500;
    private static final int RESET_WINDOW_SECONDS = 10;
    private static final int EMPTY_FRAMES_MAX = 8;
    private static final int SMALL_CONTINUATIONS_MAX = 16;
    private static final int QUEUED_CONTROL_FRAMES_MAX = 1_000;

    private Http2Codecs() {}

    static Http2FrameCodec server(HttpLimits limits, Http2Floods floods) {
        var settings =
                Http2Settings.defaultSettings()
                        .maxConcurrentStreams(limits.streamsMax())
                        .maxHeaderListSize(limits.headBytesMax())
                        .initialWindowSize(STREAM_WINDOW_BYTES);
        return new Builder(true, floods, settings)
                .decoderEnforceMaxRstFramesPerWindow(RESETS_MAX, RESET_WINDOW_SECONDS)
                .encoderEnforceMaxRstFramesPerWindow(RESETS_MAX, RESET_WINDOW_SECONDS)
                .build();
    }

    static Http2FrameCodec client(Http2Floods floods) {
        var settings =
                Http2Settings.defaultSettings()
                        .pushEnabled(false)
                        .maxHeaderListSize(HEADS_BYTES_MAX)
                        .initialWindowSize(STREAM_WINDOW_BYTES);
        return new Builder(false, floods, settings).build();
    }

    private static final class Builder extends Http2FrameCodecBuilder {
        private final Http2Floods floods;

        Builder(boolean server, Http2Floods floods, Http2Settings settings) {
            this.floods = floods;
            server(server);
            initialSettings(settings);
            decoupleCloseAndGoAway(true);
            decoderEnforceMaxConsecutiveEmptyDataFrames(EMPTY_FRAMES_MAX);
            decoderEnforceMaxSmallContinuationFrames(SMALL_CONTINUATIONS_MAX);
            encoderEnforceMaxQueuedControlFrames(QUEUED_CONTROL_FRAMES_MAX);
        }

        @Override
        protected Http2FrameCodec build(
                Http2ConnectionDecoder decoder,
                Http2ConnectionEncoder encoder,
                Http2Settings initialSettings) {
            return super.build(floods.watch(decoder), encoder, initialSettings);
        }
    }
}
