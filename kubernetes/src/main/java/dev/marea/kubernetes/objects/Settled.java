package dev.marea.kubernetes.objects;

import dev.marea.wire.json.Json;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;

/**
 * Whether an object already is as it should be: every field that we set stands there, whatever the
 * API has added. Quantities are compared by value, for the API writes them in its own form.
 */
public final class Settled {
    private static final Map<String, BigDecimal> SUFFIXES =
            Map.ofEntries(
                    Map.entry("m", new BigDecimal("0.001")),
                    Map.entry("", BigDecimal.ONE),
                    Map.entry("k", new BigDecimal("1e3")),
                    Map.entry("M", new BigDecimal("1e6")),
                    Map.entry("G", new BigDecimal("1e9")),
                    Map.entry("T", new BigDecimal("1e12")),
                    Map.entry("Ki", new BigDecimal(1L << 10)),
                    Map.entry("Mi", new BigDecimal(1L << 20)),
                    Map.entry("Gi", new BigDecimal(1L << 30)),
                    Map.entry("Ti", new BigDecimal(1L << 40)));
    private static final Set<String> QUANTITIES = Set.of("requests", "limits");

    private Settled() {}

    public static boolean in(Json live, Json wanted) {
        return in(live, wanted, false);
    }

    private static boolean in(Json live, Json wanted, boolean quantities) {
        return switch (wanted) {
            case Json.Obj(var fields) ->
                    live instanceof Json.Obj(var there)
                            && fields.entrySet().stream()
                                    .allMatch(f ->
                                            holds(
                                                    there.get(f.getKey()),
                                                    f.getValue(),
                                                    QUANTITIES.contains(f.getKey()) || quantities));
            case Json.Arr(var items) ->
                    live instanceof Json.Arr(var there)
                            && items.size() == there.size()
                            && all(items, there);
            case Json.Str _, Json.Int _, Json.Dec _, Json.Bool _, Json.Null _ ->
                    wanted.equals(live) || (quantities && quantity(live).equals(quantity(wanted)));
        };
    }

    /** An absent field is as good as one that says nothing. */
    private static boolean holds(
            @org.jspecify.annotations.Nullable Json live, Json wanted, boolean quantities) {
        return live == null ? saysNothing(wanted) : in(live, wanted, quantities);
    }

    private static boolean saysNothing(Json wanted) {
        return switch (wanted) {
            case Json.Null _ -> true;
            case Json.Obj(var fields) -> fields.isEmpty();
            case Json.Arr(var items) -> items.isEmpty();
            case Json.Bool(var flag) -> !flag;
            case Json.Str _, Json.Int _, Json.Dec _ -> false;
        };
    }

    private static boolean all(java.util.List<Json> wanted, java.util.List<Json> live) {
        for (int i = 0; i < wanted.size(); i++) {
            if (!in(live.get(i), wanted.get(i), false)) {
                return false;
            }
        }
        return true;
    }

    private static String quantity(Json value) {
        var text =
                switch (value) {
                    case Json.Str(var s) -> s;
                    case Json.Int(var n) -> Long.toString(n);
                    case Json.Dec(var d) -> BigDecimal.valueOf(d).toPlainString();
                    case Json.Obj _, Json.Arr _, Json.Bool _, Json.Null _ -> "?" + value;
                };
        int end = text.length();
        while (end > 0 && Character.isLetter(text.charAt(end - 1))) {
            end--;
        }
        var factor = SUFFIXES.get(text.substring(end));
        try {
            return factor == null
                    ? text
                    : new BigDecimal(text.substring(0, end))
                            .multiply(factor)
                            .stripTrailingZeros()
                            .toPlainString();
        } catch (NumberFormatException notANumber) {
            return text;
        }
    }
}
