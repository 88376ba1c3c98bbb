package dev.marea.wire.http;

import io.netty.channel.Channel;
import java.time.Duration;

/** Watches whether the bytes waiting for a client move. */
final class Progress {
    private long mark;
    private long since = System.nanoTime();

    void reset() {
        since = System.nanoTime();
        mark = 0;
    }

    boolean stalledFor(Channel channel, Duration limit) {
        var waiting = channel.unsafe().outboundBuffer();
        long pending = waiting == null ? streamPending(channel) : waiting.totalPendingWriteBytes();
        long now = waiting == null ? pending : pending * 31 + waiting.currentProgress();
        if (pending == 0 || now != mark) {
            mark = now;
            since = System.nanoTime();
            return false;
        }
        return System.nanoTime() - since >= limit.toNanos();
    }

    /** An HTTP/2 stream has no buffer to look into, but it says how far it is from its marks. */
    private static long streamPending(Channel channel) {
        var marks = channel.config().getWriteBufferWaterMark();
        return channel.isWritable()
                ? marks.high() + 1 - channel.bytesBeforeUnwritable()
                : marks.low() - 1 + channel.bytesBeforeWritable();
    }
}
