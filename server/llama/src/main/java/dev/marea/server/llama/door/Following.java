package dev.marea.server.llama.door;

import dev.marea.server.llama.engine.LlamaEngine;
import dev.marea.server.llama.engine.Making;
import dev.marea.server.llama.talk.News;
import dev.marea.wire.http.Response;
import dev.marea.wire.llm.openai.Usage;
import java.io.IOException;
import java.time.Duration;

/** Follows one generation to its end, and cancels it when nobody wants it any more. */
final class Following {
    /** How soon a client that went away is noticed while nothing is written to it. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private static final Duration QUIET = Duration.ofSeconds(10);

    /** An engine that says nothing for so long will not say anything more. */
    private static final Duration SILENT_MAX = Duration.ofMinutes(5);

    private final LlamaEngine engine;
    private final LlmMetrics metrics;
    private final Response response;

    Following(LlamaEngine engine, LlmMetrics metrics, Response response) {
        this.engine = engine;
        this.metrics = metrics;
        this.response = response;
    }

    /** What it took; the making is over after this, however it ends. */
    Usage follow(Making making, Told told) throws ApiTrouble, IOException, InterruptedException {
        var timing = metrics.begin();
        try {
            var usage = heard(making, told, timing);
            timing.succeeded(usage);
            return usage;
        } catch (ApiTrouble | IOException | InterruptedException | RuntimeException failed) {
            timing.failed(response.clientGone());
            throw failed;
        } finally {
            engine.forget(making);
        }
    }

    private Usage heard(Making making, Told told, LlmMetrics.Timing timing)
            throws ApiTrouble, IOException, InterruptedException {
        var read = new News.Read(0, 0, 0);
        int made = 0;
        while (!making.isDone()) {
            switch (next(making, told)) {
                case News.Read begun -> {
                    read = begun;
                    timing.begun();
                    told.read(begun);
                }
                case News.Made token -> {
                    timing.token();
                    told.made(token);
                }
                case News.Ended ended -> {
                    made += ended.tokens();
                    timing.ended(ended.end());
                    told.ended(ended);
                }
                case News.Failed(_, var why, var message) ->
                        throw new ApiTrouble(ApiTrouble.error(why, message));
                case News.Vector _, News.Tokens _, News.Text _ ->
                        throw new IllegalStateException("no news of a generation");
            }
        }
        return new Usage(read.prompt(), made, read.cached(), 0);
    }

    private News.Of next(Making making, Told told)
            throws ApiTrouble, IOException, InterruptedException {
        long begun = System.nanoTime();
        long said = begun;
        for (var news = making.next(LOOK_EVERY); ; news = making.next(LOOK_EVERY)) {
            if (news.isPresent()) {
                return news.get();
            }
            if (response.clientGone()) {
                throw new IOException("the client has gone away");
            }
            long now = System.nanoTime();
            if (now - begun > SILENT_MAX.toNanos()) {
                engine.endIfSilent(SILENT_MAX);
                throw new ApiTrouble(
                        ApiTrouble.error(News.Why.ENGINE, "the engine does not answer"));
            }
            if (now - said > QUIET.toNanos()) {
                said = now;
                told.quiet();
            }
        }
    }
}
