package dev.marea.server.grpc;

import dev.marea.server.models.Refused;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * A call under way: gives its messages to the method one by one, and reads from the network only
 * while the method takes them.
 */
final class Running {
    private static final int INFLATE_HERE_BYTES_MAX = 4 << 10;

    private final GrpcService service;
    private final Channel channel;
    private final Caller caller;
    private final Frames frames;
    private @Nullable Rpc rpc;
    private boolean pumping;
    private boolean inflating;
    private boolean whole;
    private boolean halfClosed;

    Running(GrpcService service, Channel channel, CallHead head) {
        this.service = service;
        this.channel = channel;
        caller =
                new Caller(channel, head, service.metrics(), this::pump, () -> finish(Status.LATE));
        frames = new Frames(service.predictions(), service.messageBytesMax(head.method()));
    }

    void start() {
        try {
            rpc = service.open(caller);
        } catch (Refused refused) {
            finish(Status.of(refused));
        }
    }

    void take(HttpContent part) {
        if (caller.isOver()) {
            return;
        }
        frames.add(part.content());
        whole |= part instanceof LastHttpContent;
        pump();
    }

    /** Gives the method what has come in, as far as it takes it. */
    void pump() {
        if (pumping) {
            return; // the method has room again before its message was dealt with
        }
        pumping = true;
        try {
            while (wantsMore()) {
                var frame = frames.next();
                if (frame.isEmpty()) {
                    break;
                }
                give(frame.get());
            }
            closeHalf();
        } catch (Refused refused) {
            finish(Status.of(refused));
        } finally {
            pumping = false;
        }
        listen(caller.isOver() || wantsMore());
    }

    private boolean wantsMore() {
        return rpc != null && !inflating && !caller.isOver() && rpc.wants();
    }

    private void give(Frames.Frame frame) throws Refused {
        var to = rpc;
        if (to == null) {
            return;
        }
        if (!frame.compressed()) {
            to.message(frame.bytes());
        } else if (!caller.head().gzipped()) {
            service.predictions().release(frame.bytes().length);
            throw Refused.badInput("a message is compressed, but grpc-encoding says it is not");
        } else if (frame.bytes().length <= INFLATE_HERE_BYTES_MAX) {
            to.message(inflated(frame.bytes()));
        } else {
            inflateElsewhere(frame.bytes(), to);
        }
    }

    private byte[] inflated(byte[] bytes) throws Refused {
        return Gzip.inflate(
                bytes, service.messageBytesMax(caller.head().method()), service.predictions());
    }

    /** A small message may inflate a thousandfold: not on the thread that answers everyone. */
    private void inflateElsewhere(byte[] bytes, Rpc to) throws Refused {
        inflating = true;
        try {
            service.errand(() -> {
                try {
                    var inflated = inflated(bytes);
                    caller.onLoop(() -> give(inflated, to));
                } catch (Refused refused) {
                    caller.onLoop(() -> finish(Status.of(refused)));
                }
            });
        } catch (Refused busy) {
            service.predictions().release(bytes.length);
            throw busy;
        }
    }

    private void give(byte[] inflated, Rpc to) {
        inflating = false;
        if (caller.isOver()) {
            service.predictions().release(inflated.length);
            return;
        }
        try {
            to.message(inflated);
            pump();
        } catch (Refused refused) {
            finish(Status.of(refused));
        }
    }

    private void closeHalf() throws Refused {
        var to = rpc;
        if (whole && !halfClosed && to != null && !inflating && !caller.isOver()) {
            if (!frames.isEmpty() && to.wants()) {
                frames.checkEnd();
            }
            if (frames.isEmpty()) {
                halfClosed = true;
                to.halfClosed();
            }
        }
    }

    private void listen(boolean more) {
        if (channel.config().isAutoRead() != more) {
            channel.config().setAutoRead(more);
        }
    }

    private void finish(Status status) {
        caller.end(status);
        over();
    }

    /** The caller went, or the door has answered for us. */
    void gone() {
        caller.gone();
        over();
    }

    private void over() {
        frames.drop();
        var to = rpc;
        rpc = null;
        if (to != null) {
            to.over();
        }
    }
}
