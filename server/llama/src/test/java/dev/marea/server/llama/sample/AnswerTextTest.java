package dev.marea.server.llama.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerTextTest {
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aCharacterInTwoTokensIsSaidOnce() {
        var text = new AnswerText(List.of(), false);
        var wave = utf8("🌊");
        assertThat(text.add(new byte[] {wave[0], wave[1]})).isEmpty();
        assertThat(text.add(new byte[] {wave[2], wave[3]})).isEqualTo("🌊");
        assertThat(text.end()).isEmpty();
    }

    @Test
    void bytesThatAreNoTextAreReplacedAndNotLost() {
        var text = new AnswerText(List.of(), false);
        assertThat(text.add(new byte[] {'a', (byte) 0xE2})).isEqualTo("a");
        assertThat(text.end()).isEqualTo("\uFFFD");
    }

    @Test
    void whatMayBecomeAStopStringIsHeldBack() {
        var text = new AnswerText(List.of("END", "\n\n"), false);
        assertThat(text.add(utf8("one EN"))).isEqualTo("one ");
        assertThat(text.add(utf8("GINE\n"))).isEqualTo("ENGINE");
        assertThat(text.add(utf8("\nmore"))).isEmpty();
        assertThat(text.stopped()).contains("\n\n");
        assertThat(text.end()).isEmpty();
    }

    @Test
    void theEarliestStopStringEndsAndMayBeKept() {
        var text = new AnswerText(List.of("c", "b"), true);
        assertThat(text.add(utf8("abc"))).isEqualTo("ab");
        assertThat(text.stopped()).contains("b");
    }

    @Test
    void whatWasHeldBackForNothingIsSaidAtTheEnd() {
        var text = new AnswerText(List.of("STOP"), false);
        assertThat(text.add(utf8("so STO"))).isEqualTo("so ");
        assertThat(text.end()).isEqualTo("STO");
    }
}
