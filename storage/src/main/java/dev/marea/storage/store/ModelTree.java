package dev.marea.storage.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The paths of one model's files. A path that would leave the model's directory, or that not every
 * disk can tell from another one, refuses the whole model, by name.
 */
public final class ModelTree {
    private static final int STEP_BYTES_MAX = 255;
    private static final int PATH_BYTES_MAX = 2_048;

    private final String subject;
    private final int filesMax;
    private final Map<String, String> files = new HashMap<>(); // folded to as written
    private final Set<String> directories = new HashSet<>();

    /**
     * @param subject what is fetched, for messages
     */
    public ModelTree(String subject, int filesMax) {
        this.subject = subject;
        this.filesMax = filesMax;
    }

    /** Takes a file's path in, or refuses it. */
    public void add(String path) throws FetchFailure {
        check(path);
        var folded = fold(path);
        var other = files.putIfAbsent(folded, path);
        if (other != null) {
            throw refused(
                    path,
                    other.equals(path)
                            ? "stands there twice"
                            : "differs from " + other + " by case alone");
        }
        if (directories.contains(folded)) {
            throw refused(path, "is a file and a directory too");
        }
        if (files.size() > filesMax) {
            throw FetchFailure.lasting(
                    subject + " has more than " + filesMax + " files, the limit for one model");
        }
        for (int slash = folded.indexOf('/'); slash >= 0; slash = folded.indexOf('/', slash + 1)) {
            var directory = folded.substring(0, slash);
            if (files.containsKey(directory)) {
                throw refused(path, "lies below " + directory + ", which is a file");
            }
            directories.add(directory);
        }
    }

    /** Judges the spelling of a path alone. */
    public void check(String path) throws FetchFailure {
        if (path.isEmpty() || path.getBytes(UTF_8).length > PATH_BYTES_MAX) {
            throw refused(path, "is empty or longer than " + PATH_BYTES_MAX + " bytes");
        }
        boolean odd = path.chars().anyMatch(c -> Character.isISOControl(c) || c == '\\');
        if (odd || !UTF_8.newEncoder().canEncode(path)) {
            throw refused(path, "has a backslash or a control character in it");
        }
        if (path.matches("[A-Za-z]:.*")) {
            throw refused(path, "begins with a drive");
        }
        for (var step : path.split("/", -1)) {
            if (step.isEmpty() || step.equals(".") || step.equals("..")) {
                throw refused(path, "is absolute, or has an empty step, \".\" or \"..\" in it");
            }
            if (step.getBytes(UTF_8).length > STEP_BYTES_MAX) {
                throw refused(path, "has a step of more than " + STEP_BYTES_MAX + " bytes");
            }
        }
    }

    private static String fold(String path) {
        return Normalizer.normalize(path, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    private FetchFailure refused(String path, String why) {
        var shown = path.length() <= 200 ? path : path.substring(0, 200) + "...";
        var plain = shown.replaceAll("\\p{Cntrl}", "?");
        return FetchFailure.lasting(
                "%s is refused: its file \"%s\" %s".formatted(subject, plain, why));
    }
}
