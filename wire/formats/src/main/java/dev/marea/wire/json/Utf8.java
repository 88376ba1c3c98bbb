package dev.marea.wire.json;

import dev.marea.wire.json.JsonReader.MalformedJson;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Refuses what a lenient parser would guess at: other encodings, a byte order mark, broken UTF-8.
 */
final class Utf8 {
    private static final int CHUNK = 8 << 10;

    private Utf8() {}

    static void check(byte[] bytes) throws MalformedJson {
        if (startsWith(bytes, 0xEF, 0xBB, 0xBF)) {
            throw new MalformedJson(
                    "the document starts with a byte order mark at byte 0; send plain UTF-8");
        }
        if (startsWith(bytes, 0xFE, 0xFF)
                || startsWith(bytes, 0xFF, 0xFE)
                || (bytes.length > 1 && (bytes[0] == 0 || bytes[1] == 0))) {
            throw new MalformedJson("the document is not UTF-8 at byte 0, but UTF-16 or UTF-32");
        }
        int ascii = 0;
        while (ascii < bytes.length && bytes[ascii] >= 0) {
            ascii++;
        }
        if (ascii < bytes.length) {
            checkFrom(ascii, bytes);
        }
    }

    private static void checkFrom(int start, byte[] bytes) throws MalformedJson {
        var decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        var in = ByteBuffer.wrap(bytes, start, bytes.length - start);
        var out = CharBuffer.allocate(CHUNK);
        while (true) {
            var result = decoder.decode(in, out.clear(), true);
            if (result.isError()) {
                throw new MalformedJson("broken UTF-8 at byte " + in.position());
            }
            if (result.isUnderflow()) {
                return;
            }
        }
    }

    private static boolean startsWith(byte[] bytes, int... head) {
        if (bytes.length < head.length) {
            return false;
        }
        for (int i = 0; i < head.length; i++) {
            if ((bytes[i] & 0xFF) != head[i]) {
                return false;
            }
        }
        return true;
    }
}
