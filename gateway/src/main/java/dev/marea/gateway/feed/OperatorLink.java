package dev.marea.gateway.feed;

import dev.marea.wire.feed.FeedCodec;
import dev.marea.wire.feed.Standing;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection by which one operator replica hears this gateway's load. Each answer says how the
 * replica stands; where there is no load to tell it is asked. Belongs to the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as a closed channel
final class OperatorLink {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorLink.class);
    private static final byte[] NOTHING = {};
    private static final int ANSWER_BYTES_MAX = 64 << 10;

    /** Reports that wait for their turn; older ones say less than newer ones. */
    private static final int PENDING_MAX = 5;

    private static final Duration UNTIL_COMPLETE = Duration.ofMillis(100);

    private final InetSocketAddress address;
    private final EventLoop loop;
    private final Dial dial;
    private final Duration ask;
    private final Backoff backoff;
    private final Runnable changed;
    private final ArrayDeque<byte[]> pending = new ArrayDeque<>();
    private @Nullable Channel channel;
    private Optional<Standing> standing = Optional.empty();
    private String trouble = "";
    private boolean asked;
    private boolean closed;
    private long rounds;

    OperatorLink(
            InetSocketAddress address,
            EventLoop loop,
            Dial dial,
            FeedSettings.Timing timing,
            Runnable changed) {
        this.address = address;
        this.loop = loop;
        this.dial = dial;
        this.ask = timing.ask();
        this.backoff = new Backoff(timing.retryFirst(), timing.retryMax());
        this.changed = changed;
    }

    InetSocketAddress address() {
        return address;
    }

    /** Empty while it cannot be reached. */
    Optional<Standing> standing() {
        return standing;
    }

    /** What it said before is not believed any more: it must answer anew to be followed. */
    void doubt() {
        standing = Optional.empty();
        askStanding();
    }

    void connect() {
        if (closed) {
            return;
        }
        try {
            dial.connect(address, new HttpObjectAggregator(ANSWER_BYTES_MAX), new Answers())
                    .addListener((ChannelFuture done) -> {
                        if (!done.isSuccess()) {
                            lost(String.valueOf(done.cause().getMessage()));
                        }
                    });
        } catch (IOException unreadable) {
            lost("our certificate cannot be read: " + unreadable);
        }
    }

    void report(byte[] json) {
        if (pending.size() == PENDING_MAX) {
            pending.removeFirst();
        }
        pending.addLast(json);
        next();
    }

    void close() {
        closed = true;
        if (channel != null) {
            channel.close();
        }
    }

    private void next() {
        if (channel == null || asked) {
            return;
        }
        var report = pending.pollFirst();
        if (report != null) {
            send(channel, dial.request(HttpMethod.POST, "/v1/load", report));
        }
    }

    private void send(Channel to, FullHttpRequest request) {
        asked = true;
        rounds++;
        to.writeAndFlush(request);
    }

    private void opened(Channel opened) {
        channel = opened;
        asked = false;
        askStanding();
    }

    private void askStanding() {
        if (channel != null && !asked) {
            send(channel, dial.request(HttpMethod.GET, "/v1/standing", NOTHING));
        }
    }

    private void answered(FullHttpResponse answer) throws IOException {
        asked = false;
        if (answer.status().code() != 200) {
            throw new IOException("it answered " + answer.status());
        }
        backoff.reset();
        if (!trouble.isEmpty()) {
            LOG.info("the operator at {} answers again", address);
            trouble = "";
        }
        var now = FeedCodec.standing(ByteBufUtil.getBytes(answer.content()));
        if (standing.isEmpty() || !standing.get().equals(now)) {
            standing = Optional.of(now);
            changed.run();
        }
        next();
        askLater(now.complete() ? ask : UNTIL_COMPLETE);
    }

    /** Unless something else is said meanwhile. */
    private void askLater(Duration pause) {
        long round = rounds;
        loop.schedule(
                () -> {
                    if (round == rounds) {
                        askStanding();
                    }
                },
                pause.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    private void lost(String why) {
        channel = null;
        boolean known = standing.isPresent();
        standing = Optional.empty();
        if (closed) {
            return;
        }
        if (!why.equals(trouble)) {
            LOG.warn("the operator at {} does not answer: {}", address, why);
            trouble = why;
        }
        if (known) {
            changed.run();
        }
        loop.schedule(this::connect, backoff.nextNanos(), TimeUnit.NANOSECONDS);
    }

    private final class Answers extends SimpleChannelInboundHandler<FullHttpResponse> {
        private String why = "it closed the connection";
        private boolean open;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            open = true;
            opened(ctx.channel());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse answer)
                throws IOException {
            answered(answer);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (open) {
                lost(why);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable failed) {
            why = String.valueOf(failed.getMessage() == null ? failed : failed.getMessage());
            ctx.close();
        }
    }
}
