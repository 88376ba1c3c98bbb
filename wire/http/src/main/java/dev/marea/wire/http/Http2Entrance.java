package dev.marea.wire.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import java.util.function.Supplier;

/**
 * Furnishes a connection for HTTP/2: each stream becomes a channel with the application's handler.
 * The first class of HTTP/2 to load, and only when a client begins to speak it.
 */
final class Http2Entrance {
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
                Http2Codecs.server(settings.limits(), floods),
                new Http2MultiplexHandler(streams),
                session);
    }
}
