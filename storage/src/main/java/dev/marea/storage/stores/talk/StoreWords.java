package dev.marea.storage.stores.talk;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a store itself says of a refusal, in one bounded line without control characters: its error
 * code and message from XML, JSON, a header or plain text.
 */
public final class StoreWords {
    private static final int LENGTH_MAX = 300;
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\s]+");

    /** Signatures and tokens that a store echoes from the request's address. */
    private static final Pattern SECRETS =
            Pattern.compile(
                    "(?i)((?:sig|signature|token|x-amz-[a-z-]+|password|delegation)=)[^&\\s\"']+");

    private StoreWords() {}

    public static String of(HttpHeaders headers, byte[] body) {
        var said =
                headers.firstValue("X-Error-Message")
                        .or(() -> xml(body))
                        .or(() -> json(body))
                        .or(() -> headers.firstValue("X-Error-Code"))
                        .or(() -> text(headers, body))
                        .orElse("");
        return line(said);
    }

    /** One bounded, printable line. */
    public static String line(String said) {
        var plain = UNPRINTABLE.matcher(said).replaceAll(" ").strip();
        var shown = SECRETS.matcher(plain).replaceAll("$1…");
        return shown.length() <= LENGTH_MAX ? shown : shown.substring(0, LENGTH_MAX) + "…";
    }

    private static Optional<String> xml(byte[] body) {
        if (body.length == 0 || first(body) != '<') {
            return Optional.empty();
        }
        try {
            var error = Xml.read(body);
            var inner = error.first("Error").orElse(error);
            return joined(inner.textOf("Code"), inner.textOf("Message"));
        } catch (Xml.Malformed page) {
            return Optional.empty();
        }
    }

    private static Optional<String> json(byte[] body) {
        if (body.length == 0 || (first(body) != '{' && first(body) != '[')) {
            return Optional.empty();
        }
        try {
            return said(JsonReader.read(body));
        } catch (JsonReader.MalformedJson page) {
            return Optional.empty();
        }
    }

    /** Google's, the registries', MLflow's, Hadoop's and the Hub's ways of saying it. */
    private static Optional<String> said(Json answer) {
        return switch (answer) {
            case Json.Str(var text) -> Optional.of(text);
            case Json.Arr(var items) -> items.isEmpty() ? Optional.empty() : said(items.getFirst());
            case Json.Obj object ->
                    Stream.of("error", "errors", "RemoteException")
                            .map(name -> object.fields().get(name))
                            .filter(Json.Obj.class::isInstance)
                            .findFirst()
                            .or(() -> Optional.ofNullable(object.fields().get("errors")))
                            .flatMap(StoreWords::said)
                            .or(() -> spoken(object));
            case Json.Int _, Json.Dec _, Json.Bool _, Json.Null _ -> Optional.empty();
        };
    }

    private static Optional<String> spoken(Json.Obj object) {
        var code = text(object, "error_code").or(() -> text(object, "code"));
        var message =
                text(object, "message")
                        .or(() -> text(object, "error_description"))
                        .or(() -> text(object, "error"));
        return joined(code, message);
    }

    private static Optional<String> text(Json.Obj object, String name) {
        return object.fields().get(name) instanceof Json.Str(var text)
                ? Optional.of(text)
                : Optional.empty();
    }

    private static Optional<String> joined(Optional<String> code, Optional<String> message) {
        if (code.isPresent() && message.isPresent()) {
            return Optional.of(code.get() + ": " + message.get());
        }
        return code.or(() -> message);
    }

    private static Optional<String> text(HttpHeaders headers, byte[] body) {
        var type = headers.firstValue("Content-Type").orElse("");
        return type.startsWith("text/plain")
                ? Optional.of(new String(body, StandardCharsets.UTF_8))
                : Optional.empty();
    }

    private static int first(byte[] body) {
        for (byte b : body) {
            if (b != ' '
                    && b != '\n'
                    && b != '\r'
                    && b != '\t'
                    && (b & 0xff) != 0xef
                    && (b & 0xff) != 0xbb
                    && (b & 0xff) != 0xbf) {
                return b;
            }
        }
        return -1;
    }
}
