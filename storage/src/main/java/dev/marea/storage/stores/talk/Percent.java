package dev.marea.storage.stores.talk;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Percent-encoding as the stores' signatures demand it: all but letters, digits and {@code -._~}.
 */
public final class Percent {
    private static final String PLAIN = "-._~";
    private static final String HEX = "0123456789ABCDEF";

    private Percent() {}

    /** A path: its slashes stay. */
    public static String path(String path) {
        return encoded(path, PLAIN + "/");
    }

    /** One segment of a path, or a part of a query. */
    public static String part(String part) {
        return encoded(part, PLAIN);
    }

    /** In the order of the map; without a question mark. */
    public static String query(Map<String, String> query) {
        return query.entrySet().stream()
                .map(entry -> part(entry.getKey()) + "=" + part(entry.getValue()))
                .collect(Collectors.joining("&"));
    }

    /** Of a listing that was asked for {@code encoding-type=url}. */
    public static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String encoded(String text, String kept) {
        var encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || kept.indexOf(c) >= 0;
            if (plain) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        return encoded.toString();
    }
}
