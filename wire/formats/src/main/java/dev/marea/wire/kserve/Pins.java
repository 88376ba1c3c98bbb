package dev.marea.wire.kserve;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What mutable references were resolved to, the same for all replicas of a revision. The step that
 * fetched says so in its termination message, one line {@code pinned URI -> PINNED} each; the
 * operator keeps the lines and gives them, without the word, to the steps of later replicas.
 */
public final class Pins {
    private static final String WORD = "pinned ";
    private static final String ARROW = " -> ";

    /** A termination message has no more, and a manifest names no more artefacts. */
    private static final int LINES_MAX = 64;

    private Pins() {}

    /** As the end of a termination message. */
    public static String message(Map<String, String> pins) {
        return pins.entrySet().stream()
                .map(pin -> WORD + line(pin))
                .collect(Collectors.joining("\n"));
    }

    /** As a file for later replicas. */
    public static String file(Map<String, String> pins) {
        return pins.entrySet().stream().map(Pins::line).collect(Collectors.joining("\n"));
    }

    /** Of a termination message; other lines say something else. */
    public static Map<String, String> ofMessage(String message) {
        return read(
                message.lines()
                        .filter(line -> line.startsWith(WORD))
                        .map(line -> line.substring(WORD.length()))
                        .collect(Collectors.joining("\n")));
    }

    /** Of a file. */
    public static Map<String, String> read(String file) {
        var pins = new LinkedHashMap<String, String>();
        file.lines()
                .limit(LINES_MAX)
                .forEach(line -> {
                    var arrow = line.indexOf(ARROW);
                    if (arrow > 0) {
                        pins.put(
                                line.substring(0, arrow).strip(),
                                line.substring(arrow + ARROW.length()).strip());
                    }
                });
        return pins;
    }

    private static String line(Map.Entry<String, String> pin) {
        return pin.getKey() + ARROW + pin.getValue();
    }
}
