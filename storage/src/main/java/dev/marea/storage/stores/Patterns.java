package dev.marea.storage.stores;

import dev.marea.storage.credentials.Access;
import dev.marea.wire.kserve.FetchTerms;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code STORAGE_ALLOW_PATTERNS} and {@code STORAGE_IGNORE_PATTERNS}: shell patterns over the path
 * inside the model, as KServe and the Hub's client read them: {@code *} goes over slashes too.
 */
public record Patterns(List<String> allow, List<String> ignore) {
    public static final Patterns ALL = new Patterns(List.of(), List.of());

    private static final int PATTERNS_MAX = 200;

    public Patterns {
        allow = List.copyOf(allow);
        ignore = List.copyOf(ignore);
        if (allow.size() + ignore.size() > PATTERNS_MAX) {
            throw new IllegalArgumentException("more than " + PATTERNS_MAX + " patterns");
        }
    }

    public static Patterns of(Access access) {
        return new Patterns(
                list(access.administrators(FetchTerms.ALLOW_PATTERNS).orElse("")),
                list(access.administrators(FetchTerms.IGNORE_PATTERNS).orElse("")));
    }

    /** Separated by commas; a JSON list is taken too. */
    private static List<String> list(String text) {
        var bare = text.strip();
        if (bare.startsWith("[") && bare.endsWith("]")) {
            bare = bare.substring(1, bare.length() - 1);
        }
        var patterns = new ArrayList<String>();
        for (var item : bare.split(",", -1)) {
            var pattern = item.strip().replaceAll("^[\"']|[\"']$", "");
            if (!pattern.isEmpty()) {
                patterns.add(pattern.endsWith("/") ? pattern + "*" : pattern);
            }
        }
        return patterns;
    }

    public boolean isEmpty() {
        return allow.isEmpty() && ignore.isEmpty();
    }

    public boolean admits(String path) {
        return (allow.isEmpty() || matches(allow, path)) && !matches(ignore, path);
    }

    private static boolean matches(List<String> patterns, String path) {
        return patterns.stream().anyMatch(pattern -> matches(pattern, path));
    }

    /** Goes back to the last star only, so that no pattern takes more than length times length. */
    private static boolean matches(String glob, String path) {
        int g = 0;
        int p = 0;
        int star = -1;
        int tried = 0;
        while (p < path.length()) {
            int next =
                    g < glob.length() && glob.charAt(g) != '*' ? one(glob, g, path.charAt(p)) : -1;
            if (g < glob.length() && glob.charAt(g) == '*') {
                star = g++;
                tried = p;
            } else if (next > 0) {
                g = next;
                p++;
            } else if (star >= 0) {
                g = star + 1;
                p = ++tried;
            } else {
                return false;
            }
        }
        while (g < glob.length() && glob.charAt(g) == '*') {
            g++;
        }
        return g == glob.length();
    }

    /** Where the pattern goes on if its part at {@code g} is for the character; else -1. */
    private static int one(String glob, int g, char c) {
        char wanted = glob.charAt(g);
        int end = wanted == '[' ? glob.indexOf(']', g + 2) : -1;
        if (end < 0) {
            return wanted == '?' || wanted == c ? g + 1 : -1;
        }
        boolean not = glob.charAt(g + 1) == '!';
        return inside(glob, not ? g + 2 : g + 1, end, c) != not ? end + 1 : -1;
    }

    private static boolean inside(String glob, int from, int end, char c) {
        for (int i = from; i < end; i++) {
            boolean range = i + 2 < end && glob.charAt(i + 1) == '-';
            char last = glob.charAt(range ? i + 2 : i);
            if (c >= glob.charAt(i) && c <= last) {
                return true;
            }
            i += range ? 2 : 0;
        }
        return false;
    }
}
