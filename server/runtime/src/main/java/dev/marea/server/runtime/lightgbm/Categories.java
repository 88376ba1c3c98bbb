package dev.marea.server.runtime.lightgbm;

import dev.marea.server.runtime.lightgbm.ModelText.Line;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonReader.MalformedJson;
import java.util.ArrayList;
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
    /** One column's, either texts or numbers. */
    public sealed interface Category {
        int count();
    }

    record Texts(Map<String, Integer> places) implements Category {
        @Override
        public int count() {
            return places.size();
        }

        /** NaN for one that the training did not know. */
        double place(String text) {
            var place = places.get(text);
            return place == null ? Double.NaN : place;
        }
    }

    record Numbers(Map<Double, Integer> places) implements Category {
        @Override
        public int count() {
            return places.size();
        }

        double place(double number) {
            var place = places.get(number + 0.0); // not -0.0
            return place == null ? Double.NaN : place;
        }
    }

    static final Categories NONE = new Categories(Map.of());

    public Categories {
        byColumn = Map.copyOf(byColumn);
    }

    Optional<Category> of(int column) {
        return Optional.ofNullable(byColumn.get(column));
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
