package dev.marea.wire.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Writes JSON, compactly. */
public final class JsonWriter {
    private JsonWriter() {}

    public static String text(Json value) {
        var text = new StringWriter();
        try (var generator = JsonReader.FACTORY.createGenerator(text)) {
            write(value, generator);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    public static byte[] bytes(Json value) {
        var bytes = new ByteArrayOutputStream(512);
        try {
            write(value, bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    public static void write(Json value, OutputStream out) throws IOException {
        try (var generator = JsonReader.FACTORY.createGenerator(out)) {
            generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            write(value, generator);
        }
    }

    public static void write(Json value, JsonGenerator out) throws IOException {
        switch (value) {
            case Json.Obj(var fields) -> {
                out.writeStartObject();
                for (var field : fields.entrySet()) {
                    out.writeFieldName(field.getKey());
                    write(field.getValue(), out);
                }
                out.writeEndObject();
            }
            case Json.Arr(var items) -> {
                out.writeStartArray();
                for (var item : items) {
                    write(item, out);
                }
                out.writeEndArray();
            }
            case Json.Str(var text) -> out.writeString(text);
            case Json.Int(var number) -> out.writeNumber(number);
            case Json.Dec(var number) -> out.writeNumber(number);
            case Json.Bool(var flag) -> out.writeBoolean(flag);
            case Json.Null() -> out.writeNull();
        }
    }
}
