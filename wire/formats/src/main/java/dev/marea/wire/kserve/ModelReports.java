package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What became of the models of one replica: an annotation of its pod, which the agent in it has
 * written and the operator reads.
 */
public final class ModelReports {
    public static final String ANNOTATION = "marea.dev/models";

    private static final int DIGEST_CHARACTERS = 16;
    private static final int FAILURE_MAX = 800;

    /** All annotations of a pod together must stay below 256 KiB. */
    private static final int FAILURES_IN_WORDS_MAX = 100;

    private ModelReports() {}

    /**
     * @param digest of the URI of which this is said
     * @param failure empty: it is served
     */
    public record Report(String digest, Optional<String> failure) {}

    static String digest(String uri) {
        try {
            var bytes =
                    MessageDigest.getInstance("SHA-256")
                            .digest(uri.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(bytes).substring(0, DIGEST_CHARACTERS);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public static String write(Map<String, Report> reports) {
        var fields = new LinkedHashMap<String, Json>();
        int inWords = 0;
        for (var report : new TreeMap<>(reports).entrySet()) {
            var said = Json.Obj.of("uri", report.getValue().digest());
            var failure = report.getValue().failure();
            if (failure.isPresent()) {
                var words = inWords++ < FAILURES_IN_WORDS_MAX ? clipped(failure.get()) : "see log";
                said = said.with("failure", new Json.Str(words));
            }
            fields.put(report.getKey(), said);
        }
        return JsonWriter.text(new Json.Obj(fields));
    }

    private static String clipped(String text) {
        return text.length() <= FAILURE_MAX ? text : text.substring(0, FAILURE_MAX) + "...";
    }

    /** Whoever wrote it: nonsense says nothing. */
    public static Optional<Map<String, Report>> read(String annotation) {
        try {
            var reports = new LinkedHashMap<String, Report>();
            if (JsonReader.read(annotation) instanceof Json.Obj(var fields)) {
                fields.forEach((name, said) ->
                        reports.put(
                                name,
                                new Report(said.text("uri").orElse(""), said.text("failure"))));
            }
            return Optional.of(reports);
        } catch (MalformedJson _) {
            return Optional.empty();
        }
    }

    /** Whether a report speaks of the model as it is asked for now. */
    public static boolean isOf(Report report, String storageUri) {
        return report.digest().equals(digest(storageUri));
    }
}
