package dev.marea.gateway;

import dev.marea.core.route.ModelNames;
import dev.marea.core.route.RouteIndex.Match;
import dev.marea.core.route.RouteTable.Revision;
import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.route.Split;
import dev.marea.core.spec.Reason;
import dev.marea.wire.http.CheckedRequest;
import dev.marea.wire.http.Grpc;
import dev.marea.wire.http.Refusal;
import dev.marea.wire.http.StreamReset;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request from its head to the end of its answer: route, wait, forward, and again if a replica
 * broke before it said anything. Lives on its client's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as a closed channel
final class Exchange implements Waiter, Upstream.Reader {
    private enum State {
        ROUTING,
        CHOOSING,
        WAITING,
        CONNECTING,
        SENT,
        ANSWERING,
        DONE
    }

    /** What is noted where there was nobody to answer; nginx's code, known to readers of logs. */
    private static final int CLIENT_LEFT = 499;

    private final GatewayContext gateway;
    private final ClientConnection client;
    private final EventLoop loop;
    private final CheckedRequest request;
    private final RequestStats stats;
    private final RequestBody body;
    private final Reply reply;
    private final Reservation reservation = new Reservation();
    private final Flow flow;
    private final Forwarded forwarded;
    private final Patience patience;
    private final Heartbeat heartbeat;

    private State state = State.ROUTING;
    private @Nullable Route route;
    private @Nullable ModelChoice choice;
    private int retriesLeft;
    private boolean freshOnly;

    Exchange(GatewayContext gateway, ClientConnection client, CheckedRequest request) {
        this.gateway = gateway;
        this.client = client;
        this.loop = client.ctx().channel().eventLoop();
        this.request = request;
        this.forwarded = new Forwarded(request, client);
        this.retriesLeft = gateway.settings().forwarding().retries();
        this.body = new RequestBody(gateway.settings().forwarding().replayBytes());
        String id = Headers.requestId(request.headers(), gateway.chance());
        this.stats = new RequestStats(gateway, request, client.address(), id);
        this.reply = new Reply(client.ctx(), stats, forwarded.grpc());
        this.flow = new Flow(client, body, reservation, reply);
        this.heartbeat = new Heartbeat(gateway.settings().waiting().heartbeat(), body, reply);
        Duration waitingMax = gateway.settings().waiting().deadline();
        this.patience =
                new Patience(stats.arrived(), request.headers(), forwarded.grpc(), waitingMax);
    }

    // --- route

    void begin() {
        var view = gateway.directory().view();
        String host = Objects.requireNonNullElse(request.headers().get(HttpHeaderNames.HOST), "");
        switch (view.index().find(host, request.uri())) {
            case Match.Found(var found, var asked, var tag) -> toService(view, found, asked, tag);
            case Match.NoSuchPath(var namespace, var name) ->
                    answer(
                            gateway.directory().told()
                                    ? GatewayAnswers.noSuchPath(namespace, name, host, path())
                                    : GatewayAnswers.noRoutes());
            case Match.NoSuchHost(var bare) -> onBareHost(view, bare);
        }
    }

    /** On a host that is no service's, language models are found by their names. */
    private void onBareHost(Directory.View view, String host) {
        var models = view.index().models();
        var listed = LanguageApi.models(request.method(), path(), models);
        if (choice != null) {
            settle(view, choice.again(models));
        } else if (view.told() && listed.isPresent()) {
            answer(listed.get());
        } else if (view.told() && LanguageApi.asks(request.method(), path())) {
            forwarded.target(LanguageApi.bare(request.uri()));
            choice = new ModelChoice(request.headers(), body, gateway.peeks());
            state = State.CHOOSING;
        } else {
            answer(GatewayAnswers.onBareHost(gateway, host, path()));
        }
    }

    private void settle(Directory.View view, ModelChoice.Found found) {
        switch (found) {
            case ModelChoice.Found.NotYet() -> {}
            case ModelChoice.Found.Refused(var refusal) -> answer(refusal);
            case ModelChoice.Found.Chosen(var chosen) ->
                    toService(view, chosen, forwarded.target(), Optional.empty());
        }
    }

    private void toService(Directory.View view, Route found, String asked, Optional<String> tag) {
        route = found;
        patience.of(found);
        forwarded.target(asked);
        stats.service(found.service());
        if (found.stopped()) {
            answer(GatewayAnswers.stopped(found.service()));
            return;
        }
        if (GatewayAnswers.isInternal(path())) {
            answer(Answer.notFound("the metrics of a replica are not served to clients"));
            return;
        }
        var revision = choose(found.revisions(), tag);
        if (revision.isEmpty()) {
            answer(GatewayAnswers.noRevision(found.service()));
            return;
        }
        RevisionPool chosen = view.pool(found.service(), revision.get().name());
        var asleep = chosen.ready() == 0 ? listed(found) : Optional.<Answer>empty();
        if (asleep.isPresent()) {
            answer(asleep.get());
            return;
        }
        reservation.enter(chosen);
        stats.pool(chosen);
        takePlace(false);
    }

    /** Which models a service has can be said without waking it. */
    private Optional<Answer> listed(Route found) {
        return found.isLanguageModel()
                ? LanguageApi.models(request.method(), path(), ModelNames.of(List.of(found)))
                : Optional.empty();
    }

    /** By the tag that the host or a header names; one that leads nowhere is as good as none. */
    private Optional<Revision> choose(List<Revision> revisions, Optional<String> tag) {
        boolean tagged = !revisions.isEmpty() && !revisions.getFirst().tags().isEmpty();
        if (tagged) {
            var named =
                    tag.or(() -> Headers.tag(request.headers()))
                            .flatMap(t -> Split.tagged(revisions, t));
            if (named.isPresent()) {
                return named;
            }
        }
        return Split.pick(revisions, gateway.chance().share());
    }

