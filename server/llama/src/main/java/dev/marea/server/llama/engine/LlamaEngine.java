package dev.marea.server.llama.engine;

import dev.marea.server.llama.talk.EngineSettings;
import dev.marea.server.llama.talk.Gauges;
import dev.marea.server.llama.talk.ModelFacts;
import dev.marea.server.llama.talk.News;
import dev.marea.server.llama.talk.Order;
import dev.marea.server.llama.talk.Orders;
import dev.marea.server.llama.talk.Prompt;
import dev.marea.server.llama.talk.Reports;
import dev.marea.server.llama.talk.Wanted;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model behind a process of its own. The process may die of a bug in native code: those who
 * waited for it are told, and it is started again. Any thread may ask.
 */
public final class LlamaEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LlamaEngine.class);

    /** How long an order waits for a process that is being started again. */
    private static final Duration RESTART_WAIT = Duration.ofSeconds(10);

    /** Text to tokens and back takes milliseconds; a vector may wait behind others. */
    private static final Duration SMALL_ORDER_TIME = Duration.ofMinutes(5);

    private final EngineSettings settings;
    private final Launch launch;
    private final Map<Long, Making> making = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final CompletableFuture<ModelFacts> firstReady = new CompletableFuture<>();
    private final Object state = new Object();
    private @Nullable EngineProcess ready;
    private @Nullable EngineProcess process;
    private boolean ended;
    private boolean over;
    private volatile Gauges gauges = Gauges.NONE;
    private volatile long heard = System.nanoTime();
    private final AtomicLong restarts = new AtomicLong();

    private LlamaEngine(EngineSettings settings, Launch launch) {
        this.settings = settings;
        this.launch = launch;
    }

    /** Starts its process; returns at once. */
    public static LlamaEngine start(EngineSettings settings, Launch launch) {
        var engine = new LlamaEngine(settings, launch);
        Thread.ofPlatform().daemon().name("engine").start(engine::keepRunning);
        return engine;
    }

    /** A model that cannot be loaded, and why. */
    public static final class NotLoaded extends Exception {
        private static final long serialVersionUID = 1;

        NotLoaded(String message) {
            super(message, null, false, false);
        }
    }

    /** Waits until the model is loaded. */
    public ModelFacts awaitReady() throws NotLoaded, InterruptedException {
        try {
            return firstReady.get(launch.loadTime().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof NotLoaded reason
                    ? reason
                    : new NotLoaded(String.valueOf(failed.getCause()));
        } catch (TimeoutException _) {
            throw new NotLoaded("it is not loaded after " + launch.loadTime().toSeconds() + " s");
        }
    }

    public boolean isReady() {
        synchronized (state) {
            return ready != null;
        }
    }

    /** Whether it will never be ready again. */
    public boolean isOver() {
        synchronized (state) {
            return over;
        }
    }

    public Gauges gauges() {
        return gauges;
    }

    /** How often its process has died. */
    public long restarts() {
        return restarts.get();
    }

    /** The process that answers now. */
    public Optional<Long> pid() {
        synchronized (state) {
            return Optional.ofNullable(ready).map(EngineProcess::pid);
        }
    }

    public Making generate(Prompt prompt, Wanted wanted) throws Refused, InterruptedException {
        return order(wanted.choices(), id -> new Order.Generate(id, prompt, wanted));
    }

    /**
     * A text's vector, or the score of a pair.
     *
     * @param second the other text of a pair, or empty
     */
    public News.Vector embed(Prompt prompt, String second) throws Refused, InterruptedException {
        return answer(News.Vector.class, id -> new Order.Embed(id, prompt, second));
    }

    /** Starts embedding without waiting, so that several texts share steps. */
    public Making embedding(Prompt prompt, String second) throws Refused, InterruptedException {
        return order(1, id -> new Order.Embed(id, prompt, second));
    }

    public int[] tokenize(Prompt prompt) throws Refused, InterruptedException {
        return answer(News.Tokens.class, id -> new Order.Tokenize(id, prompt)).tokens();
    }

    public String detokenize(int[] tokens) throws Refused, InterruptedException {
        return answer(News.Text.class, id -> new Order.Detokenize(id, tokens)).text();
    }

    /** Waits for the one answer that an order has. */
    public <T extends News.Of> T await(Class<T> kind, Making one)
            throws Refused, InterruptedException {
        var news = one.next(SMALL_ORDER_TIME);
        making.remove(one.id());
        return switch (news.orElse(null)) {
            case null -> {
                endIfSilent(SMALL_ORDER_TIME);
                throw new Refused(News.Why.ENGINE, "the engine does not answer");
            }
            case News.Failed(_, var why, var message) -> throw new Refused(why, message);
            case News.Of other -> kind.cast(other);
        };
    }

    private <T extends News.Of> T answer(Class<T> kind, Numbered order)
            throws Refused, InterruptedException {
        return await(kind, order(1, order));
    }

    /** An order that gets its number. */
    @FunctionalInterface
    private interface Numbered {
        Order with(long id);
    }

    private Making order(int choices, Numbered order) throws Refused, InterruptedException {
        var to = awaitProcess();
        long id = ids.incrementAndGet();
        var one = new Making(id, choices, () -> cancel(to, id));
        making.put(id, one);
        try {
            send(to, order.with(id));
        } catch (IOException gone) {
            making.remove(id);
            throw new Refused(
                    News.Why.ENGINE, "the engine cannot be reached: " + gone.getMessage());
        }
        synchronized (state) {
            // It may have died before it knew of us, and then nobody has told us.
            if (ready != to && making.remove(id) != null) {
                throw new Refused(News.Why.ENGINE, "the engine has died");
            }
        }
        return one;
    }

    private void cancel(EngineProcess to, long id) {
        making.remove(id);
        try {
            send(to, new Order.Cancel(id));
        } catch (IOException _) {
            // it is gone, and with it what was to be cancelled
        }
    }

    private static void send(EngineProcess to, Order order) throws IOException {
        Orders.write(to.frames(), order);
        to.frames().flush();
    }

    private EngineProcess awaitProcess() throws Refused, InterruptedException {
        long deadline = System.nanoTime() + RESTART_WAIT.toNanos();
        synchronized (state) {
            while (ready == null && !over) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    break;
                }
                state.wait(left);
            }
            if (ready != null) {
                return ready;
            }
        }
        throw new Refused(News.Why.BUSY, "the model is not loaded yet");
    }

    private void keepRunning() {
        try {
            runAgainAndAgain();
        } finally {
            firstReady.completeExceptionally(new NotLoaded("the engine has ended"));
            synchronized (state) {
                over = true;
                state.notifyAll();
            }
        }
    }

    private void runAgainAndAgain() {
        var pace = new Pace();
        while (true) {
            long begun = System.nanoTime();
            try {
                var end = runOnce();
                if (end.isEmpty()) {
                    return;
                }
                LOG.error("the engine's process died ({}); it is started again", end.get());
            } catch (NotLoaded failed) {
                firstReady.completeExceptionally(failed);
                LOG.error("the model cannot be loaded: {}", failed.getMessage());
                return;
            } catch (InterruptedException _) {
                return;
            }
            restarts.incrementAndGet();
            if (!pace.awaitNext(Duration.ofNanos(System.nanoTime() - begun))) {
                return;
            }
        }
    }

    /** From a start to the end; how it died, or nothing if it was ended by us. */
    private Optional<String> runOnce() throws NotLoaded, InterruptedException {
        try (var started = EngineProcess.start(launch)) {
            synchronized (state) {
                if (ended) {
                    return Optional.empty();
                }
                process = started;
            }
            send(started, new Order.Load(settings));
            listen(started);
            return Optional.empty(); // never: listening ends by an exception
        } catch (IOException gone) {
            return whyGone(gone);
        }
    }

    private void listen(EngineProcess from) throws IOException, NotLoaded {
        while (true) {
            var news = Reports.read(from.frames());
            heard = System.nanoTime();
            switch (news) {
                case News.Ready(var facts) -> becomeReady(from, facts);
                case News.NotLoaded(var message) -> throw new NotLoaded(message);
                case News.Pulse(var told) -> gauges = told;
                case News.Of of -> deliver(of);
            }
        }
    }

    private void becomeReady(EngineProcess from, ModelFacts facts) {
        synchronized (state) {
            ready = from;
            state.notifyAll();
        }
        firstReady.complete(facts);
    }

    private void deliver(News.Of of) {
        var one = making.get(of.id());
        if (one == null) {
            return; // cancelled a moment ago
        }
        one.take(of);
        if (of instanceof News.Failed) {
            making.remove(of.id());
        }
    }

    private Optional<String> whyGone(IOException gone) throws InterruptedException {
        EngineProcess dead;
        boolean byUs;
        synchronized (state) {
            dead = process;
            byUs = ended;
            ready = null;
            process = null;
        }
        gauges = Gauges.NONE;
        var why = dead == null ? String.valueOf(gone.getMessage()) : dead.end();
        for (var id : List.copyOf(making.keySet())) {
            var one = making.remove(id);
            if (one != null) {
                one.take(
                        new News.Failed(
                                id, News.Why.ENGINE, "the engine died while it worked on this"));
            }
        }
        return byUs ? Optional.empty() : Optional.of(why);
    }

    /**
     * Ends a process that has said nothing for so long, though somebody waits: native code may hang
     * as well as die. It is started again.
     */
    public void endIfSilent(Duration time) {
        synchronized (state) {
            if (process != null && System.nanoTime() - heard > time.toNanos()) {
                process.kill();
            }
        }
    }

    /** To be called when a making has ended. */
    public void forget(Making one) {
        making.remove(one.id());
        one.close();
    }

    @Override
    public void close() {
        EngineProcess last;
        synchronized (state) {
            ended = true;
            last = process;
            state.notifyAll();
        }
        if (last != null) {
            last.kill();
        }
    }
}
