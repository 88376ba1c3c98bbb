package dev.marea.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;

/**
 * A request's body on its way to a replica. Its beginning is kept, so that it can be sent again if
 * a replica breaks before it answers; a body that outgrows that is sent once.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as a closed channel
final class RequestBody {
    private final int keepMax;
    private final List<ByteBuf> kept = new ArrayList<>(1);
    private long bytes;
    private boolean complete;
    private boolean replayable = true;

    RequestBody(int keepMax) {
        this.keepMax = keepMax;
    }

    /** Takes a part that cannot be sent yet. */
    void keep(HttpContent part) {
        take(part);
        if (part.content().isReadable()) {
            kept.add(part.content());
        } else {
            part.release();
        }
    }

    /** Passes a part on at once, and keeps a copy while that may be of use. */
    void send(HttpContent part, Channel replica) {
        take(part);
        boolean empty = !part.content().isReadable();
        if (bytes > keepMax) {
            drop();
        } else if (!empty) {
            kept.add(part.content().retainedDuplicate());
        }
        if (complete && empty) {
            part.release();
            replica.write(LastHttpContent.EMPTY_LAST_CONTENT);
        } else {
            replica.write(part);
        }
    }

    /** Sends all that is here, from the start. */
    void sendFromStart(Channel replica) {
        boolean last = bytes > keepMax;
        for (var part : kept) {
            replica.write(new DefaultHttpContent(part.retainedDuplicate()));
        }
        if (complete) {
            replica.write(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        if (last) {
            drop();
        }
    }

    byte[] keptBytes() {
        var bytes = new byte[kept.stream().mapToInt(ByteBuf::readableBytes).sum()];
        int at = 0;
        for (var part : kept) {
            int length = part.readableBytes();
            part.getBytes(part.readerIndex(), bytes, at, length);
            at += length;
        }
        return bytes;
    }

    /** Puts other bytes in the place of some of those that are kept; nothing was sent yet. */
    void replace(int start, int end, byte[] with) {
        var whole = Unpooled.wrappedBuffer(kept.size(), kept.toArray(ByteBuf[]::new));
        kept.clear();
        kept.add(whole.retainedSlice(0, start));
        kept.add(Unpooled.wrappedBuffer(with));
        kept.add(whole.retainedSlice(end, whole.readableBytes() - end));
        whole.release();
    }

    /** No replica will need it again: the answer has begun, or there will be none. */
    void drop() {
        replayable = false;
        kept.forEach(ByteBuf::release);
        kept.clear();
    }

    /** More is not read while the request waits. */
    boolean full() {
        return bytes >= keepMax;
    }

    boolean complete() {
        return complete;
    }

    boolean replayable() {
        return replayable;
    }

    long bytes() {
        return bytes;
    }

    private void take(HttpContent part) {
        bytes += part.content().readableBytes();
        complete = part instanceof LastHttpContent;
    }
}
