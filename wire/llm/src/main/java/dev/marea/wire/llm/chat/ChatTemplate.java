package dev.marea.wire.llm.chat;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.jinja.Template;
import dev.marea.wire.llm.jinja.TemplateError;
import dev.marea.wire.llm.jinja.TemplateLimits;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;

/**
 * A model's chat template: what turns messages and tools into its prompt. On reading it learns
 * whether the template understands contents that are lists of parts; those that do not get the
 * parts' text.
 */
public final class ChatTemplate {
    private static final String NEEDLE = "needle-7f3a";

    private final Template template;
    private final String source;
    private final String bos;
    private final String eos;
    private final boolean parts;

    private ChatTemplate(Template template, String source, String bos, String eos, boolean parts) {
        this.template = template;
        this.source = source;
        this.bos = bos;
        this.eos = eos;
        this.parts = parts;
    }

    public static ChatTemplate of(String source, String bos, String eos) throws TemplateError {
        var template = Template.compile(source, TemplateLimits.DEFAULT);
        var asText = new ChatTemplate(template, source, bos, eos, false);
        return new ChatTemplate(template, source, bos, eos, asText.readsParts());
    }

    /** What a request adds to messages and tools; {@code arguments} are the template's own. */
    public record Flags(boolean generationPrompt, Json.Obj arguments, ZonedDateTime now) {
        public static Flags at(ZonedDateTime now) {
            return new Flags(true, Json.Obj.EMPTY, now);
        }
    }

    /** The prompt. Tools are the objects of the request's {@code tools}. */
    public String render(List<Json.Obj> messages, List<Json.Obj> tools, Flags flags)
            throws TemplateError {
        var shaped = messages.stream().map(m -> TemplateMessages.shaped(m, parts)).toList();
        var variables =
                flags.arguments()
                        .with("messages", Json.of(shaped))
                        .with("tools", tools.isEmpty() ? Json.Null.VALUE : Json.of(tools))
                        .with("add_generation_prompt", new Json.Bool(flags.generationPrompt()))
                        .with("bos_token", new Json.Str(bos))
                        .with("eos_token", new Json.Str(eos));
        return template.render(variables, flags.now());
    }

    /** The template's text, from which a model's family can be told. */
    public String source() {
        return source;
    }

    /** Whether the template itself reads contents that are lists of parts. */
    public boolean understandsParts() {
        return parts;
    }

    /**
     * Asks the template: one that takes a list for text prints it as Python prints lists, or fails.
     */
    private boolean readsParts() {
        var part = Json.Obj.of("type", "text", "text", NEEDLE);
        var message = Json.Obj.of("role", "user", "content", List.of(part));
        var variables =
                Json.Obj.of(
                        "messages",
                        List.of(message),
                        "tools",
                        Json.Null.VALUE,
                        "add_generation_prompt",
                        true,
                        "bos_token",
                        bos,
                        "eos_token",
                        eos);
        try {
            var text = template.render(variables, ZonedDateTime.now(ZoneOffset.UTC));
            return text.contains(NEEDLE)
                    && !text.contains("'" + NEEDLE)
                    && !text.contains("\"" + NEEDLE);
        } catch (TemplateError _) {
            return false;
        }
    }
}
