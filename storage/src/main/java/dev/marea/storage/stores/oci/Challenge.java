package dev.marea.storage.stores.oci;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** A registry's {@code WWW-Authenticate}: what it wants before it answers. */
record Challenge(String scheme, Map<String, String> parameters) {
    private static final Pattern PARAMETER =
            Pattern.compile("([a-zA-Z_]+)\\s*=\\s*(?:\"([^\"]*)\"|([^\\s,\"]+))");
    private static final int LENGTH_MAX = 4_096;

    static Challenge read(String header) {
        var text = header.strip();
        if (text.length() > LENGTH_MAX) {
            return new Challenge("", Map.of());
        }
        int blank = text.indexOf(' ');
        var scheme = blank < 0 ? text : text.substring(0, blank);
        var parameters = new LinkedHashMap<String, String>();
        var found = PARAMETER.matcher(blank < 0 ? "" : text.substring(blank + 1));
        while (found.find()) {
            parameters.put(
                    found.group(1).toLowerCase(Locale.ROOT),
                    found.group(2) != null ? found.group(2) : found.group(3));
        }
        return new Challenge(scheme.toLowerCase(Locale.ROOT), parameters);
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }
}
