package dev.marea.gateway;

import dev.marea.core.route.RouteIndex.Match;
import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.route.Split;
import dev.marea.core.spec.Reason;
import dev.marea.wire.http.CheckedRequest;
import dev.marea.wire.http.Refusal;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
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
    private final ChannelHandlerContext client;
    private final CheckedRequest request;
    private final Journal journal;
    private final RequestBody body;

    private State state = State.ROUTING;
    private String target;
    private @Nullable Route route;
    private @Nullable HttpHeaders headers;
    private @Nullable Desk desk;
    private @Nullable Seat seat;
    private @Nullable Upstream upstream;
    private int retriesLeft;
    private boolean freshOnly;
    private boolean flushDue;
    private int status;
    private boolean eventStream;

    Exchange(Gate gate, Front front, CheckedRequest request) {
        this.gate = gate;
        this.front = front;
        this.client = front.ctx();
        this.request = request;
        this.target = request.uri();
        this.retriesLeft = gate.settings().forwarding().retries();
        this.body = new RequestBody(gate.settings().forwarding().replayBytes());
        this.journal =
                new Journal(
                        gate,
                        request,
                        front.client(),
                        Headers.requestId(request.headers(), gate.chance()));
    }

    // --- route

    void begin() {
        var view = gate.directory().view();
        String host = Objects.requireNonNullElse(request.headers().get(HttpHeaderNames.HOST), "");
        switch (view.index().find(host, request.uri())) {
            case Match.Found(var found, var asked) -> toService(view, found, asked);
            case Match.NoSuchPath(var namespace, var name) ->
                    answer(
                            Answer.refuse(
                                    Reason.NO_SUCH_SERVICE,
                                    "no service '%s' in namespace '%s' (path %s, host %s)"
                                            .formatted(
                                                    name, namespace, request.path().path(), host)));
            case Match.NoSuchHost(var bare) ->
                    answer(Platform.answer(gate, bare, request.path().path()));
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
        if (Platform.isInternal(asked)) {
            answer(Answer.notFound("the metrics of a replica are not served to clients"));
            return;
        }
        var revision = Split.pick(found.revisions(), gate.chance().share());
        if (revision.isEmpty()) {
            var message =
                    "service %s has no revision that takes traffic yet".formatted(found.service());
            answer(Answer.refuse(Reason.REVISION_NOT_READY, message, LATER));
            return;
        }
        enter(view.desk(found.service(), revision.get().name()));
    }

    private void enter(Desk chosen) {
        desk = chosen;
        journal.desk(chosen);
        chosen.load().arrive(System.nanoTime());
        chosen.budget().request();
        takePlace(chosen, false);
    }

    // --- wait

    private void takePlace(Desk at, boolean hadItsTurn) {
        Seat free = at.takeAtOnce();
        if (free != null) {
            dispatch(free);
            return;
        }
        if (gate.isLastCall()) {
            answer(Answer.refuse(Reason.SHUTTING_DOWN, "this gateway is closing", SOON));
            return;
        }
        state = State.WAITING;
        journal.waits();
        switch (at.join(this, hadItsTurn)) {
            case FULL -> {
                int most = gate.settings().waiting().perRevision();
                answer(
                        Answer.refuse(
                                Reason.QUEUE_FULL,
                                "too many requests wait for %s already (at most %d may)"
                                        .formatted(at.revision(), most),
                                SOON));
            }
            case QUEUED -> {
                front.alarm().in(waitingTimeLeft());
                if (at.ready() == 0) {
                    gate.reporter().urgently();
                }
            }
        }
    }

    private Duration waitingTime() {
        Duration most = gate.settings().waiting().deadline();
        Duration own = Objects.requireNonNull(route).timeout();
        return own.compareTo(most) < 0 ? own : most;
    }

    private long waitingTimeLeft() {
        return Math.max(0, journal.arrived() + waitingTime().toNanos() - System.nanoTime());
    }

    @Override
    public void granted(Desk by, Seat place) {
        client.channel()
                .eventLoop()
                .execute(() -> {
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
        client.channel()
                .eventLoop()
                .execute(() -> {
                    if (state == State.WAITING) {
                        state = State.ROUTING;
                        journal.waitsNoMore();
                        leaveDesk();
                        begin();
                    }
                });
    }

    // --- forward

    private void dispatch(Seat place) {
        seat = place;
        front.alarm().off();
        Upstream kept = freshOnly ? null : front.upstreams().idle(place);
        if (kept != null) {
            send(kept);
            return;
        }
        state = State.CONNECTING;
        front.upstreams()
                .connect(
                        place,
                        (fresh, failed) -> {
                            if (state != State.CONNECTING) {
                                if (fresh != null) {
                                    fresh.cutOff();
                                }
                            } else if (fresh != null) {
                                send(fresh);
                            } else {
                                refusedByReplica(failed);
                            }
                        });
    }

    private void send(Upstream to) {
        state = State.SENT;
        upstream = to;
        to.lendTo(this);
        at().connected(to.seat());
        journal.sent(to.seat());
        to.channel().write(head(to.seat()));
        body.sendFromStart(to.channel());
        flushDue = true;
        if (!front.reading()) {
            flushToReplica();
        }
        front.pause(!body.complete() && !to.channel().isWritable());
        front.alarm().in(timeout());
    }

    private DefaultHttpRequest head(Seat to) {
        var ready = headers;
        if (ready == null) {
            ready =
                    Headers.toReplica(
                            request.headers(),
                            Objects.requireNonNull(route).service(),
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
        var to = Objects.requireNonNull(upstream).channel();
        body.send(part, to);
        flushDue = true;
        if (state == State.SENT) {
            front.alarm().in(timeout());
        }
        if (!to.isWritable()) {
            flushToReplica();
            front.pause(!body.complete() && !to.isWritable());
        }
    }

    void flushToReplica() {
        if (flushDue && upstream != null) {
            flushDue = false;
            upstream.channel().flush();
        }
    }

    @Override
    public void writabilityChanged() {
        if (upstream != null) {
            front.pause(!body.complete() && !upstream.channel().isWritable());
        }
    }

    // --- answer

    @Override
    public void head(HttpResponse answer) {
        state = State.ANSWERING;
        status = answer.status().code();
        Objects.requireNonNull(seat).answered();
        body.drop();
        Headers.toClient(answer.headers());
        answer.headers().set(Headers.REQUEST_ID, journal.requestId());
        frame(answer);
        var type = answer.headers().get(HttpHeaderNames.CONTENT_TYPE);
        eventStream = type != null && type.startsWith("text/event-stream");
        client.write(answer);
        front.alarm().in(timeout());
    }

    /** An answer that ends with its connection is sent on in chunks, so that ours may live on. */
    private void frame(HttpResponse answer) {
        answer.setProtocolVersion(HttpVersion.HTTP_1_1);
        boolean framed =
                HttpUtil.isTransferEncodingChunked(answer)
                        || answer.headers().contains(HttpHeaderNames.CONTENT_LENGTH);
        if (!framed && status != 204 && status != 304) {
            HttpUtil.setTransferEncodingChunked(answer, true);
        }
    }

    @Override
    public void part(HttpContent part) {
        journal.out(part.content().readableBytes());
        boolean last = part instanceof LastHttpContent;
        client.write(part);
        if (last) {
            client.flush();
            giveBack();
            end(status, null);
        } else {
            front.alarm().in(timeout());
            throttle();
        }
    }

    @Override
    public void readComplete() {
        client.flush();
    }

    /** The replica is read only as fast as the client reads. */
    void clientWritabilityChanged() {
        if (state == State.ANSWERING) {
            throttle();
        }
    }

    private void throttle() {
        var from = Objects.requireNonNull(upstream).channel().config();
        boolean writable = client.channel().isWritable();
        if (from.isAutoRead() != writable) {
            from.setAutoRead(writable);
        }
    }

    // --- what goes wrong

    /** Nothing was sent, so another try is always right, until the request's time is up. */
    private void refusedByReplica(@Nullable Throwable cause) {
        ejectAndLeaveSeat();
        if (waitingTimeLeft() == 0) {
            answer(
                    Answer.refuse(
                            Reason.NO_REPLICA,
                            "no replica of %s took a connection: %s"
                                    .formatted(at().revision(), text(cause)),
                            SOON));
            return;
        }
        takePlace(at(), true);
    }

    @Override
    public void lost(@Nullable Throwable cause) {
        var from = Objects.requireNonNull(upstream);
        upstream = null;
        if (state == State.ANSWERING) {
            leaveSeat();
            breakOff();
            return;
        }
        if (from.used()) {
            leaveSeat(); // it may have been closing since its last answer: no fault of the
            // replica's
        } else {
            ejectAndLeaveSeat();
        }
        if (mayRepeat()) {
            retriesLeft--;
            freshOnly = true;
            at().metrics().retried();
            takePlace(at(), true);
        } else {
            answer(
                    Answer.refuse(
                            Reason.UPSTREAM_FAILED,
                            "the replica ended the connection before it answered: " + text(cause)));
        }
    }

    private boolean mayRepeat() {
        return retriesLeft > 0
                && body.replayable()
                && Repeatable.is(request.method(), target, gate.settings().forwarding())
                && waitingTimeLeft() > 0
                && at().budget().retry();
    }

    @Override
    public void invalid(String what) {
        upstream = null;
        leaveSeat();
        if (state == State.ANSWERING) {
            breakOff();
        } else {
            answer(
                    Answer.refuse(
                            Reason.UPSTREAM_FAILED, "the replica's answer is not usable: " + what));
        }
    }

    /** The time for what is going on is up. */
    void late() {
        switch (state) {
            case WAITING -> lateInLine();
            case SENT -> {
                cutUpstream();
                answer(
                        Answer.refuse(
                                Reason.UPSTREAM_TIMEOUT,
                                "the replica did not answer within "
                                        + seconds(Objects.requireNonNull(route).timeout())));
            }
            case ANSWERING -> lateInAnswer();
            case ROUTING, CONNECTING, DONE -> {}
        }
    }

    private void lateInLine() {
        if (at().abandon(this)) {
            String missing = at().ready() == 0 ? "no replica was ready" : "no replica had room";
            answer(
                    Answer.refuse(
                            Reason.QUEUE_TIMEOUT,
                            "%s within %s".formatted(missing, seconds(waitingTime())),
                            LATER));
        }
    }

    private void lateInAnswer() {
        boolean clientIsSlow = !Objects.requireNonNull(upstream).channel().config().isAutoRead();
        if (clientIsSlow) {
            front.alarm().in(timeout()); // the door watches clients that read nothing
        } else {
            cutUpstream();
            breakOff();
        }
    }

    /** The client sees an end that is no success; a reader of events is told so in words. */
    private void breakOff() {
        if (eventStream) {
            var error = Answer.json(502, "the replica broke off its answer", path());
            client.write(
                    new DefaultHttpContent(
                            Unpooled.wrappedBuffer(
                                    ByteBufUtil.writeAscii(
                                            client.alloc(), "\n\nevent: error\ndata: "),
                                    Unpooled.wrappedBuffer(error),
                                    ByteBufUtil.writeAscii(client.alloc(), "\n\n"))));
        }
        client.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        end(status, Reason.UPSTREAM_FAILED);
    }

    /** Nobody reads the answer: the replica's work is stopped at once. */
    void clientLeft() {
        switch (state) {
            case DONE -> {
                return;
            }
            case WAITING -> at().abandon(this);
            case CONNECTING -> leaveSeat();
            case SENT, ANSWERING -> cutUpstream();
            case ROUTING -> {}
        }
        end(CLIENT_LEFT, null);
    }

    /** The door has refused the rest of the request and answered it. */
    void cut(Refusal refusal) {
        int answered = status != 0 ? status : refusal.status();
        switch (state) {
            case DONE -> {
                return;
            }
            case WAITING -> at().abandon(this);
            case CONNECTING -> leaveSeat();
            case SENT, ANSWERING -> cutUpstream();
            case ROUTING -> {}
        }
        end(answered, null);
    }

    // --- end

    private void answer(Answer own) {
        byte[] bytes = own.body(path());
        var response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(own.status()),
                        Unpooled.wrappedBuffer(bytes));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set(HttpHeaderNames.CONTENT_LENGTH, bytes.length)
                .set(Headers.REQUEST_ID, journal.requestId());
        own.reason().ifPresent(r -> response.headers().set(Headers.REASON, r.wireName()));
        own.retryAfter()
                .ifPresent(after ->
                        response.headers().set(HttpHeaderNames.RETRY_AFTER, after.toSeconds()));
        journal.out(bytes.length);
        client.writeAndFlush(response);
        end(own.status(), own.reason().orElse(null));
    }

    private void end(int code, @Nullable Reason reason) {
        state = State.DONE;
        front.alarm().off();
        body.drop();
        leaveDesk();
        journal.end(code, reason, body.bytes());
        front.pause(false);
    }

    private void giveBack() {
        var done = Objects.requireNonNull(upstream);
        upstream = null;
        done.giveBack(body.complete());
        leaveSeat();
    }

    private void cutUpstream() {
        if (upstream != null) {
            upstream.cutOff();
            upstream = null;
        }
        leaveSeat();
    }

    private void ejectAndLeaveSeat() {
        Objects.requireNonNull(seat).failed(System.nanoTime());
        at().metrics().ejected();
        leaveSeat();
    }

    private void leaveSeat() {
        Seat left = seat;
        if (left != null) {
            seat = null;
            at().leave(left);
        }
    }

    private void leaveDesk() {
        if (desk != null) {
            desk.load().leave(System.nanoTime());
            desk = null;
        }
    }

    private Desk at() {
        return Objects.requireNonNull(desk);
    }

    private long timeout() {
        return Objects.requireNonNull(route).timeout().toNanos();
    }

    private String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1_000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    private static String text(@Nullable Throwable cause) {
        return cause == null || cause.getMessage() == null
                ? "connection closed"
                : cause.getMessage();
    }
}
