package dev.marea.wire.llm.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.wire.json.Json;
import dev.marea.wire.llm.chat.ChatTemplate.Flags;
import dev.marea.wire.llm.jinja.TemplateError;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatTemplateTest {
    private static final Flags FLAGS =
            Flags.at(ZonedDateTime.of(2026, 11, 25, 9, 8, 7, 0, ZoneOffset.UTC));
    private static final Json.Obj PARTS =
            Json.Obj.of(
                    "role",
                    "user",
                    "content",
                    List.of(
                            Json.Obj.of("type", "text", "text", "What"),
                            Json.Obj.of("type", "image_url", "image_url", Json.Obj.of("url", "x")),
                            Json.Obj.of("type", "text", "text", "is it?")));

    private static final String TEXTS_ONLY =
            "{{ bos_token }}{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";

    @Test
    void aTemplateThatKnowsTextsOnlyGetsThePartsText() throws Exception {
        var template = ChatTemplate.of(TEXTS_ONLY, "<s>", "</s>");
        assertThat(template.understandsParts()).isFalse();
        assertThat(template.render(List.of(PARTS), List.of(), FLAGS))
                .isEqualTo("<s><user>What\nis it?<assistant>");
    }

    @Test
    void aTemplateThatKnowsPartsGetsThem() throws Exception {
        var template =
                ChatTemplate.of(
                        "{% for m in messages %}{% if m.content is string %}{{ m.content }}{% else %}{% for p in m.content %}{{ p.text if p.type == 'text' else '<' ~ p.type ~ '>' }}{% endfor %}{% endif %}{% endfor %}",
                        "", "");
        assertThat(template.understandsParts()).isTrue();
        assertThat(template.render(List.of(PARTS), List.of(), FLAGS))
                .isEqualTo("What<image>is it?");
    }

    @Test
    void argumentsOfCallsReachTheTemplateAsObjects() throws Exception {
        var template =
                ChatTemplate.of(
                        "{{ messages[0].tool_calls[0].function.arguments.city }}{{ tools is none }}",
                        "",
                        "");
        var call =
                Json.Obj.of(
                        "function", Json.Obj.of("name", "f", "arguments", "{\"city\":\"Rome\"}"));
        var message = Json.Obj.of("role", "assistant", "tool_calls", List.of(call));
        assertThat(template.render(List.of(message), List.of(), FLAGS)).isEqualTo("RomeTrue");
    }

    @Test
    void aRequestsArgumentsReachTheTemplateButCannotReplaceTheMessages() throws Exception {
        var template = ChatTemplate.of("{{ enable_thinking }}{{ messages | length }}", "", "");
        var flags =
                new Flags(
                        true,
                        Json.Obj.of("enable_thinking", false, "messages", List.of()),
                        FLAGS.now());
        var user = Json.Obj.of("role", "user", "content", "x");
        assertThat(template.render(List.of(user), List.of(), flags)).isEqualTo("False1");
    }

    @Test
    void aTemplatesOwnRefusalIsTold() throws Exception {
        var template = ChatTemplate.of("{{ raise_exception('no system here') }}", "", "");
        assertThatThrownBy(() -> template.render(List.of(PARTS), List.of(), FLAGS))
                .isInstanceOfSatisfying(
                        TemplateError.class,
                        error -> assertThat(error.kind()).isEqualTo(TemplateError.Kind.RAISED))
                .hasMessage("no system here");
    }
}