    // --- wait

    private void takePlace(boolean hadItsTurn) {
        Backend free = reservation.pool().takeAtOnce();
        if (free != null) {
            dispatch(free);
        } else if (gateway.isLastCall()) {
            answer(GatewayAnswers.closing());
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
                answer(GatewayAnswers.queueFull(pool.revision(), most));
            }
            case QUEUED -> {
                client.deadline().in(patience.waitingLeft());
                if (pool.ready() == 0) {
                    gateway.reporter().urgently();
                }
                if (route().isLanguageModel() && LanguageApi.asks(request.method(), path())) {
                    heartbeat.begin(loop);
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

    // --- forward

    private void dispatch(Backend place) {
        reservation.place(place);
        client.deadline().off();
        heartbeat.stop();
        if (forwarded.needsHttp2(place)) {
            state = State.CONNECTING;
            client.upstreams().stream(place, this::connected);
            return;
        }
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
        flow.begin(forwarded.head(to.backend(), route().service(), stats.requestId(), patience));
        if (choice != null) {
            choice.done();
        }
        client.deadline().in(patience.silence());
    }

    void body(HttpContent part) {
        switch (state) {
            case SENT -> {
                flow.pass(part);
                client.deadline().in(patience.silence());
            }
            case ANSWERING -> flow.pass(part);
            case CHOOSING -> {
                var view = gateway.directory().view();
                var models = view.index().models();
                settle(view, Objects.requireNonNull(choice).part(part, models, forwarded));
            }
            case WAITING, CONNECTING, ROUTING -> flow.keep(part);
            case DONE -> part.release();
        }
    }

    void flushToReplica() {
        flow.flush();
    }

    @Override
    public void writabilityChanged() {
        flow.holdClientBack();
    }

    // --- answer

    @Override
    public void head(HttpResponse answer) {
        state = State.ANSWERING;
        reservation.place().answered();
        body.drop();
        reply.head(answer);
        client.deadline().in(patience.silence());
    }

    @Override
    public void part(HttpContent part) {
        boolean last = part instanceof LastHttpContent;
        reply.part(part, path());
        if (last) {
            reply.flush();
            reservation.giveBackConnection(body.complete());
            end(reply.status(), null);
        } else {
            client.deadline().in(patience.silence());
            flow.holdReplicaBack();
        }
    }

    @Override
    public void readComplete() {
        reply.flush();
    }

    void clientWritabilityChanged() {
        if (state == State.ANSWERING) {
            flow.holdReplicaBack();
        }
    }

    // --- what goes wrong

    /** Nothing was sent, so another try is always right, until the request's time is up. */
    private void refusedByReplica(@Nullable Throwable cause) {
        reservation.ejectPlace();
        if (patience.waitingLeft() > 0) {
            takePlace(true);
            return;
        }
        answer(GatewayAnswers.noConnection(reservation.pool().revision(), cause));
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
            // it may have been closing since its last answer: nobody's fault
            reservation.leavePlace();
        } else {
            reservation.ejectPlace();
        }
        if (mayRepeat(cause)) {
            retriesLeft--;
            freshOnly = true;
            reservation.pool().metrics().retried();
            takePlace(true);
        } else {
            answer(GatewayAnswers.endedEarly(cause));
        }
    }

    private boolean mayRepeat(@Nullable Throwable cause) {
        boolean untouched = cause instanceof StreamReset reset && reset.unprocessed();
        return retriesLeft > 0
                && body.replayable()
                && (untouched
                        || Repeatable.is(request.method(), path(), gateway.settings().forwarding()))
                && patience.waitingLeft() > 0
                && reservation.pool().budget().retry();
    }

    @Override
    public void invalid(String what) {
        reservation.cutConnection();
        if (state == State.ANSWERING) {
            breakOff();
        } else {
            answer(GatewayAnswers.unusable(what));
        }
    }

    private void breakOff() {
        reply.breakOff(path(), patience.clientGaveUp() ? Grpc.DEADLINE_EXCEEDED : Grpc.UNAVAILABLE);
        end(reply.status(), Reason.UPSTREAM_FAILED);
    }

    /** The time for what is going on is up. */
    void late() {
        switch (state) {
            case WAITING -> lateInLine();
            case SENT -> {
                reservation.cutConnection();
                answer(GatewayAnswers.late(patience));
            }
            case ANSWERING -> lateInAnswer();
            case ROUTING, CHOOSING, CONNECTING, DONE -> {}
        }
    }

    private void lateInLine() {
        RevisionPool pool = reservation.pool();
        if (pool.abandon(this)) {
            answer(GatewayAnswers.lateInLine(pool.ready() > 0, patience));
        }
    }

    private void lateInAnswer() {
        if (!flow.holdsReplica() || patience.clientGaveUp()) {
            reservation.cutConnection();
            breakOff();
        } else {
            // the client is slow, and the door watches for that
            client.deadline().in(patience.silence());
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
        end(reply.status(), own.reason().orElse(null));
    }

    private void end(int code, @Nullable Reason reason) {
        state = State.DONE;
        client.deadline().off();
        heartbeat.stop();
        body.drop();
        if (choice != null) {
            choice.done();
        }
        reservation.leave();
        stats.end(code, reply.grpcStatus(), reason, body.bytes());
        client.pause(false);
    }

    private Route route() {
        return Objects.requireNonNull(route);
    }

    private String path() {
        return forwarded.path();
    }
}
