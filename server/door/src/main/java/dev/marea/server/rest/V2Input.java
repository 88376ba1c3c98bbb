package dev.marea.server.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.tensors.RawTensors;
import dev.marea.server.tensors.Shapes;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One entry of V2's {@code inputs}; its fields may come in any order. */
final class V2Input {
    private static final long NOT_SEEN = -1;

    private final Bytes body;
    private final RawPart raw;
    private final int index;
    private final String model;
    private @Nullable String name;
    private @Nullable Datatype datatype;
    private int @Nullable [] shape;
    private @Nullable Column column;
    private @Nullable Nested nested;
    private long dataAt = NOT_SEEN;
    private boolean hasData;
    private V2Parameters parameters = V2Parameters.NONE;

    V2Input(Bytes body, RawPart raw, int index, String model) {
        this.body = body;
        this.raw = raw;
        this.index = index;
        this.model = model;
    }

    Tensor read(JsonParser json) throws IOException, Refused {
        while (json.nextToken() != JsonToken.END_OBJECT) {
            var field = json.currentName();
            json.nextToken();
            switch (field) {
                case "name" -> name = JsonBody.text(json, where("name"));
                case "datatype" -> datatype = datatype(JsonBody.text(json, where("datatype")));
                case "shape" -> shape = shape(json);
                case "data" -> data(json);
                case "parameters" -> parameters = V2Parameters.read(json, where("parameters"));
                default -> json.skipChildren();
            }
        }
        return tensor();
    }

    private Datatype datatype(String text) throws Refused {
        return Datatype.named(text)
                .orElseThrow(() ->
                        Refused.badInput(
                                "%s has the unknown datatype '%s'; known are %s"
                                        .formatted(
                                                label(),
                                                text,
                                                Arrays.toString(Datatype.values()))));
    }

    private int[] shape(JsonParser json) throws IOException, Refused {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw Refused.badInput(label() + " has a shape that is no list of whole numbers");
        }
        var dimensions = new int[4];
        int rank = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (rank == Shapes.RANK_MAX) {
                throw Refused.badInput(
                        "%s has more than %d dimensions".formatted(label(), Shapes.RANK_MAX));
            }
            if (rank == dimensions.length) {
                dimensions = Arrays.copyOf(dimensions, Shapes.RANK_MAX);
            }
            dimensions[rank++] = dimension(json);
        }
        return Arrays.copyOf(dimensions, rank);
    }

    private int dimension(JsonParser json) throws IOException, Refused {
        boolean whole =
                json.currentToken() == JsonToken.VALUE_NUMBER_INT
                        && json.getNumberType() == JsonParser.NumberType.INT;
        int size = whole ? json.getIntValue() : 0;
        if (size < 1) {
            var text = json.currentToken().isScalarValue() ? json.getText() : "no number";
            throw Refused.badInput(
                    "%s has the dimension %s; each must be 1..%d"
                            .formatted(label(), text, Integer.MAX_VALUE));
        }
        return size;
    }

    /** Reads the data at once where its type is known, else remembers where it is. */
    private void data(JsonParser json) throws IOException, Refused {
        if (JsonBody.isNull(json)) {
            return;
        }
        hasData = true;
        if (name == null || datatype == null) {
            dataAt = json.currentTokenLocation().getByteOffset();
            json.skipChildren();
        } else {
            elements(json, name, datatype);
        }
    }

    private void elements(JsonParser json, String named, Datatype type)
            throws IOException, Refused {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw Refused.badInput("input '" + named + "' has 'data' that is no list");
        }
        column = Column.of(named, type);
        nested = new Nested(column);
        nested.read(json, 0);
    }

    private Tensor tensor() throws IOException, Refused {
        var named = given(name, "name");
        var type = given(datatype, "datatype");
        var wanted = given(shape, "shape");
        var binarySize = parameters.values().at(V2Parameters.BINARY_SIZE).orElse(Json.Null.VALUE);
        if (!(binarySize instanceof Json.Null)) {
            return binary(named, type, wanted, binarySize);
        }
        if (!hasData) {
            throw Refused.badInput(
                    "'data' field is missing for input '%s' for model '%s'"
                            .formatted(named, model));
        }
        if (column == null) {
            readAgain(named, type);
        }
        return shaped(named, type, wanted, given(column, "data"), given(nested, "data"));
    }

    private Tensor binary(String named, Datatype type, int[] wanted, Json size) throws Refused {
        if (!(size instanceof Json.Int(var bytes))) {
            throw Refused.badInput(
                    "input '%s' has the binary_data_size %s, which is no whole number"
                            .formatted(named, size));
        }
        if (hasData) {
            throw Refused.badInput("input '" + named + "' has both 'data' and 'binary_data_size'");
        }
        return ContentTypes.decoded(
                RawTensors.read(named, type, wanted, raw.take(named, bytes)),
                parameters.contentType());
    }

    private void readAgain(String named, Datatype type) throws IOException, Refused {
        int skipped = (int) dataAt;
        try (var json =
                JsonReader.FACTORY.createParser(
                        body.array(), body.from() + skipped, body.length() - skipped)) {
            json.nextToken();
            elements(json, named, type);
        }
    }

    private Tensor shaped(String named, Datatype type, int[] wanted, Column column, Nested nested)
            throws Refused {
        int count = Shapes.elements(named, wanted);
        if (count != column.size) {
            throw Refused.badInput(
                    "input '%s' of shape %s needs %d elements, 'data' has %d"
                            .formatted(named, Arrays.toString(wanted), count, column.size));
        }
        if (!nested.fits(wanted)) {
            throw Refused.badInput(
                    "input '%s' has the shape %s, but its data is nested as %s"
                            .formatted(
                                    named,
                                    Arrays.toString(wanted),
                                    Arrays.toString(nested.shape())));
        }
        Elements elements = column.elements();
        return ContentTypes.decoded(
                new Tensor(named, type, wanted, elements), parameters.contentType());
    }

    private <T> T given(@Nullable T value, String field) throws Refused {
        if (value == null) {
            throw Refused.badInput(label() + " has no '" + field + "'");
        }
        return value;
    }

    private String where(String field) {
        return V2Request.where("inputs", index) + "." + field;
    }

    private String label() {
        return name == null ? "'" + V2Request.where("inputs", index) + "'" : "input '" + name + "'";
    }
}
