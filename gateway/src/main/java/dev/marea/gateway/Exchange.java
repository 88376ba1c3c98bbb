package dev.marea.gateway;

import dev.marea.core.route.RouteIndex.Match;
import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.route.Split;
import dev.marea.core.spec.Reason;
import dev.marea.wire.http.CheckedRequest;
import dev.marea.wire.http.Refusal;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request from its head to the end of its answer: route, wait, forward, and again if a replica
 * broke before it said anything. Lives on its client's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as a closed channel
final class Exchange implements Waiter, Upstream.Reader {
    private enum State {
        ROUTING,
        WAITING,
        CONNECTING,
        SENT,
        ANSWERING,
        DONE
    }

    /** What is noted where there was nobody to answer; nginx's code, known to readers of logs. */
    private static final int CLIENT_LEFT = 499;

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LATER = Duration.ofSeconds(5);

    private final GatewayContext gateway;
    private final ClientConnection client;
    private final EventLoop loop;
    private final CheckedRequest request;
    private final RequestStats stats;
    private final RequestBody body;
    private final Reply reply;
    private final Reservation reservation = new Reservation();

    private State state = State.ROUTING;
    private String target;
    private @Nullable Route route;
    private @Nullable HttpHeaders headers;
    private int retriesLeft;
    private boolean freshOnly;
    private boolean flushDue;

    Exchange(GatewayContext gateway, ClientConnection client, CheckedRequest request) {
        this.gateway = gateway;
        this.client = client;
        this.loop = client.ctx().channel().eventLoop();
        this.request = request;
        this.target = request.uri();
        this.retriesLeft = gateway.settings().forwarding().retries();
        this.body = new RequestBody(gateway.settings().forwarding().replayBytes());
        String id = Headers.requestId(request.headers(), gateway.chance());
        this.stats = new RequestStats(gateway, request, client.address(), id);
        this.reply = new Reply(client.ctx(), stats);
    }

    // --- route

    void begin() {
        var view = gateway.directory().view();
        String host = Objects.requireNonNullElse(request.headers().get(HttpHeaderNames.HOST), "");
        switch (view.index().find(host, request.uri())) {
            case Match.Found(var found, var asked) -> toService(view, found, asked);
            case Match.NoSuchPath(var namespace, var name) ->
                    answer(GatewayAnswers.noSuchPath(namespace, name, host, path()));
            case Match.NoSuchHost(var bare) ->
                    answer(GatewayAnswers.onBareHost(gateway, bare, path()));
        }
    }

    private void toService(Directory.View view, Route found, String asked) {
        route = found;
        target = asked;
        stats.service(found.service());
        if (found.stopped()) {
            answer(
                    Answer.refuse(
                            Reason.STOPPED, "service %s is stopped".formatted(found.service())));
            return;
        }
        if (GatewayAnswers.isInternal(path())) {
            answer(Answer.notFound("the metrics of a replica are not served to clients"));
            return;
        }
        var revision = Split.pick(found.revisions(), gateway.chance().share());
        if (revision.isEmpty()) {
            var message = found.service() + " has no revision that takes traffic yet";
            answer(Answer.refuse(Reason.REVISION_NOT_READY, message, LATER));
            return;
        }
        RevisionPool chosen = view.pool(found.service(), revision.get().name());
        reservation.enter(chosen);
        stats.pool(chosen);
        takePlace(false);
    }

    // --- wait

    private void takePlace(boolean hadItsTurn) {
        Backend free = reservation.pool().takeAtOnce();
        if (free != null) {
            dispatch(free);
        } else if (gateway.isLastCall()) {
            answer(Answer.refuse(Reason.SHUTTING_DOWN, "this gateway is closing", SOON));
        } else {
            waitInLine(hadItsTurn);
        }
    }

    private void waitInLine(boolean hadItsTurn) {
        RevisionPool pool = reservation.pool();
        state = State.WAITING;
        stats.waits();
        switch (pool.join(this, hadItsTurn)) {
            case FULL -> {
                int most = gateway.settings().waiting().perRevision();
                var message =
                        "too many requests wait for %s already (at most %d may)"
                                .formatted(pool.revision(), most);
                answer(Answer.refuse(Reason.QUEUE_FULL, message, SOON));
            }
            case QUEUED -> {
                client.deadline().in(waitingTimeLeft());
                if (pool.ready() == 0) {
                    gateway.reporter().urgently();
                }
            }
        }
    }

