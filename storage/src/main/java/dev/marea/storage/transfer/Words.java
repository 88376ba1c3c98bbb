package dev.marea.storage.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Pattern;

/** What a store's refusal says, out of XML, JSON or plain text. */
final class Words {
    private static final int CHARS_MAX = 300;
    private static final Pattern XML =
            Pattern.compile("<(?:Message|message)>([^<]{1,1000})</", Pattern.DOTALL);
    private static final Pattern JSON =
            Pattern.compile("\"(?:message|error_description|error)\"\\s*:\\s*\"([^\"]{1,1000})\"");

    private Words() {}

    static String of(byte[] body) {
        var text = new String(body, UTF_8).strip();
        for (var form : new Pattern[] {XML, JSON}) {
            var found = form.matcher(text);
            if (found.find()) {
                return clean(found.group(1));
            }
        }
        return text.startsWith("<") || text.startsWith("{") ? "" : clean(text);
    }

    private static String clean(String words) {
        var line = words.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= CHARS_MAX ? line : line.substring(0, CHARS_MAX) + "...";
    }
}
