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

    private final Gate gate;
    private final Front front;
    private final EventLoop loop;
    private final CheckedRequest request;
    private final Journal journal;
    private final RequestBody body;
    private final Reply reply;
    private final Hold hold = new Hold();

    private State state = State.ROUTING;
    private String target;
    private @Nullable Route route;
    private @Nullable HttpHeaders headers;
    private int retriesLeft;
    private boolean freshOnly;
    private boolean flushDue;

    Exchange(Gate gate, Front front, CheckedRequest request) {
        this.gate = gate;
        this.front = front;
        this.loop = front.ctx().channel().eventLoop();
        this.request = request;
        this.target = request.uri();
        this.retriesLeft = gate.settings().forwarding().retries();
        this.body = new RequestBody(gate.settings().forwarding().replayBytes());
        String id = Headers.requestId(request.headers(), gate.chance());
        this.journal = new Journal(gate, request, front.client(), id);
        this.reply = new Reply(front.ctx(), journal);
    }

    // --- route

    void begin() {
        var view = gate.directory().view();
        String host = Objects.requireNonNullElse(request.headers().get(HttpHeaderNames.HOST), "");
        switch (view.index().find(host, request.uri())) {
            case Match.Found(var found, var asked) -> toService(view, found, asked);
            case Match.NoSuchPath(var namespace, var name) ->
                    answer(Platform.noSuchPath(namespace, name, host, path()));
            case Match.NoSuchHost(var bare) -> answer(Platform.onBareHost(gate, bare, path()));
        }
    }

    private void toService(Directory.View view, Route found, String asked) {
        route = found;
        target = asked;
        journal.service(found.service());
        if (found.stopped()) {
            answer(
                    Answer.refuse(
                            Reason.STOPPED, "service %s is stopped".formatted(found.service())));
            return;
        }
        if (Platform.isInternal(path())) {
            answer(Answer.notFound("the metrics of a replica are not served to clients"));
            return;
        }
        var revision = Split.pick(found.revisions(), gate.chance().share());
        if (revision.isEmpty()) {
            var message = found.service() + " has no revision that takes traffic yet";
            answer(Answer.refuse(Reason.REVISION_NOT_READY, message, LATER));
            return;
        }
        Desk chosen = view.desk(found.service(), revision.get().name());
        hold.enter(chosen);
        journal.desk(chosen);
        takePlace(false);
    }

    // --- wait

    private void takePlace(boolean hadItsTurn) {
        Seat free = hold.desk().takeAtOnce();
        if (free != null) {
            dispatch(free);
        } else if (gate.isLastCall()) {
            answer(Answer.refuse(Reason.SHUTTING_DOWN, "this gateway is closing", SOON));
        } else {
            waitInLine(hadItsTurn);
        }
    }

    private void waitInLine(boolean hadItsTurn) {
        Desk desk = hold.desk();
        state = State.WAITING;
        journal.waits();
        switch (desk.join(this, hadItsTurn)) {
            case FULL -> {
                int most = gate.settings().waiting().perRevision();
                var message =
                        "too many requests wait for %s already (at most %d may)"
                                .formatted(desk.revision(), most);
                answer(Answer.refuse(Reason.QUEUE_FULL, message, SOON));
            }
            case QUEUED -> {
                front.alarm().in(waitingTimeLeft());
                if (desk.ready() == 0) {
                    gate.reporter().urgently();
                }
            }
        }
    }

    @Override
    public void granted(Desk by, Seat place) {
        loop.execute(() -> {
            if (state == State.WAITING) {
                journal.waitsNoMore();
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
                journal.waitsNoMore();
                hold.leave();
                begin();
            }
        });
    }

    private Duration waitingTime() {
        Duration most = gate.settings().waiting().deadline();
        Duration own = route().timeout();
        return own.compareTo(most) < 0 ? own : most;
    }

    private long waitingTimeLeft() {
        return Math.max(0, journal.arrived() + waitingTime().toNanos() - System.nanoTime());
    }

    // --- forward

    private void dispatch(Seat place) {
        hold.place(place);
        front.alarm().off();
        Upstream kept = freshOnly ? null : front.upstreams().idle(place);
        if (kept != null) {
            send(kept);
        } else {
            state = State.CONNECTING;
            front.upstreams().connect(place, this::connected);
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
        hold.connection(to);
        to.lendTo(this);
        journal.sent(to.seat());
        to.channel().write(head(to.seat()));
        body.sendFromStart(to.channel());
        flushDue = true;
        if (!front.reading()) {
            flushToReplica();
        }
        holdClientBack();
        front.alarm().in(timeout());
    }

    private DefaultHttpRequest head(Seat to) {
        var ready = headers;
        if (ready == null) {
            ready =
                    Headers.toReplica(
                            request.headers(),
                            route().service(),
                            front.client(),
                            front.tls(),
                            journal.requestId());
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
                front.pause(body.full() && !body.complete());
            }
            case DONE -> part.release();
        }
    }

    private void pass(HttpContent part) {
        var to = hold.connection().channel();
        body.send(part, to);
        flushDue = true;
        if (state == State.SENT) {
            front.alarm().in(timeout());
        }
        if (!to.isWritable()) {
            flushToReplica();
            holdClientBack();
        }
    }

    void flushToReplica() {
        if (flushDue && hold.hasConnection()) {
            flushDue = false;
            hold.connection().channel().flush();
        }
    }

    @Override
    public void writabilityChanged() {
        holdClientBack();
    }

    /** The client is read only as fast as the replica reads. */
    private void holdClientBack() {
        front.pause(!body.complete() && !hold.connection().channel().isWritable());
    }

    // --- answer

    @Override
    public void head(HttpResponse answer) {
        state = State.ANSWERING;
        hold.place().answered();
        body.drop();
        reply.head(answer);
        front.alarm().in(timeout());
    }

    @Override
    public void part(HttpContent part) {
        boolean last = part instanceof LastHttpContent;
        reply.part(part);
        if (last) {
            reply.flush();
            hold.giveBackConnection(body.complete());
            end(reply.status(), null);
        } else {
            front.alarm().in(timeout());
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
        var from = hold.connection().channel().config();
        if (from.isAutoRead() != reply.clientReads()) {
            from.setAutoRead(reply.clientReads());
        }
    }

    // --- what goes wrong

    /** Nothing was sent, so another try is always right, until the request's time is up. */
    private void refusedByReplica(@Nullable Throwable cause) {
        hold.ejectPlace();
        if (waitingTimeLeft() > 0) {
            takePlace(true);
            return;
        }
        var message =
                "no replica of %s took the connection: %s"
                        .formatted(hold.desk().revision(), text(cause));
        answer(Answer.refuse(Reason.NO_REPLICA, message, SOON));
    }

    @Override
    public void lost(@Nullable Throwable cause) {
        var from = hold.loseConnection();
        if (state == State.ANSWERING) {
            hold.leavePlace();
            breakOff();
            return;
        }
        if (from.used()) {
            hold.leavePlace(); // it may have been closing since its last answer: nobody's fault
        } else {
            hold.ejectPlace();
        }
        if (mayRepeat()) {
            retriesLeft--;
            freshOnly = true;
            hold.desk().metrics().retried();
            takePlace(true);
        } else {
            var message = "the replica ended the connection before it answered: ";
            answer(Answer.refuse(Reason.UPSTREAM_FAILED, message + text(cause)));
        }
    }

    private boolean mayRepeat() {
        return retriesLeft > 0
                && body.replayable()
                && Repeatable.is(request.method(), path(), gate.settings().forwarding())
                && waitingTimeLeft() > 0
                && hold.desk().budget().retry();
    }

    @Override
    public void invalid(String what) {
        hold.cutConnection();
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
                hold.cutConnection();
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
        Desk desk = hold.desk();
        if (desk.abandon(this)) {
            String missing = desk.ready() == 0 ? "no replica was ready" : "no replica had room";
            String message = missing + " within " + seconds(waitingTime());
            answer(Answer.refuse(Reason.QUEUE_TIMEOUT, message, LATER));
        }
    }

    private void lateInAnswer() {
        if (hold.connection().channel().config().isAutoRead()) {
            hold.cutConnection();
            breakOff();
        } else {
            front.alarm().in(timeout()); // the client is slow, and the door watches for that
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
            hold.desk().abandon(this);
        }
        hold.cutConnection();
        end(code, null);
    }

    // --- end

    private void answer(Answer own) {
        reply.own(own, path());
        end(own.status(), own.reason().orElse(null));
    }

    private void end(int code, @Nullable Reason reason) {
        state = State.DONE;
        front.alarm().off();
        body.drop();
        hold.leave();
        journal.end(code, reason, body.bytes());
        front.pause(false);
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
