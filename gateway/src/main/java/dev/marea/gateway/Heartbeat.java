package dev.marea.gateway;

import dev.marea.wire.http.Deadline;
import dev.marea.wire.llm.peek.ModelPeek;
import io.netty.channel.EventLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * While a request for a stream waits for a replica, its client hears a comment now and then: what
 * stands between would else take the silence for a broken connection. From the first comment on the
 * answer has begun, and whatever goes wrong is told as an event.
 */
final class Heartbeat {
    /** Longer bodies are not looked through on the event loop. */
    private static final int BODY_BYTES_MAX = 4 << 20;

    private final Duration every;
    private final RequestBody body;
    private final Reply reply;
    private @Nullable Deadline timer;

    Heartbeat(Duration every, RequestBody body, Reply reply) {
        this.every = every;
        this.body = body;
        this.reply = reply;
    }

    void begin(EventLoop loop) {
        if (timer == null) {
            timer = new Deadline(loop, this::beat);
        }
        timer.in(every.toNanos());
    }

    /** No more: a replica was found, or the request is over. */
    void stop() {
        if (timer != null) {
            timer.close();
        }
    }

    private void beat() {
        if (!reply.streamsEarly()) {
            if (body.bytes() > BODY_BYTES_MAX || !ModelPeek.asksForStream(body.keptBytes())) {
                return;
            }
            reply.streamEarly();
        }
        reply.comment("waiting for a replica");
        if (timer != null) {
            timer.in(every.toNanos());
        }
    }
}
