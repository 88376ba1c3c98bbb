package dev.marea.server.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Tensor;
import dev.marea.wire.json.JsonReader;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One entry of V2's {@code inputs}; its fields may come in any order. */
final class V2Input {
    private static final long NOT_SEEN = -1;

    private final byte[] body;
    private final String where;
    private final String model;
    private @Nullable String name;
    private @Nullable Datatype datatype;
    private int @Nullable [] shape;
    private @Nullable Column column;
    private @Nullable Nested nested;
    private long dataAt = NOT_SEEN;
    private boolean binary;

    V2Input(byte[] body, String where, String model) {
        this.body = body;
        this.where = where;
        this.model = model;
    }

    Tensor read(JsonParser json) throws IOException, Refused {
        while (json.nextToken() != JsonToken.END_OBJECT) {
            var field = json.currentName();
            json.nextToken();
            switch (field) {
                case "name" -> name = JsonBody.text(json, where + ".name");
                case "datatype" -> datatype = datatype(JsonBody.text(json, where + ".datatype"));
                case "shape" -> shape = shape(json);
                case "data" -> data(json);
                case "parameters" -> parameters(json);
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
        var dimensions = new int[Nested.RANK_MAX];
        int rank = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (rank == Nested.RANK_MAX) {
                throw Refused.badInput(
                        "%s has more than %d dimensions".formatted(label(), Nested.RANK_MAX));
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

    private void parameters(JsonParser json) throws IOException, Refused {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() != JsonToken.END_OBJECT) {
            binary |= json.currentName().equals("binary_data_size");
            json.nextToken();
            json.skipChildren();
        }
    }

    /** Reads the data at once where its type is known, else remembers where it is. */
    private void data(JsonParser json) throws IOException, Refused {
        dataAt = json.currentTokenLocation().getByteOffset();
        if (name == null || datatype == null) {
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
        if (binary) {
            throw Refused.badInput(
                    "input '" + named + "' is binary; this server takes JSON data only");
        }
        if (dataAt == NOT_SEEN) {
            throw Refused.badInput(
                    "'data' field is missing for input '%s' for model '%s'"
                            .formatted(named, model));
        }
        if (column == null) {
            readAgain(named, type);
        }
        return shaped(named, type, wanted, given(column, "data"), given(nested, "data"));
    }

    private void readAgain(String named, Datatype type) throws IOException, Refused {
        int from = (int) dataAt;
        try (var json = JsonReader.FACTORY.createParser(body, from, body.length - from)) {
            json.nextToken();
            elements(json, named, type);
        }
    }

    private static Tensor shaped(
            String named, Datatype type, int[] wanted, Column column, Nested nested)
            throws Refused {
        long product = product(named, wanted);
        if (product != column.size) {
            throw Refused.badInput(
                    "input '%s' of shape %s needs %d elements, 'data' has %d"
                            .formatted(named, Arrays.toString(wanted), product, column.size));
        }
        var given = nested.shape();
        if (given.length != 1 && !Arrays.equals(given, wanted)) {
            throw Refused.badInput(
                    "input '%s' has the shape %s, but its data is nested as %s"
                            .formatted(named, Arrays.toString(wanted), Arrays.toString(given)));
        }
        return new Tensor(named, type, wanted, column.elements());
    }

    private static long product(String named, int[] shape) throws Refused {
        long product = 1;
        for (int dimension : shape) {
            product *= dimension;
            if (product > Integer.MAX_VALUE) {
                throw Refused.badInput(
                        "input '%s' of shape %s has more than %d elements"
                                .formatted(named, Arrays.toString(shape), Integer.MAX_VALUE));
            }
        }
        return product;
    }

    private <T> T given(@Nullable T value, String field) throws Refused {
        if (value == null) {
            throw Refused.badInput(label() + " has no '" + field + "'");
        }
        return value;
    }

    private String label() {
        return name == null ? "'" + where + "'" : "input '" + name + "'";
    }
}
