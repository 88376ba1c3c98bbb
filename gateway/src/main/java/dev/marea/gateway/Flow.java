package dev.marea.gateway;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;

/** What passes between a client and its replica: neither is read faster than the other reads. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write shows as a closed channel
final class Flow {
    private final ClientConnection client;
    private final RequestBody body;
    private final Reservation reservation;
    private final Reply reply;
    private boolean flushDue;

    Flow(ClientConnection client, RequestBody body, Reservation reservation, Reply reply) {
        this.client = client;
        this.body = body;
        this.reservation = reservation;
        this.reply = reply;
    }

    /** Sends the head, and all of the body that is here. */
    void begin(HttpRequest head) {
        var to = reservation.connection().channel();
        to.write(head);
        body.sendFromStart(to);
        flushDue = true;
        if (!client.reading()) {
            flush();
        }
        holdClientBack();
    }

    /** Keeps a part for which there is no replica yet. */
    void keep(HttpContent part) {
        body.keep(part);
        client.pause(body.full() && !body.complete());
    }

    void pass(HttpContent part) {
        var to = reservation.connection().channel();
        body.send(part, to);
        flushDue = true;
        if (!to.isWritable()) {
            flush();
            holdClientBack();
        }
    }

    void flush() {
        if (flushDue && reservation.hasConnection()) {
            flushDue = false;
            reservation.connection().channel().flush();
        }
    }

    void holdClientBack() {
        client.pause(!body.complete() && !reservation.connection().channel().isWritable());
    }

    void holdReplicaBack() {
        var from = reservation.connection().channel().config();
        if (from.isAutoRead() != reply.clientReads()) {
            from.setAutoRead(reply.clientReads());
        }
    }

    /** Whether it is the client who takes its time. */
    boolean holdsReplica() {
        return !reservation.connection().channel().config().isAutoRead();
    }
}
