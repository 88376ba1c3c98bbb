package dev.marea.wire.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.OptionalLong;

/** Reads JSON strictly: one value, no duplicate names, no NaN, at most 100 levels deep. */
public final class JsonReader {
    /** The factory for everyone who reads a stream of tokens instead of a tree. */
    public static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(100)
                                    .maxNumberLength(1_000)
                                    .maxNameLength(10_000)
                                    .maxStringLength(64 << 20)
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();

    private JsonReader() {}

    public static Json read(byte[] utf8) throws MalformedJson {
        Utf8.check(utf8);
        try (var parser = FACTORY.createParser(utf8)) {
            return whole(parser);
        } catch (IOException failed) {
            throw MalformedJson.from(failed);
        }
    }

    public static Json read(String text) throws MalformedJson {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Json whole(JsonParser parser) throws IOException {
        if (parser.nextToken() == null) {
            throw new MalformedJson("the document is empty");
        }
        var value = value(parser);
        if (parser.nextToken() != null) {
            throw new MalformedJson(
                    "unexpected text after the document at byte "
                            + parser.currentTokenLocation().getByteOffset());
        }
        return value;
    }

    /** Reads the value that the parser stands on, and leaves the parser on its last token. */
    public static Json value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> new Json.Str(whole(parser, parser.getText()));
            case VALUE_NUMBER_INT ->
                    switch (parser.getNumberType()) {
                        case INT, LONG -> new Json.Int(parser.getLongValue());
                        default -> decimal(parser);
                    };
            case VALUE_NUMBER_FLOAT -> decimal(parser);
            case VALUE_TRUE -> new Json.Bool(true);
            case VALUE_FALSE -> new Json.Bool(false);
            case VALUE_NULL -> Json.Null.VALUE;
            default -> throw new MalformedJson("unexpected " + parser.currentToken());
        };
    }

    /** A number too large for 64 bits of floating point would come out as infinity. */
    private static Json.Dec decimal(JsonParser parser) throws IOException {
        double number = parser.getDoubleValue();
        if (!Double.isFinite(number)) {
            throw new MalformedJson("a number is too large" + place(parser));
        }
        return new Json.Dec(number);
    }

    /** Half a surrogate pair, which only an escape can bring in, cannot be written out again. */
    private static String whole(JsonParser parser, String text) throws MalformedJson {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                boolean pair =
                        Character.isHighSurrogate(text.charAt(i))
                                && i + 1 < text.length()
                                && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw new MalformedJson("a text has half a surrogate pair" + place(parser));
                }
                i++;
            }
        }
        return text;
    }

    private static String place(JsonParser parser) {
        return " at byte " + parser.currentTokenLocation().getByteOffset();
    }

    private static Json.Obj object(JsonParser parser) throws IOException {
        var fields = new LinkedHashMap<String, Json>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = whole(parser, parser.currentName());
            parser.nextToken();
            fields.put(name, value(parser));
        }
        return new Json.Obj(fields);
    }

    private static Json.Arr array(JsonParser parser) throws IOException {
        var items = new ArrayList<Json>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser));
        }
        return new Json.Arr(items);
    }

    /** Text that is not the JSON we take; the message says what and where. */
    public static final class MalformedJson extends IOException {
        private static final long serialVersionUID = 1;

        private final long offset;

        public MalformedJson(String message) {
            this(message, -1);
        }

        private MalformedJson(String message, long offset) {
            super(message);
            this.offset = offset;
        }

        /** The byte at which reading ended; empty where no place is to blame. */
        public OptionalLong offset() {
            return offset < 0 ? OptionalLong.empty() : OptionalLong.of(offset);
        }

        static MalformedJson from(IOException failed) {
            return switch (failed) {
                case MalformedJson own -> own;
                case JsonProcessingException bad ->
                        new MalformedJson(
                                bad.getOriginalMessage()
                                        + " at byte "
                                        + (bad.getLocation() == null
                                                ? "?"
                                                : bad.getLocation().getByteOffset()),
                                bad.getLocation() == null ? -1 : bad.getLocation().getByteOffset());
                default -> new MalformedJson(String.valueOf(failed.getMessage()));
            };
        }
    }
}
