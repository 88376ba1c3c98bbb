package dev.marea.storage.stores.azure;

import dev.marea.storage.stores.talk.Percent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs with an account's key. The vendor has this only inside its storage client, which brings 21
 * MB with it; it is one keyed hash over a list of lines.
 */
final class SharedKey {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

    /** Their values are signed in this order, empty where a request has no such header. */
    private static final List<String> SIGNED =
            List.of(
                    "Content-Encoding",
                    "Content-Language",
                    "Content-Length",
                    "Content-MD5",
                    "Content-Type",
                    "Date",
                    "If-Modified-Since",
                    "If-Match",
                    "If-None-Match",
                    "If-Unmodified-Since",
                    "Range");

    private final String account;
    private final SecretKeySpec key;
    private final Clock clock;

    /**
     * @throws IllegalArgumentException if the key is no base64
     */
    SharedKey(String account, String base64, Clock clock) {
        this.account = account;
        this.key = new SecretKeySpec(Base64.getDecoder().decode(base64.strip()), "HmacSHA256");
        this.clock = clock;
    }

    /** The headers with date and signature. */
    Map<String, String> signed(String method, URI address, Map<String, String> headers) {
        var all = new TreeMap<>(headers);
        all.put("x-ms-date", DATE.format(clock.instant().atOffset(ZoneOffset.UTC)));
        all.put(
                "Authorization",
                "SharedKey " + account + ":" + signature(text(method, address, all)));
        return all;
    }

    private String text(String method, URI address, Map<String, String> headers) {
        var lines = new ArrayList<String>();
        lines.add(method);
        SIGNED.forEach(name -> lines.add(headers.getOrDefault(name, "")));
        var own = new TreeMap<String, String>();
        headers.forEach((name, value) -> {
            var small = name.toLowerCase(Locale.ROOT);
            if (small.startsWith("x-ms-")) {
                own.put(small, value.strip());
            }
        });
        own.forEach((name, value) -> lines.add(name + ":" + value));
        lines.add("/" + account + address.getRawPath());
        query(address).forEach((name, value) -> lines.add(name + ":" + value));
        return String.join("\n", lines);
    }

    private static Map<String, String> query(URI address) {
        var query = new TreeMap<String, String>();
        if (address.getQuery() != null) {
            for (var pair : address.getRawQuery().split("&", -1)) {
                int equals = pair.indexOf('=');
                var name = equals < 0 ? pair : pair.substring(0, equals);
                var value = equals < 0 ? "" : pair.substring(equals + 1);
                query.put(Percent.decoded(name).toLowerCase(Locale.ROOT), Percent.decoded(value));
            }
        }
        return query;
    }

    private String signature(String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return Base64.getEncoder()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has HmacSHA256", impossible);
        }
    }

    @Override
    public String toString() {
        return "SharedKey[" + account + "]";
    }
}
