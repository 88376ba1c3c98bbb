package dev.marea.server.llama.child;

import dev.marea.server.llama.ffm.NativeModel;
import dev.marea.server.llama.schedule.Embedder;
import dev.marea.server.llama.schedule.Scheduler;
import dev.marea.server.llama.talk.EngineSettings;
import dev.marea.server.llama.talk.Frames;
import dev.marea.server.llama.talk.Gauges;
import dev.marea.server.llama.talk.ModelFacts;
import dev.marea.server.llama.talk.News;
import dev.marea.server.llama.talk.Order;
import dev.marea.server.llama.talk.Orders;
import dev.marea.server.llama.talk.Reports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.LoggerFactory;

/** Two threads: one reads orders and prepares them, this one makes steps. */
final class Engine {
    private static final int JOBS_MAX = 4_096;
    private static final Duration PULSE = Duration.ofMillis(200);

    /** The tokenizer of llama.cpp recurses over long texts. */
    private static final long READER_STACK_BYTES = 64L << 20;

    private final Frames frames;
    private final BlockingQueue<Job> jobs = new ArrayBlockingQueue<>(JOBS_MAX);
    private final Intake intake;
    private final Scheduler scheduler;
    private final Embedder embedder;
    private Gauges told = Gauges.NONE;
    private long pulsed = System.nanoTime();

    private Engine(Loaded loaded, EngineSettings settings, Frames frames) {
        this.frames = frames;
        NativeModel model = loaded.model();
        var facts = loaded.facts();
        intake = new Intake(model.vocabulary(), facts);
        scheduler =
                new Scheduler(
                        loaded.context(),
                        model.vocabulary(),
                        loaded.adapters(),
                        this::tell,
                        new Scheduler.Limits(
                                loaded.sequences(),
                                settings.active(),
                                settings.waitingMax(),
                                facts.lengthMax(),
                                model.isRecurrent()));
        embedder =
                new Embedder(
                        loaded.context(),
                        model.encodesOnly(),
                        facts.width(),
                        facts.kind() == ModelFacts.Kind.GENERATES ? 0 : loaded.sequences(),
                        JOBS_MAX,
                        this::tell);
    }

    /** Works until the door is gone. */
    static void run(Loaded loaded, EngineSettings settings, Frames frames) throws IOException {
        var engine = new Engine(loaded, settings, frames);
        new Thread(null, engine::readOrders, "orders", READER_STACK_BYTES).start();
        try {
            engine.work();
        } catch (UncheckedIOException gone) {
            throw gone.getCause();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() throws IOException, InterruptedException {
        var batch = new ArrayList<Job>();
        while (true) {
            batch.clear();
            if (scheduler.isIdle() && embedder.isIdle()) {
                pulse(true);
                batch.add(jobs.take());
            }
            jobs.drainTo(batch);
            for (var job : batch) {
                switch (job) {
                    case Job.Make(var generation) -> scheduler.add(generation);
                    case Job.Embed(var text) -> embedder.add(text);
                    case Job.Cancel(var id) -> {
                        scheduler.cancel(id);
                        embedder.cancel(id);
                    }
                }
            }
            scheduler.step();
            embedder.step();
            pulse(false);
            frames.flush();
        }
    }

    /** Tells how it goes when that has changed and enough time has passed, or it becomes quiet. */
    private void pulse(boolean now) throws IOException {
        if (!now && System.nanoTime() - pulsed < PULSE.toNanos()) {
            return;
        }
        pulsed = System.nanoTime();
        var gauges = scheduler.gauges();
        if (!gauges.equals(told)) {
            told = gauges;
            tell(new News.Pulse(gauges));
            frames.flush();
        }
    }

    private void tell(News news) {
        try {
            Reports.write(frames, news);
        } catch (Frames.FrameTooLong tooLong) {
            throw new IllegalStateException(tooLong);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private void readOrders() {
        try {
            while (true) {
                var order = Orders.read(frames);
                prepare(order);
            }
        } catch (IOException _) {
            // The door is gone: nobody wants what is being made, not even the step under way.
            Runtime.getRuntime().halt(0);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error bug) {
            LoggerFactory.getLogger(Engine.class).error("the engine ends", bug);
            Runtime.getRuntime().halt(EngineMain.BUG);
        }
    }

    private void prepare(Order order) throws IOException, InterruptedException {
        switch (order) {
            case Order.Load _ -> throw new IOException("a second model for one engine");
            case Order.Cancel(var id) -> jobs.put(new Job.Cancel(id));
            case Order.Generate generate ->
                    attempt(generate.id(), () -> jobs.put(intake.generation(generate)));
            case Order.Embed embed -> attempt(embed.id(), () -> jobs.put(intake.text(embed)));
            case Order.Tokenize(var id, var prompt) ->
                    attempt(id, () -> answer(new News.Tokens(id, intake.tokens(prompt))));
            case Order.Detokenize(var id, var tokens) ->
                    attempt(id, () -> answer(new News.Text(id, intake.text(tokens))));
        }
    }

    /** Something that an order may turn out not to allow. */
    @FunctionalInterface
    private interface Attempt {
        void run() throws Intake.Refusal, IOException, InterruptedException;
    }

    private void attempt(long id, Attempt attempt) throws IOException, InterruptedException {
        try {
            attempt.run();
        } catch (Intake.Refusal refusal) {
            answer(refusal.news(id));
        } catch (IllegalArgumentException bad) {
            answer(new News.Failed(id, News.Why.BAD_REQUEST, String.valueOf(bad.getMessage())));
        }
    }

    private void answer(News news) throws IOException {
        tell(news);
        frames.flush();
    }
}
