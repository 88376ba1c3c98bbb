package dev.marea.server.rest;

import dev.marea.server.models.Lease;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.tensors.RawTensors;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Writes V2's answers. */
record V2Answer(List<Tensor> outputs) {
    private static final byte[] MODEL_NAME = JsonOut.ascii("{\"model_name\":");
    private static final byte[] MODEL_VERSION = JsonOut.ascii(",\"model_version\":");
    private static final byte[] ID = JsonOut.ascii(",\"id\":");
    private static final byte[] PARAMETERS = JsonOut.ascii(",\"parameters\":");
    private static final byte[] OUTPUTS = JsonOut.ascii(",\"outputs\":[");
    private static final byte[] NAME = JsonOut.ascii("{\"name\":");
    private static final byte[] SHAPE = JsonOut.ascii(",\"shape\":[");
    private static final byte[] DATATYPE = JsonOut.ascii("],\"datatype\":");
    private static final byte[] DATA = JsonOut.ascii(",\"data\":");
    private static final byte[] BASE64 =
            JsonOut.ascii(",\"parameters\":{\"content_type\":\"base64\"}");
    private static final byte[] BINARY_SIZE =
            JsonOut.ascii(",\"parameters\":{\"binary_data_size\":");
    private static final byte[] END = JsonOut.ascii("]}");

    byte[] json(Lease model, Optional<String> id, Json.Obj parameters) throws Refused {
        var out = begin(model, id, parameters);
        for (int i = 0; i < outputs.size(); i++) {
            if (i > 0) {
                out.raw(',');
            }
            data(outputs.get(i), out);
        }
        return out.raw(END).finish();
    }

    /**
     * @param binary which of the outputs follow the JSON as bytes
     */
    Reply binary(Lease model, Optional<String> id, Json.Obj parameters, boolean[] binary)
            throws Refused {
        var parts = new byte[binary.length + 1][];
        var out = begin(model, id, parameters);
        int count = 1;
        for (int i = 0; i < binary.length; i++) {
            if (i > 0) {
                out.raw(',');
            }
            if (binary[i]) {
                var bytes = RawTensors.write(outputs.get(i));
                head(outputs.get(i), out);
                out.raw(BINARY_SIZE).number(bytes.length).raw('}').raw('}');
                parts[count++] = bytes;
            } else {
                data(outputs.get(i), out);
            }
        }
        parts[0] = out.raw(END).finish();
        var used = Arrays.copyOf(parts, count);
        return new Reply(200, Reply.BINARY, List.of(), Unpooled.wrappedBuffer(used))
                .with(Heading.JSON_LENGTH, Integer.toString(parts[0].length));
    }

    private static JsonOut begin(Lease model, Optional<String> id, Json.Obj parameters)
            throws Refused {
        var out = JsonOut.begin().raw(MODEL_NAME).text(model.model());
        out.raw(MODEL_VERSION).text(model.version());
        out.raw(ID).text(id.orElseGet(V2Answer::newId));
        if (!parameters.isEmpty()) {
            out.raw(PARAMETERS).raw(JsonWriter.bytes(parameters));
        }
        return out.raw(OUTPUTS);
    }

    private static void head(Tensor tensor, JsonOut out) throws Refused {
        out.raw(NAME).text(tensor.name()).raw(SHAPE);
        var shape = tensor.shape();
        for (int i = 0; i < shape.length; i++) {
            if (i > 0) {
                out.raw(',');
            }
            out.number(shape[i]);
        }
        out.raw(DATATYPE).text(tensor.datatype().name());
    }

    private static void data(Tensor tensor, JsonOut out) throws Refused {
        if (tensor.datatype() == Datatype.FP16 || tensor.datatype() == Datatype.BF16) {
            throw Refused.badInput(
                    "Sending %s data via JSON is not supported. Please use the binary data format for output %s"
                            .formatted(tensor.datatype(), tensor.name()));
        }
        head(tensor, out);
        if (tensor.elements() instanceof Elements.Blobs) {
            out.raw(BASE64);
        }
        out.raw(DATA);
        TensorJson.flat(tensor, out);
        out.raw('}');
    }

    /** A random UUID that need not be secret, so that it does not cost a secure one. */
    static String newId() {
        var random = ThreadLocalRandom.current();
        long high = (random.nextLong() & 0xffff_ffff_ffff_0fffL) | 0x4000L;
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
