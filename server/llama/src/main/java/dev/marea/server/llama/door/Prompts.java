package dev.marea.server.llama.door;

import dev.marea.server.llama.talk.Prompt;
import dev.marea.wire.json.Json;
import dev.marea.wire.llm.chat.ChatTemplate;
import dev.marea.wire.llm.jinja.TemplateError;
import dev.marea.wire.llm.openai.ApiError;
import dev.marea.wire.llm.openai.ChatRequest;
import dev.marea.wire.llm.openai.Input;
import dev.marea.wire.llm.openai.Tool;
import dev.marea.wire.llm.openai.ToolChoice;
import dev.marea.wire.llm.openai.ToolUse;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Messages and inputs become what a model reads. */
final class Prompts {
    private final Served served;
    private final Quoting quoting;
    private final Clock clock;

    Prompts(Served served, Clock clock) {
        this.served = served;
        this.clock = clock;
        quoting = new Quoting(served.facts().control());
    }

    /**
     * A chat as its template writes it.
     *
     * @param text for a person, and for whoever wants to know how it ends
     */
    record Rendered(String template, String text, Prompt prompt) {}

    Rendered chat(ChatRequest request) throws ApiTrouble {
        var flags =
                new ChatTemplate.Flags(
                        request.generationPrompt(),
                        request.templateArguments(),
                        ZonedDateTime.now(clock));
        var rendered =
                render(template(request.template()), request.messages(), request.tools(), flags);
        if (!request.continueFinal()) {
            return rendered;
        }
        return continued(rendered, request.messages().getLast().text("content").orElse(""));
    }

    Prompt messages(List<Json.Obj> messages, ToolUse tools, boolean generationPrompt)
            throws ApiTrouble {
        var flags =
                new ChatTemplate.Flags(generationPrompt, Json.Obj.EMPTY, ZonedDateTime.now(clock));
        return render(template(Optional.empty()), messages, tools, flags).prompt();
    }

    private ChatTemplate template(Optional<String> asked) throws ApiTrouble {
        if (asked.isEmpty()) {
            return served.template()
                    .orElseThrow(() -> new ApiTrouble(ApiError.of(400, served.templateTrouble())));
        }
        try {
            return ChatTemplate.of(asked.get(), served.facts().bos(), served.facts().eos());
        } catch (TemplateError bad) {
            throw ApiTrouble.badRequest(String.valueOf(bad.getMessage()), "chat_template");
        }
    }

    private Rendered render(
            ChatTemplate template, List<Json.Obj> messages, ToolUse tools, ChatTemplate.Flags flags)
            throws ApiTrouble {
        var shown =
                tools.choice() instanceof ToolChoice.None
                        ? List.<Json.Obj>of()
                        : tools.tools().stream().map(Tool::source).toList();
        try {
            var text = template.render(quoting.marked(messages), quoting.marked(shown), flags);
            return new Rendered(template.source(), Quoting.bare(text), prompt(text));
        } catch (TemplateError failed) {
            throw ApiTrouble.badRequest(
                    "the chat template refuses these messages: " + failed.getMessage(), "messages");
        }
    }

    /** A template that writes the beginning of a text itself must not get it twice. */
    private Prompt prompt(String text) {
        var bos = served.facts().bos();
        boolean begins = !bos.isEmpty() && text.startsWith(bos);
        return new Prompt.Text(Quoting.parts(text), served.facts().addsBos() && !begins);
    }

    /** Without what the template put behind the last message: the model shall go on with it. */
    private Rendered continued(Rendered rendered, String last) {
        int at = rendered.text().lastIndexOf(last);
        if (last.isEmpty() || at < 0) {
            return rendered;
        }
        var text = rendered.text().substring(0, at + last.length());
        return new Rendered(rendered.template(), text, prompt(text));
    }

    /** Each input as a prompt; control tokens in a text that is no chat are the caller's own. */
    static List<Prompt> inputs(Input input, boolean control) {
        return switch (input) {
            case Input.Texts(var texts) ->
                    texts.stream().map(text -> text(text, true, control)).toList();
            case Input.Tokens(var lists) ->
                    lists.stream().map(list -> (Prompt) new Prompt.Tokens(ids(list))).toList();
        };
    }

    static Prompt text(String text, boolean addSpecial, boolean control) {
        return new Prompt.Text(List.of(new Prompt.Part(text, control)), addSpecial);
    }

    static int[] ids(List<Integer> list) {
        return list.stream().flatMapToInt(IntStream::of).toArray();
    }
}
