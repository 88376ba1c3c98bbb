package dev.marea.kubernetes.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.kubernetes.api.PlainWatches.Plain;
import dev.marea.wire.json.JsonReader;
import io.fabric8.kubernetes.client.http.AsyncBody;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainWatchesTest {
    private static final String EVENT = "{\"said\":\"Grüße, 模型 🚀 \\\\ \\n\"}";

    private static final class NoBody implements AsyncBody {
        @Override
        public void consume() {
            // Nothing more comes.
        }

        @Override
        public CompletableFuture<Void> done() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void cancel() {
            // It is over.
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 1_000})
    void lettersStayWhatTheyAreHoweverTheStreamIsCut(int piece) throws Exception {
        var heard = new StringBuilder();
        var plain =
                new Plain((pieces, _) -> {
                    for (var each : pieces) {
                        // As the library does it.
                        heard.append(StandardCharsets.UTF_8.decode(each).array());
                    }
                });
        var bytes = EVENT.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; at += piece) {
            var next = ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at));
            plain.consume(List.of(next), new NoBody());
        }
        assertThat(JsonReader.read(heard.toString())).isEqualTo(JsonReader.read(EVENT));
    }
}
