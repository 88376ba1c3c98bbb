package dev.marea.server.llama.sample;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Makes text of the bytes of tokens: only whole characters leave, and nothing that may turn out to
 * be the beginning of a stop string.
 */
public final class AnswerText {
    private final List<String> stops;
    private final boolean keepsStop;
    private final CharsetDecoder decoder =
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE);

    /** The bytes of a character that has begun. */
    private byte[] begun = {};

    private final StringBuilder held = new StringBuilder();
    private Optional<String> stopped = Optional.empty();

    /**
     * @param keepsStop whether a stop string that was met belongs to the text
     */
    public AnswerText(List<String> stops, boolean keepsStop) {
        this.stops = List.copyOf(stops);
        this.keepsStop = keepsStop;
    }

    /** Takes a token's bytes; what can be said now. */
    public String add(byte[] bytes) {
        decode(bytes, false);
        return say();
    }

    /** Nothing more comes: what was held back is said. */
    public String end() {
        if (stopped.isPresent()) {
            return "";
        }
        decode(new byte[0], true);
        var text = say();
        if (stopped.isEmpty()) {
            text += held;
            held.setLength(0);
        }
        return text;
    }

    /** The stop string that was met. */
    public Optional<String> stopped() {
        return stopped;
    }

    private void decode(byte[] bytes, boolean end) {
        var in = ByteBuffer.allocate(begun.length + bytes.length).put(begun).put(bytes).flip();
        var out = CharBuffer.allocate(in.remaining() + 2);
        decoder.decode(in, out, end);
        if (end) {
            decoder.flush(out);
        }
        begun = new byte[in.remaining()];
        in.get(begun);
        held.append(out.flip());
    }

    private String say() {
        int first = -1;
        for (var stop : stops) {
            int at = held.indexOf(stop);
            if (at >= 0 && (first < 0 || at < first)) {
                first = at;
                stopped = Optional.of(stop);
            }
        }
        int length =
                first < 0
                        ? held.length() - possibleStop()
                        : first + (keepsStop ? stopped.orElseThrow().length() : 0);
        var text = held.substring(0, length);
        held.delete(0, first < 0 ? length : held.length());
        return text;
    }

    /** The length of the longest end that a stop string begins with. */
    private int possibleStop() {
        int longest = 0;
        for (var stop : stops) {
            for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
                if (stop.startsWith(held.substring(held.length() - n))) {
                    longest = n;
                }
            }
        }
        return longest;
    }
}