    @Override
    public void granted(RevisionPool by, Backend place) {
        loop.execute(() -> {
            if (state == State.WAITING) {
                stats.waitsNoMore();
                dispatch(place);
            } else {
                by.leave(place);
            }
        });
    }

    @Override
    public void reroute() {
        loop.execute(() -> {
            if (state == State.WAITING) {
                state = State.ROUTING;
                stats.waitsNoMore();
                reservation.leave();
                begin();
            }
        });
    }

    private Duration waitingTime() {
        Duration most = gateway.settings().waiting().deadline();
        Duration own = route().timeout();
        return own.compareTo(most) < 0 ? own : most;
    }

    private long waitingTimeLeft() {
        return Math.max(0, stats.arrived() + waitingTime().toNanos() - System.nanoTime());
    }

    // --- forward

    private void dispatch(Backend place) {
        reservation.place(place);
        client.deadline().off();
        Upstream kept = freshOnly ? null : client.upstreams().idle(place);
        if (kept != null) {
            send(kept);
        } else {
            state = State.CONNECTING;
            client.upstreams().connect(place, this::connected);
        }
    }

    private void connected(@Nullable Upstream fresh, @Nullable Throwable failed) {
        if (state != State.CONNECTING) {
            if (fresh != null) {
                fresh.cutOff(); // the client left meanwhile
            }
        } else if (fresh != null) {
            send(fresh);
        } else {
            refusedByReplica(failed);
        }
    }

    private void send(Upstream to) {
        state = State.SENT;
        reservation.connection(to);
        to.lendTo(this);
        stats.sent(to.backend());
        to.channel().write(head(to.backend()));
        body.sendFromStart(to.channel());
        flushDue = true;
        if (!client.reading()) {
            flushToReplica();
        }
        holdClientBack();
        client.deadline().in(timeout());
    }

