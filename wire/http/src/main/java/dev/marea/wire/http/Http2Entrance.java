package dev.marea.wire.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.function.Supplier;

/**
 * Furnishes a connection for HTTP/2: each stream becomes a channel with the application's handler.
 * The first class of HTTP/2 to load, and only when a client begins to speak it.
 */
final class Http2Entrance {
    private static final int STREAM_WINDOW_BYTES = 256 << 10;
    private static final int RESETS_MAX = 500;
    private static final int RESET_WINDOW_SECONDS = 10;
    private static final int EMPTY_FRAMES_MAX = 8;
    private static final int SMALL_CONTINUATIONS_MAX = 16;
    private static final int QUEUED_CONTROL_FRAMES_MAX = 1_000;

    private Http2Entrance() {}

    /** Adds the handlers at the pipeline's end. */
    static void furnish(
            ChannelPipeline pipeline,
            DoorSettings settings,
            DoorCounters counters,
            Supplier<? extends ChannelHandler> application) {
        var floods = new Http2Floods();
        var session = new Http2Session(settings.limits(), counters, floods);
        var streams =
                new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel stream) {
                        stream.pipeline()
                                .addLast(
                                        new Http2Exchange(settings, counters, session),
                                        application.get());
                    }
                };
        pipeline.addLast(
                new LingeringClose(),
                new Builder(settings.limits(), floods).build(),
                new Http2MultiplexHandler(streams),
                session);
    }

    private static final class Builder extends Http2FrameCodecBuilder {
        private final Http2Floods floods;

        Builder(HttpLimits limits, Http2Floods floods) {
            this.floods = floods;
            server(true);
            decoupleCloseAndGoAway(true);
            decoderEnforceMaxRstFramesPerWindow(RESETS_MAX, RESET_WINDOW_SECONDS);
            encoderEnforceMaxRstFramesPerWindow(RESETS_MAX, RESET_WINDOW_SECONDS);
            decoderEnforceMaxConsecutiveEmptyDataFrames(EMPTY_FRAMES_MAX);
            decoderEnforceMaxSmallContinuationFrames(SMALL_CONTINUATIONS_MAX);
            encoderEnforceMaxQueuedControlFrames(QUEUED_CONTROL_FRAMES_MAX);
            initialSettings(
                    Http2Settings.defaultSettings()
                            .maxConcurrentStreams(limits.streamsMax())
                            .maxHeaderListSize(limits.headBytesMax())
                            .initialWindowSize(STREAM_WINDOW_BYTES));
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
