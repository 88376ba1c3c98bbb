package dev.marea.server.runtime.lightgbm;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.lightgbm.ModelText.Line;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonReader.MalformedJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the categories of a data frame's columns were called: the trees know them by their places in
 * the list.
 *
 * @param byColumn the categories of each column that has some
 */
public record Categories(Map<Integer, Category> byColumn) {
    /** One column's: the places of texts or of numbers. */
    sealed interface Category {}

    record Texts(Map<String, Integer> places) implements Category {}

    record Numbers(Map<Double, Integer> places) implements Category {}

    static final Categories NONE = new Categories(Map.of());

    public Categories {
        byColumn = Map.copyOf(byColumn);
    }

    public boolean isEmpty() {
        return byColumn.isEmpty();
    }

    /** Whether a column's categories are texts. */
    public boolean isText(int column) {
        return byColumn.get(column) instanceof Texts;
    }

    /**
     * A column of texts as the trees know them; NaN for what the training did not see.
     *
     * @param field what a refusal names
     */
    public double[] codes(int column, String field, String[] values) throws BadInput {
        if (!(byColumn.get(column) instanceof Texts(var places))) {
            throw new BadInput(field, "must hold numbers, holds text (BYTES)");
        }
        var codes = new double[values.length];
        for (int i = 0; i < codes.length; i++) {
            var place = places.get(values[i]);
            codes[i] = place == null ? Double.NaN : place;
        }
        return codes;
    }

    /** A column of numbers, likewise; without categories they stand for themselves. */
    public double[] codes(int column, String field, double[] values) throws BadInput {
        return switch (byColumn.get(column)) {
            case null -> values;
            case Numbers(var places) -> {
                var codes = new double[values.length];
                for (int i = 0; i < codes.length; i++) {
                    var place = places.get(values[i] + 0.0); // not -0.0
                    codes[i] = place == null ? Double.NaN : place;
                }
                yield codes;
            }
            case Texts(var places) -> {
                if (!Arrays.stream(values).allMatch(Double::isNaN)) {
                    throw new BadInput(
                            field,
                            "must hold text, the names of its %d categories"
                                    .formatted(places.size()));
                }
                yield values; // a column in which nothing is known
            }
        };
    }

    /** Reads the text's last line. */
    static Categories read(Line last, String prefix, Optional<String> columns, Header header)
            throws BadModel {
        if (!last.startsWith(prefix)) {
            return NONE;
        }
        var lists = lists(last, prefix);
        var where = columns(columns, header);
        // LightGBM tells columns only by their order; if it is unknown, codes are taken as they
        // are.
        if (lists.size() != where.size()) {
            return NONE;
        }
        var byColumn = new HashMap<Integer, Category>();
        for (int i = 0; i < lists.size(); i++) {
            if (lists.get(i) instanceof Json.Arr(var items)) {
                byColumn.put(where.get(i), category(items, last));
            }
        }
        return new Categories(byColumn);
    }

    private static List<Json> lists(Line last, String prefix) throws BadModel {
        try {
            return switch (JsonReader.read(last.text(last.from() + prefix.length()))) {
                case Json.Arr(var items) -> items;
                case Json.Null _ -> List.of();
                default -> throw last.bad(prefix + " is no list");
            };
        } catch (MalformedJson malformed) {
            throw last.bad(prefix + " is no JSON: " + malformed.getMessage());
        }
    }

    private static List<Integer> columns(Optional<String> named, Header header) {
        var columns = new ArrayList<Integer>();
        if (named.isPresent()) {
            for (var word : named.get().split(",", -1)) {
                // Longer ones name no column that could be.
                if (word.matches("[0-9]{1,9}") && Integer.parseInt(word) < header.features()) {
                    columns.add(Integer.parseInt(word));
                }
            }
            columns.sort(null);
            return columns;
        }
        for (int i = 0; i < header.infos().size(); i++) {
            var info = header.infos().get(i);
            if (!info.startsWith("[") && !info.equals("none")) {
                columns.add(i);
            }
        }
        return columns;
    }

    private static Category category(List<Json> items, Line last) throws BadModel {
        var texts = new HashMap<String, Integer>();
        var numbers = new HashMap<Double, Integer>();
        for (int place = 0; place < items.size(); place++) {
            switch (items.get(place)) {
                case Json.Str(var text) -> texts.putIfAbsent(text, place);
                case Json.Int(var whole) -> numbers.putIfAbsent((double) whole, place);
                case Json.Dec(var real) -> numbers.putIfAbsent(real + 0.0, place);
                case Json.Bool(var flag) -> numbers.putIfAbsent(flag ? 1.0 : 0.0, place);
                case Json.Null _, Json.Arr _, Json.Obj _ ->
                        throw last.bad("a category is neither text nor a number");
            }
        }
        if (!texts.isEmpty() && !numbers.isEmpty()) {
            throw last.bad("the categories of a column are texts and numbers");
        }
        return texts.isEmpty() ? new Numbers(numbers) : new Texts(texts);
    }
}
