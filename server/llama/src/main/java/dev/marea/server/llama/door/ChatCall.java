package dev.marea.server.llama.door;

import dev.marea.server.llama.engine.Making;
import dev.marea.server.llama.engine.Refused;
import dev.marea.server.llama.talk.Wanted;
import dev.marea.wire.http.Response;
import dev.marea.wire.llm.openai.ChatReply;
import dev.marea.wire.llm.openai.ChatRequest;
import dev.marea.wire.llm.openai.ResponseFormat;
import dev.marea.wire.llm.openai.ToolChoice;
import dev.marea.wire.llm.tools.OutputParser;
import dev.marea.wire.llm.tools.OutputParsers;
import dev.marea.wire.llm.tools.ReasoningFormat;
import dev.marea.wire.llm.tools.ToolFormat;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** {@code POST /v1/chat/completions}. */
final class ChatCall {
    private final Served served;
    private final Prompts prompts;
    private final Wishes wishes;
    private final Names names;
    private final LlmMetrics metrics;

    ChatCall(Served served, Prompts prompts, Wishes wishes, Names names, LlmMetrics metrics) {
        this.served = served;
        this.prompts = prompts;
        this.wishes = wishes;
        this.names = names;
        this.metrics = metrics;
    }

    void answer(ChatRequest request, Response response)
            throws ApiTrouble, IOException, InterruptedException {
        var adapter = served.adapter(request.model());
        var rendered = prompts.chat(request);
        var speech = speech(request, rendered);
        var wanted =
                wishes.wanted(
                        request.sampling(),
                        request.choices(),
                        request.logprobs(),
                        speech.grammar(),
                        speech.tools() != ToolFormat.NONE,
                        adapter,
                        request.rest());
        var speakers =
                IntStream.range(0, request.choices())
                        .mapToObj(i -> new Speaker(i, speech.parsers().get()))
                        .toList();
        var reply = new ChatReply(names.head("chatcmpl-", served.shownName(request.model())));
        if (request.streaming().stream()) {
            stream(rendered, wanted, reply, speakers, request, response);
        } else {
            whole(rendered, wanted, reply, speakers, request, response);
        }
    }

    /**
     * How the model shall speak, and how it is understood.
     *
     * @param grammar that holds it, or empty
     */
    private record Speech(ToolFormat tools, String grammar, Supplier<OutputParser> parsers) {}

    private Speech speech(ChatRequest request, Prompts.Rendered rendered) throws ApiTrouble {
        var callable = request.tools().callable();
        boolean forced =
                switch (request.tools().choice()) {
                    case ToolChoice.Required(), ToolChoice.Named _ -> true;
                    case ToolChoice.Auto(), ToolChoice.None() -> false;
                };
        Supplier<String> ids = () -> names.id("call_");
        if (forced) {
            return new Speech(ToolFormat.NONE, Shape.call(callable), () -> new ForcedCall(ids));
        }
        var tools =
                callable.isEmpty() || !(request.format() instanceof ResponseFormat.Text)
                        ? ToolFormat.NONE
                        : ToolFormat.of(rendered.template());
        var grammar = Shape.of(request.format());
        // A grammar leaves no room for thoughts.
        var reasoning =
                grammar.isEmpty()
                        ? ReasoningFormat.of(rendered.template(), rendered.text())
                        : ReasoningFormat.NONE;
        return new Speech(tools, grammar, () -> OutputParsers.of(tools, reasoning, ids));
    }

    private void stream(
            Prompts.Rendered rendered,
            Wanted wanted,
            ChatReply reply,
            List<Speaker> speakers,
            ChatRequest request,
            Response response)
            throws ApiTrouble, IOException, InterruptedException {
        var events = new Events(response);
        var told = new ChatStream(reply, events, speakers, request.streaming());
        try {
            told.finish(following(response).follow(making(rendered, wanted), told));
        } catch (ApiTrouble trouble) {
            if (!events.begun()) {
                throw trouble;
            }
            events.fail(trouble.error());
        }
    }

    private void whole(
            Prompts.Rendered rendered,
            Wanted wanted,
            ChatReply reply,
            List<Speaker> speakers,
            ChatRequest request,
            Response response)
            throws ApiTrouble, IOException, InterruptedException {
        var told = new ChatWhole(speakers, request.logprobs().isPresent());
        var usage = following(response).follow(making(rendered, wanted), told);
        Answers.json(response, 200, reply.whole(told.choices(), usage));
    }

    private Making making(Prompts.Rendered rendered, Wanted wanted)
            throws ApiTrouble, InterruptedException {
        try {
            return served.engine().generate(rendered.prompt(), wanted);
        } catch (Refused refused) {
            throw ApiTrouble.of(refused);
        }
    }

    private Following following(Response response) {
        return new Following(served.engine(), metrics, response);
    }
}
