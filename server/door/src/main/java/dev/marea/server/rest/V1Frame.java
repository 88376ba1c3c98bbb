package dev.marea.server.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.marea.server.models.Refused;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.ModelMetadata;
import dev.marea.server.runtime.Tensor;
import dev.marea.wire.text.Nearest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A data frame while it is read: one column for each of the model's, text or numbers, null where a
 * value is missing.
 */
final class V1Frame {
    private static final int COLUMNS_TOLD = 20;

    /**
     * One column. Those that the model does not look at are read past. A type that the model did
     * not state for this very column is settled by the first value: a text makes it a column of
     * text.
     */
    private static final class Cells {
        private final String name;
        private @Nullable Column column;
        private boolean settled;

        Cells(String name, @Nullable Column column, boolean settled) {
            this.name = name;
            this.column = column;
            this.settled = settled;
        }

        void add(JsonParser json) throws IOException, Refused {
            var into = column;
            if (into == null) {
                json.skipChildren();
                return;
            }
            if (!settled && json.currentToken() == JsonToken.VALUE_STRING) {
                into = Column.ofTexts(name, into.size);
                column = into;
            }
            settled |= json.currentToken() != JsonToken.VALUE_NULL;
            into.addCell(json);
        }
    }

    private final Map<String, Cells> byName = new LinkedHashMap<>();
    private final List<Cells> inOrder = new ArrayList<>();

    private V1Frame() {}

    /** Empty for a model that takes no table. */
    static @Nullable V1Frame of(ModelMetadata model) throws Refused {
        var frame = new V1Frame();
        if (!model.columns().isEmpty()) {
            for (var name : model.columns()) {
                var stated = stated(name, model);
                frame.add(name, stated == null ? shared(model) : stated, stated != null);
            }
            return frame;
        }
        if (model.inputs().size() < 2) {
            return null;
        }
        for (var spec : model.inputs()) {
            if (spec.shape().size() != 1) {
                return null;
            }
            frame.add(spec.name(), spec.datatype(), true);
        }
        return frame;
    }

    private void add(String name, @Nullable Datatype datatype, boolean settled) throws Refused {
        var column = datatype == null ? null : Column.of(name, datatype);
        var cells = new Cells(name, column, settled);
        byName.put(name, cells);
        inOrder.add(cells);
    }

    private static @Nullable Datatype stated(String column, ModelMetadata model) {
        for (var spec : model.inputs()) {
            if (spec.name().equals(column)) {
                return spec.datatype();
            }
        }
        return null;
    }

    /** The type of the one input that all columns share. */
    private static @Nullable Datatype shared(ModelMetadata model) {
        return model.inputs().size() == 1 ? model.inputs().getFirst().datatype() : null;
    }

    boolean has(String column) {
        return byName.containsKey(column);
    }

    /** Rows of mixed lists, by position; the parser stands on the first. */
    List<Tensor> rows(JsonParser json, String field) throws IOException, Refused {
        int rows = 0;
        do {
            if (json.currentToken() != JsonToken.START_ARRAY) {
                throw Refused.badInput(
                        "'%s[%d]' must be a list of %d values, or an object by column"
                                .formatted(field, rows, inOrder.size()));
            }
            row(json, field, rows);
            rows++;
        } while (json.nextToken() != JsonToken.END_ARRAY);
        return tensors();
    }

    private void row(JsonParser json, String field, int row) throws IOException, Refused {
        int at = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (at < inOrder.size()) {
                inOrder.get(at).add(json);
            } else {
                json.skipChildren();
            }
            at++;
        }
        if (at != inOrder.size()) {
            throw Refused.badInput(
                    "'%s[%d]' has %d values; the model takes %d: %s"
                            .formatted(field, row, at, inOrder.size(), told()));
        }
    }

    /** Objects by column; the parser stands in the first. */
    List<Tensor> records(JsonParser json, String field) throws IOException, Refused {
        int instance = 0;
        int rows = 0;
        while (true) {
            var where = "%s[%d]".formatted(field, instance);
            instance++;
            rows += fields(json, where, rows);
            var next = json.nextToken();
            if (next == JsonToken.END_ARRAY) {
                return tensors();
            }
            if (next != JsonToken.START_OBJECT) {
                throw Refused.badInput("'" + field + "' mixes objects and lists");
            }
            json.nextToken();
        }
    }

    /** One object by column whose values are lists; the parser stands in it. */
    List<Tensor> columnar(JsonParser json, String field) throws IOException, Refused {
        fields(json, field, 0);
        return tensors();
    }

    /** Reads one object; how many rows it brought. */
    private int fields(JsonParser json, String where, int before) throws IOException, Refused {
        int more = -1;
        int seen = 0;
        while (json.currentToken() != JsonToken.END_OBJECT) {
            var cells = known(json.currentName(), where);
            json.nextToken();
            int added = cells(json, cells);
            if (more >= 0 && added != more) {
                throw Refused.badInput(
                        "'%s' has %d values for the column '%s', %d for others"
                                .formatted(where, added, cells.name, more));
            }
            more = added;
            seen += cells.column == null ? 0 : 1;
            json.nextToken();
        }
        checkWhole(where, seen, before + Math.max(more, 0));
        return Math.max(more, 0);
    }

    private void checkWhole(String where, int seen, int rows) throws Refused {
        for (var cells : inOrder) {
            if (cells.column != null && (cells.column.size != rows || seen == 0)) {
                throw Refused.badInput(
                        "'%s' lacks the column '%s'; give null where its value is missing"
                                .formatted(where, cells.name));
            }
        }
    }

    private Cells known(String name, String where) throws Refused {
        var cells = byName.get(name);
        if (cells == null) {
            throw Refused.badInput(
                    "'%s' has '%s', which is no column of this model; it has %s%s"
                            .formatted(where, name, told(), Nearest.hint(name, byName.keySet())));
        }
        return cells;
    }

    private String told() {
        var names = List.copyOf(byName.keySet());
        return names.size() <= COLUMNS_TOLD
                ? names.toString()
                : names.subList(0, COLUMNS_TOLD) + " and more";
    }

    /** One value, a list of them, or pandas' object of them by row; answers how many. */
    private static int cells(JsonParser json, Cells cells) throws IOException, Refused {
        var end =
                switch (json.currentToken()) {
                    case START_ARRAY -> JsonToken.END_ARRAY;
                    case START_OBJECT -> JsonToken.END_OBJECT;
                    default -> null;
                };
        if (end == null) {
            cells.add(json);
            return 1;
        }
        int count = 0;
        while (json.nextToken() != end) {
            if (json.currentToken() == JsonToken.FIELD_NAME) {
                json.nextToken();
            }
            cells.add(json);
            count++;
        }
        return count;
    }

    private List<Tensor> tensors() {
        var tensors = new ArrayList<Tensor>(inOrder.size());
        for (var cells : inOrder) {
            var column = cells.column;
            if (column != null) {
                tensors.add(
                        new Tensor(
                                cells.name,
                                column.datatype,
                                new int[] {column.size},
                                column.elements()));
            }
        }
        return tensors;
    }
}
