package dev.marea.server.llama.natives;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/**
 * What a build has packed: llama.cpp's version, and the SHA-256 of each library by its name.
 *
 * @param version as llama.cpp says it of itself, without a suffix
 * @param digest of the archive that they came from; names the directory that they are unpacked to
 */
record NativesList(String version, String digest, SequencedMap<String, String> sums) {
    private static final Pattern NAME = Pattern.compile("lib[A-Za-z0-9._-]{1,80}\\.so");
    private static final Pattern SUM = Pattern.compile("[0-9a-f]{64}");

    static NativesList parse(String text) {
        var version = "";
        var digest = "";
        var sums = new LinkedHashMap<String, String>();
        for (var line : text.lines().toList()) {
            var words = line.split(" ", -1);
            switch (words[0]) {
                case "version" -> version = words[1];
                case "archive" -> digest = words[1];
                case "file" -> sums.put(words[1], words[2]);
                default -> throw new IllegalStateException("unknown line in natives.list: " + line);
            }
        }
        return new NativesList(version, digest, sums);
    }

    NativesList {
        // The names become paths: none may lead elsewhere.
        sums.forEach((name, sum) -> {
            if (!NAME.matcher(name).matches() || !SUM.matcher(sum).matches()) {
                throw new IllegalStateException("natives.list names " + name + " " + sum);
            }
        });
        if (version.isEmpty() || !SUM.matcher(digest).matches() || sums.isEmpty()) {
            throw new IllegalStateException("natives.list lacks version, archive or files");
        }
    }
}
