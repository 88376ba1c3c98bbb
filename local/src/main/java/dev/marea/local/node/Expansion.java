package dev.marea.local.node;

import java.util.Map;

/** {@code $(NAME)} in commands, args and env, as Kubernetes expands it; {@code $$} is a dollar. */
final class Expansion {
    private Expansion() {}

    /** An unknown name stays as it is written. */
    static String expand(String text, Map<String, String> known) {
        var out = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            char next = i + 1 < text.length() ? text.charAt(i + 1) : '\0';
            int close = c == '$' && next == '(' ? text.indexOf(')', i + 2) : -1;
            if (c == '$' && next == '$') {
                out.append('$');
                i += 2;
            } else if (close >= 0) {
                var name = text.substring(i + 2, close);
                out.append(known.getOrDefault(name, text.substring(i, close + 1)));
                i = close + 1;
            } else {
                out.append(c);
                i++;
            }
        }
        return out.toString();
    }
}
