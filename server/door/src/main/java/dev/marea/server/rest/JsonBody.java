package dev.marea.server.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.marea.server.models.Refused;
import dev.marea.wire.json.JsonReader;
import java.io.IOException;

/** The frame of reading a request body: one JSON object in UTF-8, nothing behind it. */
final class JsonBody {
    private JsonBody() {}

    @FunctionalInterface
    interface Reading<T> {
        /** Starts on the opening brace and must end on its closing one. */
        T from(JsonParser json) throws IOException, Refused;
    }

    static <T> T read(Bytes body, Reading<T> reading) throws Refused {
        checkEncoding(body);
        try (var json = JsonReader.FACTORY.createParser(body.array(), body.from(), body.length())) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw unrecognized("the body is no JSON object");
            }
            T result = reading.from(json);
            if (json.nextToken() != null) {
                throw unrecognized("there is text after the JSON object");
            }
            return result;
        } catch (JsonProcessingException bad) {
            var place = bad.getLocation();
            throw unrecognized(
                    plain(bad.getOriginalMessage())
                            + (place == null ? "" : " at byte " + place.getByteOffset()));
        } catch (IOException bad) {
            throw unrecognized(String.valueOf(bad.getMessage()));
        }
    }

    /** Without the advice that Jackson has for programmers, and with some for the caller. */
    private static String plain(String message) {
        int advice = message.indexOf(": enable `");
        return advice < 0
                ? message
                : message.substring(0, advice) + " (a value that is missing is null)";
    }

    /** Jackson would guess UTF-16 and skip a byte order mark; JSON between systems is UTF-8. */
    private static void checkEncoding(Bytes body) throws Refused {
        if (body.length() == 0) {
            throw unrecognized("the body is empty");
        }
        boolean guessable = body.at(0) == 0 || (body.length() > 1 && body.at(1) == 0);
        if (guessable || body.at(0) >= 0xef) {
            throw unrecognized("the body must be UTF-8 without a byte order mark");
        }
    }

    static Refused unrecognized(String why) {
        return Refused.badInput("Unrecognized request format: " + why);
    }

    static boolean isNull(JsonParser json) {
        return json.currentToken() == JsonToken.VALUE_NULL;
    }

    /** A string that can be written again: no half of a surrogate pair. */
    static String text(JsonParser json, String field) throws IOException, Refused {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw Refused.badInput("'" + field + "' must be a string");
        }
        var text = json.getText();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair =
                        Character.isHighSurrogate(c)
                                && i + 1 < text.length()
                                && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw Refused.badInput(
                            "'" + field + "' has half of a surrogate pair in its text");
                }
                i++;
            }
        }
        return text;
    }
}
