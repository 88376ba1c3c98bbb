package dev.marea.wire.llm.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.wire.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SseReaderTest {
    private static List<SseEvent> read(String text, int pieceMax, long seed) throws Exception {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var reader = new SseReader(1 << 20);
        var random = new Random(seed);
        var events = new ArrayList<SseEvent>();
        for (int from = 0; from < bytes.length; ) {
            int length = Math.min(bytes.length - from, 1 + random.nextInt(pieceMax));
            events.addAll(reader.feed(bytes, from, length));
            from += length;
        }
        return events;
    }

    @Test
    void eventsAreTheSameHoweverTheBytesComeAndWhateverEndsTheLines() throws Exception {
        var text =
                "\uFEFF: hello\n\ndata: {\"a\":\"ä😀\"}\n\nevent: x\ndata: 1\ndata: 2\nid: 7\nretry: 1\nstrange\n\n\n\ndata:no space\n\ndata\n\n: beat\ndata: [DONE]\n\ndata: never finished\n";
        var wanted =
                List.of(
                        new SseEvent("", "{\"a\":\"ä😀\"}"),
                        new SseEvent("x", "1\n2"),
                        new SseEvent("", "no space"),
                        new SseEvent("", ""),
                        new SseEvent("", "[DONE]"));
        for (var end : List.of("\n", "\r", "\r\n")) {
            for (int seed = 0; seed < 100; seed++) {
                assertThat(read(text.replace("\n", end), 1 + seed % 20, seed))
                        .as("seed %d", seed)
                        .isEqualTo(wanted);
            }
        }
    }

    @Test
    void aCutStreamIsKnown() throws Exception {
        var reader = new SseReader(100);
        reader.feed("data: a\n\n".getBytes(StandardCharsets.UTF_8));
        assertThat(reader.inEvent()).isFalse();
        reader.feed("data: b\n".getBytes(StandardCharsets.UTF_8));
        assertThat(reader.inEvent()).isTrue();
    }

    @Test
    void anEndlessEventIsRefusedButHeartbeatsNeverAre() throws Exception {
        var reader = new SseReader(100);
        for (int i = 0; i < 1_000; i++) {
            reader.feed(SseWriter.comment("still loading"));
        }
        assertThatThrownBy(() ->
                        reader.feed(("data: " + "x".repeat(200)).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(SseReader.EventTooLong.class)
                .hasMessageContaining("100 bytes");
    }

    @Test
    void whatIsWrittenIsReadAndNoTextBreaksALine() throws Exception {
        var reader = new SseReader(1_000);
        var value = Json.Obj.of("text", "a\nb\r\n\u2028");
        assertThat(reader.feed(SseWriter.event("message\nstart", value)))
                .containsExactly(new SseEvent("message start", value.toString()));
        assertThat(reader.feed(SseWriter.DONE)).containsExactly(new SseEvent("", "[DONE]"));
    }

    @Test
    void garbageBetweenEventsHurtsNobody() throws Exception {
        var reader = new SseReader(1 << 20);
        var random = new Random(7);
        var garbage = new byte[10_000];
        random.nextBytes(garbage);
        reader.feed(garbage);
        var events = reader.feed("\n\ndata: good\n\n".getBytes(StandardCharsets.UTF_8));
        assertThat(events).endsWith(new SseEvent("", "good"));
    }
}
