package dev.marea.local.rest;

import dev.marea.local.objects.Refusal;
import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Equality, sets and existence over labels, as kubectl's {@code -l} takes them. */
final class LabelQuery {
    private static final int REQUIREMENTS_MAX = 100;
    private static final String KEY = "(?<key>[A-Za-z0-9]([\\w.-]*[A-Za-z0-9])?(/[\\w.-]+)?)";
    private static final Pattern TERM =
            Pattern.compile(
                    "\\s*(?:(?<absent>!)\\s*"
                            + KEY
                            + "|"
                            + KEY.replace("key", "key2")
                            + "\\s*(?:(?<op>==|=|!=|>|<)\\s*(?<value>[\\w.-]*)"
                            + "|\\s(?<set>in|notin)\\s*\\((?<values>[^()]*)\\))?)\\s*(?:,|$)");

    private sealed interface Term {
        record Exists(String key, boolean wanted) implements Term {}

        record In(String key, List<String> values, boolean wanted) implements Term {}

        record Compare(String key, long bound, boolean greater) implements Term {}
    }

    private final List<Term> terms;

    private LabelQuery(List<Term> terms) {
        this.terms = List.copyOf(terms);
    }

    static LabelQuery parse(String text) throws Refusal {
        var terms = new ArrayList<Term>();
        var matcher = TERM.matcher(text);
        int at = 0;
        while (at < text.length()) {
            matcher.region(at, text.length());
            if (!matcher.lookingAt() || terms.size() >= REQUIREMENTS_MAX) {
                throw Refusal.badRequest(
                        "unable to parse requirement: cannot understand \"%s\""
                                .formatted(text.substring(at)));
            }
            terms.add(term(matcher));
            at = matcher.end();
        }
        return new LabelQuery(terms);
    }

    private static Term term(Matcher matcher) throws Refusal {
        if (matcher.group("absent") != null) {
            return new Term.Exists(matcher.group("key"), false);
        }
        var key = matcher.group("key2");
        var set = matcher.group("set");
        if (set != null) {
            var values = List.of(matcher.group("values").strip().split("\\s*,\\s*", -1));
            return new Term.In(key, values, set.equals("in"));
        }
        var op = matcher.group("op");
        if (op == null) {
            return new Term.Exists(key, true);
        }
        var value = matcher.group("value");
        return switch (op) {
            case "!=" -> new Term.In(key, List.of(value), false);
            case ">", "<" -> new Term.Compare(key, bound(value), op.equals(">"));
            default -> new Term.In(key, List.of(value), true);
        };
    }

    private static long bound(String value) throws Refusal {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException _) {
            throw Refusal.badRequest(
                    "for 'Gt', 'Lt' operators, the value must be an integer, was \""
                            + value
                            + "\"");
        }
    }

    boolean matches(Json.Obj labels) {
        return terms.stream().allMatch(term -> matches(term, labels));
    }

    private static boolean matches(Term term, Json.Obj labels) {
        return switch (term) {
            case Term.Exists(var key, var wanted) -> labels.has(key) == wanted;
            case Term.In(var key, var values, var wanted) ->
                    labels.text(key).map(values::contains).orElse(false) == wanted;
            case Term.Compare(var key, var bound, var greater) ->
                    labels.text(key)
                            .filter(text -> text.matches("-?\\d{1,18}"))
                            .map(Long::parseLong)
                            .filter(value -> greater ? value > bound : value < bound)
                            .isPresent();
        };
    }
}
