package dev.marea.server.llama.door;

import dev.marea.server.llama.engine.Launch;
import dev.marea.server.llama.engine.LlamaEngine;
import dev.marea.server.llama.talk.ModelFacts;
import dev.marea.wire.http.DoorSettings;
import dev.marea.wire.http.EventLoops;
import dev.marea.wire.http.HttpLimits;
import dev.marea.wire.http.HttpServer;
import dev.marea.wire.json.JsonWriter;
import dev.marea.wire.llm.openai.ApiError;
import dev.marea.wire.llm.request.RequestLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** One LLM behind one door. The socket opens at once; readiness comes with the model. */
final class LlmServer implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(25);
    private static final int REQUESTS_MAX = 2_048;
    private static final int CONNECTIONS_MAX = 20_000;
    private static final String VERSION = "0.1.0";

    private final LlmSettings settings;
    private final LlamaEngine engine;
    private final EventLoops loops;
    private final HttpServer server;
    private final LlmMetrics metrics;
    private volatile Optional<LlmHandler.Calls> calls = Optional.empty();

    private LlmServer(LlmSettings settings, LlamaEngine engine, EventLoops loops)
            throws IOException {
        this.settings = settings;
        this.engine = engine;
        this.loops = loops;
        metrics = new LlmMetrics(settings.modelName(), engine::gauges, engine::restarts);
        var limits =
                settings.templatesFromRequests()
                        ? RequestLimits.DEFAULT.allowingTemplates()
                        : RequestLimits.DEFAULT;
        server =
                HttpServer.open(
                        DoorSettings.of(loops, settings.host(), settings.port())
                                .with(HttpLimits.DEFAULTS.withLoad(CONNECTIONS_MAX, REQUESTS_MAX))
                                .with((status, message, path) ->
                                        JsonWriter.bytes(ApiError.of(status, message).json())),
                        new LlmHandler(() -> calls, metrics, limits, VERSION));
    }

    /** The engine's process starts first: it takes the longest. */
    static LlmServer open(LlmSettings settings, Launch launch)
            throws IOException, ModelFile.NoModel {
        var model = ModelFile.find(settings.modelPath());
        var engine = LlamaEngine.start(Sizes.fitting(settings, model, Memory.available()), launch);
        var loops = EventLoops.open(1);
        try {
            return new LlmServer(settings, engine, loops);
        } catch (IOException failed) {
            engine.close();
            loops.close();
            throw failed;
        }
    }

    int port() {
        return server.port();
    }

    /** The engine's process, while there is one. */
    Optional<Long> enginePid() {
        return engine.pid();
    }

    /** Waits for the model, and serves it from then on. */
    ModelFacts awaitLoaded() throws LlamaEngine.NotLoaded, InterruptedException, IOException {
        var loaded = engine.awaitReady();
        var facts =
                settings.chatTemplate().isPresent()
                        ? loaded.withTemplate(Files.readString(settings.chatTemplate().get()))
                        : loaded;
        calls = Optional.of(calls(facts, Clock.systemUTC()));
        return facts;
    }

    private LlmHandler.Calls calls(ModelFacts facts, Clock clock) {
        var served =
                Served.of(
                        settings.modelName(),
                        settings.adapters().keySet(),
                        engine,
                        facts,
                        clock.instant().getEpochSecond());
        var random = new SecureRandom();
        var names = new Names(random, clock);
        var wishes = new Wishes(random);
        var prompts = new Prompts(served, clock);
        return new LlmHandler.Calls(
                served,
                new ChatCall(served, prompts, wishes, names, metrics),
                new CompletionCall(served, wishes, names, metrics),
                new VectorCalls(served, names),
                new TokenCalls(served, prompts));
    }

    /** Not ready from now on; what runs is answered within the drain. */
    @Override
    public void close() {
        server.close(DRAIN);
        engine.close();
        loops.close();
    }
}