    private DefaultHttpRequest head(Backend to) {
        var ready = headers;
        if (ready == null) {
            ready =
                    Headers.toReplica(
                            request.headers(),
                            route().service(),
                            client.address(),
                            client.tls(),
                            stats.requestId());
            headers = ready;
        }
        ready.set(HttpHeaderNames.HOST, to.hostHeader());
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, request.method(), target, ready);
    }

    void body(HttpContent part) {
        switch (state) {
            case SENT, ANSWERING -> pass(part);
            case WAITING, CONNECTING, ROUTING -> {
                body.keep(part);
                client.pause(body.full() && !body.complete());
            }
            case DONE -> part.release();
        }
    }

    private void pass(HttpContent part) {
        var to = reservation.connection().channel();
        body.send(part, to);
        flushDue = true;
        if (state == State.SENT) {
            client.deadline().in(timeout());
        }
        if (!to.isWritable()) {
            flushToReplica();
            holdClientBack();
        }
    }

    void flushToReplica() {
        if (flushDue && reservation.hasConnection()) {
            flushDue = false;
            reservation.connection().channel().flush();
        }
    }

    @Override
    public void writabilityChanged() {
        holdClientBack();
    }

    /** The client is read only as fast as the replica reads. */
    private void holdClientBack() {
        client.pause(!body.complete() && !reservation.connection().channel().isWritable());
    }

    // --- answer

    @Override
    public void head(HttpResponse answer) {
        state = State.ANSWERING;
        reservation.place().answered();
        body.drop();
        reply.head(answer);
        client.deadline().in(timeout());
    }

    @Override
    public void part(HttpContent part) {
        boolean last = part instanceof LastHttpContent;
        reply.part(part);
        if (last) {
            reply.flush();
            reservation.giveBackConnection(body.complete());
            end(reply.status(), null);
        } else {
            client.deadline().in(timeout());
            holdReplicaBack();
        }
    }

    @Override
    public void readComplete() {
        reply.flush();
    }

    void clientWritabilityChanged() {
        if (state == State.ANSWERING) {
            holdReplicaBack();
        }
    }

    /** The replica is read only as fast as the client reads. */
    private void holdReplicaBack() {
        var from = reservation.connection().channel().config();
        if (from.isAutoRead() != reply.clientReads()) {
            from.setAutoRead(reply.clientReads());
        }
    }

    // --- what goes wrong

    /** Nothing was sent, so another try is always right, until the request's time is up. */
    private void refusedByReplica(@Nullable Throwable cause) {
        reservation.ejectPlace();
        if (waitingTimeLeft() > 0) {
            takePlace(true);
            return;
        }
        var message =
                "no replica of %s took the connection: %s"
                        .formatted(reservation.pool().revision(), text(cause));
        answer(Answer.refuse(Reason.NO_REPLICA, message, SOON));
    }

    @Override
    public void lost(@Nullable Throwable cause) {
        var from = reservation.loseConnection();
        if (state == State.ANSWERING) {
            reservation.leavePlace();
            breakOff();
            return;
        }
        if (from.used()) {
            reservation
                    .leavePlace(); // it may have been closing since its last answer: nobody's fault
        } else {
            reservation.ejectPlace();
        }
        if (mayRepeat()) {
            retriesLeft--;
            freshOnly = true;
            reservation.pool().metrics().retried();
            takePlace(true);
        } else {
            var message = "the replica ended the connection before it answered: ";
            answer(Answer.refuse(Reason.UPSTREAM_FAILED, message + text(cause)));
        }
    }

    private boolean mayRepeat() {
        return retriesLeft > 0
                && body.replayable()
                && Repeatable.is(request.method(), path(), gateway.settings().forwarding())
                && waitingTimeLeft() > 0
                && reservation.pool().budget().retry();
    }

    @Override
    public void invalid(String what) {
        reservation.cutConnection();
        if (state == State.ANSWERING) {
            breakOff();
        } else {
            var message = "the replica's answer is not usable: ";
            answer(Answer.refuse(Reason.UPSTREAM_FAILED, message + what));
        }
    }

    private void breakOff() {
        reply.breakOff(path());
        end(reply.status(), Reason.UPSTREAM_FAILED);
    }

    /** The time for what is going on is up. */
    void late() {
        switch (state) {
            case WAITING -> lateInLine();
            case SENT -> {
                reservation.cutConnection();
                var message = "the replica did not answer within ";
                answer(
                        Answer.refuse(
                                Reason.UPSTREAM_TIMEOUT, message + seconds(route().timeout())));
            }
            case ANSWERING -> lateInAnswer();
            case ROUTING, CONNECTING, DONE -> {}
        }
    }

    private void lateInLine() {
        RevisionPool pool = reservation.pool();
        if (pool.abandon(this)) {
            String missing = pool.ready() == 0 ? "no replica was ready" : "no replica had room";
            String message = missing + " within " + seconds(waitingTime());
            answer(Answer.refuse(Reason.QUEUE_TIMEOUT, message, LATER));
        }
    }

    private void lateInAnswer() {
        if (reservation.connection().channel().config().isAutoRead()) {
            reservation.cutConnection();
            breakOff();
        } else {
            client.deadline().in(timeout()); // the client is slow, and the door watches for that
        }
    }

    /** Nobody reads the answer: the replica's work is stopped at once. */
    void clientLeft() {
        giveUp(CLIENT_LEFT);
    }

    /** The door has refused the rest of the request and answered it. */
    void cut(Refusal refusal) {
        giveUp(reply.status() != 0 ? reply.status() : refusal.status());
    }

    private void giveUp(int code) {
        if (state == State.DONE) {
            return;
        }
        if (state == State.WAITING) {
            reservation.pool().abandon(this);
        }
        reservation.cutConnection();
        end(code, null);
    }

    // --- end

    private void answer(Answer own) {
        reply.own(own, path());
        end(own.status(), own.reason().orElse(null));
    }

    private void end(int code, @Nullable Reason reason) {
        state = State.DONE;
        client.deadline().off();
        body.drop();
        reservation.leave();
        stats.end(code, reason, body.bytes());
        client.pause(false);
    }

    private Route route() {
        return Objects.requireNonNull(route);
    }

    private long timeout() {
        return route().timeout().toNanos();
    }

    private String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1_000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    /** Without addresses: where replicas live is not the client's business. */
    private static String text(@Nullable Throwable cause) {
        return switch (cause) {
            case null -> "it was closed";
            case ConnectTimeoutException _ -> "it was not taken in time";
            case ConnectException _ -> "it was refused";
            default -> "it was reset";
        };
    }
}
