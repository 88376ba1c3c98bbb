package dev.marea.wire.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request's path, decoded once and normalised, and its query as it came. Routing and
 * authorisation must both decide on this, never on the raw text.
 *
 * @param path decoded; starts with a slash; no empty, {@code .} or {@code ..} segments
 */
public record RequestPath(String path, String rawQuery) {
    private static final int PARAMETERS_MAX = 200;
    private static final String PLAIN = "-._~!$&'()*+,;=:@/";

    /** Reads the origin form of a request target. */
    static RequestPath parse(String target) throws RefusedRequest {
        int question = target.indexOf('?');
        var raw = question < 0 ? target : target.substring(0, question);
        var query = question < 0 ? "" : target.substring(question + 1);
        return new RequestPath(normal(simple(raw) ? raw : decoded(raw)), query);
    }

    /** The path encoded again, with the query: safe to send on. */
    public String target() {
        var encoded = encoded(path);
        return rawQuery.isEmpty() ? encoded : encoded + "?" + rawQuery;
    }

    /** The query's parameters in order; a plus is a space. */
    Map<String, List<String>> query() throws RefusedRequest {
        var parameters = new LinkedHashMap<String, List<String>>();
        if (rawQuery.isEmpty()) {
            return parameters;
        }
        var pairs = rawQuery.split("&", PARAMETERS_MAX + 1);
        if (pairs.length > PARAMETERS_MAX) {
            throw bad("the query has more than " + PARAMETERS_MAX + " parameters");
        }
        for (var pair : pairs) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                var name = equals < 0 ? pair : pair.substring(0, equals);
                var value = equals < 0 ? "" : pair.substring(equals + 1);
                parameters
                        .computeIfAbsent(unescaped(name.replace('+', ' ')), _ -> new ArrayList<>())
                        .add(unescaped(value.replace('+', ' ')));
            }
        }
        return parameters;
    }

    /** True where nothing needs decoding; the common case allocates nothing. */
    private static boolean simple(String raw) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%' || c == '\\' || c >= 0x7f || c <= ' ') {
                return false;
            }
        }
        return true;
    }

    private static String decoded(String raw) throws RefusedRequest {
        var text = unescaped(raw);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == 0x7f || c == '\\') {
                throw bad("the path has a control character or a backslash");
            }
            if (c == '%' && isHex(text, i + 1) && isHex(text, i + 2)) {
                throw bad("the path is encoded twice");
            }
        }
        return text;
    }

    private static boolean isHex(String text, int at) {
        return at < text.length() && HexFormat.isHexDigit(text.charAt(at));
    }

    private static String unescaped(String raw) throws RefusedRequest {
        if (raw.indexOf('%') < 0) {
            return raw;
        }
        var bytes = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '%') {
                bytes.write(c);
                continue;
            }
            if (!isHex(raw, i + 1) || !isHex(raw, i + 2)) {
                throw bad("a % in the target is not followed by two hexadecimal digits");
            }
            bytes.write(HexFormat.fromHexDigits(raw, i + 1, i + 3));
            i += 2;
        }
        return utf8(bytes.toByteArray());
    }

    private static String utf8(byte[] bytes) throws RefusedRequest {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException _) {
            throw bad("the target is not UTF-8");
        }
    }

    private static String normal(String path) throws RefusedRequest {
        if (!path.contains("//") && !path.contains("/.")) {
            return path;
        }
        var segments = new ArrayList<String>();
        for (var segment : path.split("/", -1)) {
            switch (segment) {
                case "", "." -> {}
                case ".." -> {
                    if (segments.isEmpty()) {
                        throw bad("the path climbs above its root");
                    }
                    segments.removeLast();
                }
                default -> segments.add(segment);
            }
        }
        boolean directory = path.endsWith("/") || path.endsWith("/.") || path.endsWith("/..");
        var joined = "/" + String.join("/", segments);
        return directory && !segments.isEmpty() ? joined + "/" : joined;
    }

    private static String encoded(String path) {
        if (plain(path)) {
            return path;
        }
        var text = new StringBuilder(path.length() + 16);
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            if (plain((char) (b & 0xff))) {
                text.append((char) b);
            } else {
                text.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return text.toString();
    }

    private static boolean plain(String path) {
        for (int i = 0; i < path.length(); i++) {
            if (!plain(path.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean plain(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || PLAIN.indexOf(c) >= 0;
    }

    private static RefusedRequest bad(String message) {
        return new RefusedRequest(Refusal.BAD_TARGET, message);
    }
}
