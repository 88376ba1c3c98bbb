package dev.marea.server.llama.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.server.llama.talk.Prompt.Part;
import dev.marea.wire.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuotingTest {
    private final Quoting quoting = new Quoting(List.of("<s>", "<|end|>", "<|end|>x"));

    @Test
    void onlyNamesOfControlTokensAreMarked() {
        var text = "a < b, <|end| >, <|start|>";
        assertThat(quoting.marked(text)).isSameAs(text);
        assertThat(Quoting.parts(quoting.marked("a<|end|>b")))
                .containsExactly(
                        new Part("a", true), new Part("<|end|>", false), new Part("b", true));
    }

    @Test
    void theLongestNameCounts() {
        assertThat(Quoting.parts(quoting.marked("<|end|>x")))
                .containsExactly(new Part("<|end|>x", false));
    }

    @Test
    void marksThatAUserWritesAreTakenOut() {
        assertThat(quoting.marked("a\uE0F0<s>\uE0F1b")).isEqualTo("a\uE0F0<s>\uE0F1b");
        assertThat(quoting.marked("a\uE0F0b\uE0F1")).isEqualTo("ab");
        assertThat(Quoting.bare(quoting.marked("a<s>"))).isEqualTo("a<s>");
    }

    @Test
    void everyTextOfAMessageIsRead() {
        var marked =
                quoting.marked(
                        List.of(
                                Json.Obj.of(
                                        "content", List.of(Json.Obj.of("text", "<s>")), "n", 1)));
        assertThat(marked.getFirst().toString()).contains("\uE0F0<s>\uE0F1").contains("\"n\":1");
    }

    @Test
    void aMarkThatATemplateCutDoesNoHarm() {
        assertThat(Quoting.parts("a\uE0F0<s>"))
                .containsExactly(new Part("a", true), new Part("<s>", false));
        assertThat(Quoting.parts("a\uE0F1b")).containsExactly(new Part("ab", true));
    }
}
