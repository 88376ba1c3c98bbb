package dev.marea.server.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.marea.server.models.Lease;
import dev.marea.server.models.Refused;
import dev.marea.server.predict.Question;
import dev.marea.server.runtime.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** A request inside a CloudEvent; the answer is an event of the same form, as KServe gives it. */
final class EventCodec implements Codec {
    private static final String TYPE = "io.kserve.inference.response";
    private static final String SOURCE = "io.kserve.inference.";
    private static final String VERSION = "1.0";
    private static final List<String> REQUIRED = List.of("specversion", "id", "source", "type");

    private final Codec inner;
    private final boolean structured;

    private EventCodec(Codec inner, boolean structured) {
        this.inner = inner;
        this.structured = structured;
    }

    static Codec of(Codec inner, Heading.Event event) {
        return switch (event) {
            case NONE -> inner;
            case BINARY -> new EventCodec(inner, false);
            case STRUCTURED -> new EventCodec(inner, true);
        };
    }

    @Override
    public Question read(Bytes body, Lease model) throws Refused {
        return inner.read(structured ? JsonBody.read(body, json -> data(json, body)) : body, model);
    }

    @Override
    public Optional<Long> deadline() {
        return inner.deadline();
    }

    /** What the event carries: a part of it, or what its text stands for. */
    private static Bytes data(JsonParser json, Bytes event) throws IOException, Refused {
        var seen = new HashSet<String>();
        Bytes data = null;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            var field = json.currentName();
            json.nextToken();
            seen.add(field);
            switch (field) {
                case "data" -> data = plain(json, event);
                case "data_base64" ->
                        data = Bytes.of(Base64Text.bytes(field, 0, JsonBody.text(json, field)));
                default -> json.skipChildren();
            }
        }
        for (var field : REQUIRED) {
            if (!seen.contains(field)) {
                throw Refused.badInput("Cloud Event Exceptions: the event has no '" + field + "'");
            }
        }
        if (data == null) {
            throw Refused.badInput("Cloud Event Exceptions: the event has no 'data'");
        }
        return data;
    }

    /** JSON as it stands there; a string stands for what it says. */
    private static Bytes plain(JsonParser json, Bytes event) throws IOException, Refused {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return Bytes.of(JsonBody.text(json, "data").getBytes(StandardCharsets.UTF_8));
        }
        int from = (int) json.currentTokenLocation().getByteOffset();
        json.skipChildren();
        return event.part(from, (int) json.currentLocation().getByteOffset() - from);
    }

    @Override
    public byte[] json(Lease model, List<Tensor> outputs) throws Refused {
        return inner.json(model, outputs);
    }

    @Override
    public Reply reply(Lease model, List<Tensor> outputs) throws Refused {
        return structured
                ? Reply.of(200, Heading.EVENT_TYPE, event(model, inner.json(model, outputs)))
                : headed(model, inner.reply(model, outputs));
    }

    private static Reply headed(Lease model, Reply reply) {
        return reply.with("ce-specversion", VERSION)
                .with("ce-id", V2Answer.newId())
                .with("ce-source", encoded(SOURCE + model.model()))
                .with("ce-type", TYPE)
                .with("ce-time", Instant.now().toString());
    }

    /** Headers are printable ASCII; the rest is percent-encoded, as CloudEvents demands. */
    private static String encoded(String text) {
        var out = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7f && b != '"' && b != '%') {
                out.append((char) b);
            } else {
                out.append('%').append("%02X".formatted(b & 0xff));
            }
        }
        return out.toString();
    }

    private static byte[] event(Lease model, byte[] data) throws Refused {
        var out = JsonOut.begin().raw(JsonOut.ascii("{\"specversion\":")).text(VERSION);
        out.raw(JsonOut.ascii(",\"id\":")).text(V2Answer.newId());
        out.raw(JsonOut.ascii(",\"source\":")).text(SOURCE + model.model());
        out.raw(JsonOut.ascii(",\"type\":")).text(TYPE);
        out.raw(JsonOut.ascii(",\"time\":")).text(Instant.now().toString());
        out.raw(JsonOut.ascii(",\"datacontenttype\":\"application/json\",\"data\":")).raw(data);
        return out.raw('}').finish();
    }
}
