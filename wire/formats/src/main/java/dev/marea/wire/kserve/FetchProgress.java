package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.JsonWriter;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How far a fetch is: what the step writes as an annotation of its pod, at most once a second, and
 * the operator and the command line read.
 *
 * @param bytes that are here
 * @param total of all files; -1 while it is not known
 * @param rate bytes a second of late
 * @param etaSeconds -1 while it is not known
 * @param resumedFrom bytes that an earlier attempt had brought
 * @param files that are here whole
 */
public record FetchProgress(
        long bytes, long total, long rate, long etaSeconds, long resumedFrom, long files) {
    public static final String ANNOTATION = "marea.dev/fetch-progress";
    private static final int WHOLE = 100;

    /** 100 only when everything is here; empty while the total is not known. */
    public OptionalInt percent() {
        if (total < 0) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(
                bytes >= total ? WHOLE : (int) Math.min(WHOLE - 1, bytes * (double) WHOLE / total));
    }

    public String write() {
        return JsonWriter.text(
                Json.Obj.of(
                        "bytes",
                        bytes,
                        "total",
                        total,
                        "rate",
                        rate,
                        "etaSeconds",
                        etaSeconds,
                        "resumedFrom",
                        resumedFrom,
                        "files",
                        files));
    }

    /** Whoever wrote it: nonsense says nothing. */
    public static Optional<FetchProgress> read(String annotation) {
        try {
            var tree = JsonReader.read(annotation);
            return tree.integer("bytes").isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            new FetchProgress(
                                    Math.max(0, tree.integer("bytes").getAsLong()),
                                    tree.integer("total").orElse(-1),
                                    Math.max(0, tree.integer("rate").orElse(0)),
                                    tree.integer("etaSeconds").orElse(-1),
                                    Math.max(0, tree.integer("resumedFrom").orElse(0)),
                                    Math.max(0, tree.integer("files").orElse(0))));
        } catch (MalformedJson _) {
            return Optional.empty();
        }
    }
}
