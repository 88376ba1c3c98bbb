package dev.marea.server.runtime.sklearn;

import java.util.List;

/** Text in messages: enough to recognise it by, never all of a request. */
final class Texts {
    private static final int SHOWN_MAX = 60;
    private static final int LISTED_MAX = 20;

    private Texts() {}

    static String shown(String text) {
        return text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + "…";
    }

    static String listed(List<String> names) {
        var some = names.stream().limit(LISTED_MAX).map(Texts::shown).toList();
        var more = names.size() - some.size();
        return String.join(", ", some) + (more > 0 ? " and %d more".formatted(more) : "");
    }
}
