package dev.marea.server.llama.door;

import dev.marea.server.llama.engine.Making;
import dev.marea.server.llama.engine.Refused;
import dev.marea.server.llama.talk.Prompt;
import dev.marea.server.llama.talk.Wanted;
import dev.marea.wire.http.Response;
import dev.marea.wire.llm.openai.CompletionReply;
import dev.marea.wire.llm.openai.CompletionRequest;
import dev.marea.wire.llm.openai.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code POST /v1/completions}. */
final class CompletionCall {
    /** All of them are asked at once, and none of them may fill the engine's queue alone. */
    private static final int PROMPTS_MAX = 64;

    private final Served served;
    private final Wishes wishes;
    private final Names names;
    private final LlmMetrics metrics;

    CompletionCall(Served served, Wishes wishes, Names names, LlmMetrics metrics) {
        this.served = served;
        this.wishes = wishes;
        this.names = names;
        this.metrics = metrics;
    }

    void answer(CompletionRequest request, Response response)
            throws ApiTrouble, IOException, InterruptedException {
        check(request);
        var wanted = wanted(request);
        var prompts = Prompts.inputs(request.prompts(), true);
        var reply = new CompletionReply(names.head("cmpl-", served.shownName(request.model())));
        var makings = new ArrayList<Making>();
        try {
            for (var prompt : prompts) {
                makings.add(making(prompt, wanted));
            }
            if (request.streaming().stream()) {
                stream(request, makings, texts(request, prompts), reply, response);
            } else {
                whole(request, makings, texts(request, prompts), reply, response);
            }
        } finally {
            makings.forEach(served.engine()::forget);
        }
    }

    private static void check(CompletionRequest request) throws ApiTrouble {
        if (request.prompts().size() > PROMPTS_MAX) {
            throw ApiTrouble.badRequest(
                    "prompt has %d items; at most %d are taken in one request"
                            .formatted(request.prompts().size(), PROMPTS_MAX),
                    "prompt");
        }
        if (!request.suffix().isEmpty()) {
            throw ApiTrouble.badRequest("suffix is not served by this engine", "suffix");
        }
        if (request.sampling().tokensMax().orElse(1) == 0) {
            throw ApiTrouble.badRequest("max_tokens must be at least 1", "max_tokens");
        }
        if (request.echo() && request.logprobs().isPresent()) {
            throw ApiTrouble.badRequest(
                    "logprobs of the prompt are not served by this engine; drop echo or logprobs",
                    "echo");
        }
    }

    private Wanted wanted(CompletionRequest request) throws ApiTrouble {
        return wishes.wanted(
                request.sampling(),
                request.choices(),
                request.logprobs(),
                Shape.of(request.format()),
                false,
                served.adapter(request.model()),
                request.rest());
    }

    /** What an echo says before each answer. */
    private List<String> texts(CompletionRequest request, List<Prompt> prompts)
            throws ApiTrouble, InterruptedException {
        var texts = new ArrayList<String>();
        for (var prompt : prompts) {
            texts.add(request.echo() ? text(prompt) : "");
        }
        return texts;
    }

    private String text(Prompt prompt) throws ApiTrouble, InterruptedException {
        try {
            return switch (prompt) {
                case Prompt.Text(var parts, _) -> parts.getFirst().text();
                case Prompt.Tokens(var ids) -> served.engine().detokenize(ids);
            };
        } catch (Refused refused) {
            throw ApiTrouble.of(refused);
        }
    }

    private Making making(Prompt prompt, Wanted wanted) throws ApiTrouble, InterruptedException {
        try {
            return served.engine().generate(prompt, wanted);
        } catch (Refused refused) {
            throw ApiTrouble.of(refused);
        }
    }

    private void stream(
            CompletionRequest request,
            List<Making> makings,
            List<String> echoes,
            CompletionReply reply,
            Response response)
            throws ApiTrouble, IOException, InterruptedException {
        var events = new Events(response);
        var usage = Usage.of(0, 0);
        try {
            for (int i = 0; i < makings.size(); i++) {
                var told =
                        new CompletionStream(
                                reply,
                                events,
                                i * request.choices(),
                                request.choices(),
                                echoes.get(i));
                usage = sum(usage, following(response).follow(makings.get(i), told));
            }
            if (request.streaming().includeUsage()) {
                events.send(reply.usage(usage));
            }
            events.done();
        } catch (ApiTrouble trouble) {
            if (!events.begun()) {
                throw trouble;
            }
            events.fail(trouble.error());
        }
    }

    private void whole(
            CompletionRequest request,
            List<Making> makings,
            List<String> echoes,
            CompletionReply reply,
            Response response)
            throws ApiTrouble, IOException, InterruptedException {
        var usage = Usage.of(0, 0);
        var choices = new ArrayList<CompletionReply.Choice>();
        for (int i = 0; i < makings.size(); i++) {
            var told =
                    new CompletionWhole(
                            i * request.choices(),
                            request.choices(),
                            echoes.get(i),
                            request.logprobs().isPresent());
            usage = sum(usage, following(response).follow(makings.get(i), told));
            choices.addAll(told.choices());
        }
        Answers.json(response, 200, reply.whole(choices, usage));
    }

    private static Usage sum(Usage one, Usage other) {
        return new Usage(
                one.prompt() + other.prompt(),
                one.completion() + other.completion(),
                one.cached() + other.cached(),
                0);
    }

    private Following following(Response response) {
        return new Following(served.engine(), metrics, response);
    }
}
