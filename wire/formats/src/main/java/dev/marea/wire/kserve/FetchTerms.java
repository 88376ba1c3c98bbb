package dev.marea.wire.kserve;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.json.JsonWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the operator and the step that fetches a model agree on: where the step finds the Secrets
 * that it may use, and by which variables it is told the rest. None of the variables is secret.
 */
public final class FetchTerms {
    /** Each Secret is a directory here, each of its keys a file. */
    public static final String SECRETS_DIRECTORY = "/mnt/marea/secrets";

    /** ConfigMaps with authorities to trust; every file is PEM. */
    public static final String AUTHORITIES_DIRECTORY = "/mnt/marea/ca";

    /** The references of a revision that its first replica has resolved; each file one revision. */
    public static final String PINS_DIRECTORY = "/mnt/marea/pins";

    /** The Secret of storage specs, under this name whatever it is called. */
    public static final String STORAGE_CONFIG = "storage-config";

    /** A variable that names {@link #SECRETS_DIRECTORY}; unset where no Secret is mounted. */
    public static final String SECRETS = "MAREA_STORAGE_SECRETS";

    /** A variable that names {@link #AUTHORITIES_DIRECTORY}; unset where none is mounted. */
    public static final String AUTHORITIES = "MAREA_STORAGE_CA";

    /** A variable: what the annotations of Secrets and account say; see {@link Told}. */
    public static final String TOLD = "MAREA_STORAGE_TOLD";

    /**
     * A variable: the keys of {@link #STORAGE_CONFIG}, with commas between them, of which the first
     * one that is there describes the store of the URIs.
     */
    public static final String KEY = "MAREA_STORAGE_KEY";

    /** A variable: {@code storage.parameters} as a JSON object, over the entry of that key. */
    public static final String PARAMETERS = "MAREA_STORAGE_PARAMETERS";

    /** A variable: {@code off}, {@code warn} or {@code require} a signature of the model. */
    public static final String SIGNATURES = "MAREA_STORAGE_SIGNATURES";

    /** A variable: the public keys of those whose signatures count, as PEM. */
    public static final String SIGNERS = "MAREA_STORAGE_SIGNERS";

    /** An annotation of a service: what {@link #SIGNATURES} is to be. */
    public static final String SIGNATURES_ANNOTATION = "marea.dev/model-signatures";

    /** An annotation of a service: what {@link #SIGNERS} is to be. */
    public static final String SIGNERS_ANNOTATION = "marea.dev/model-signers";

    /** Variables in KServe's spelling: JSON lists, or globs with commas between them. */
    public static final String ALLOW_PATTERNS = "STORAGE_ALLOW_PATTERNS";

    public static final String IGNORE_PATTERNS = "STORAGE_IGNORE_PATTERNS";

    /**
     * A variable that names the file with the {@link Pins} of the replica's revision; there is no
     * such file until its first replica has fetched.
     */
    public static final String PINS = "MAREA_STORAGE_PINS";

    /**
     * A URI whose store only the entry of a key knows: {@code storage-config://KEY/PATH}. It comes
     * from a manifest's storage block, never from a storageUri.
     */
    public static final String SPEC_SCHEME = "storage-config://";

    /** Whether a variable of the step is a service's to set; any other is the administrator's. */
    public static boolean mayBeSaidByAService(String variable) {
        return variable.startsWith("MAREA_STORAGE_")
                || variable.equals(ALLOW_PATTERNS)
                || variable.equals(IGNORE_PATTERNS);
    }

    private FetchTerms() {}

    /**
     * What objects say beside the Secrets, by annotations such as {@code
     * serving.kserve.io/s3-endpoint}. A tenant wrote it.
     *
     * @param secrets by the name of the Secret
     */
    public record Told(Map<String, Map<String, String>> secrets, Map<String, String> account) {
        public static final Told NOTHING = new Told(Map.of(), Map.of());

        public Told {
            secrets = Map.copyOf(secrets);
            account = Map.copyOf(account);
        }

        public boolean nothing() {
            return account.isEmpty() && secrets.values().stream().allMatch(Map::isEmpty);
        }

        public String write() {
            var named = new TreeMap<String, Object>();
            new TreeMap<>(secrets)
                    .forEach((name, said) -> {
                        if (!said.isEmpty()) {
                            named.put(name, new TreeMap<>(said));
                        }
                    });
            return JsonWriter.text(
                    Json.Obj.of("secrets", named, "account", new TreeMap<>(account)));
        }

        /** Whoever wrote it: nonsense says nothing. */
        public static Told read(String text) {
            try {
                var tree = JsonReader.read(text);
                var secrets = new LinkedHashMap<String, Map<String, String>>();
                tree.object("secrets")
                        .fields()
                        .forEach((name, said) -> secrets.put(name, texts(said)));
                return new Told(secrets, texts(tree.object("account")));
            } catch (MalformedJson _) {
                return NOTHING;
            }
        }
    }

    private static Map<String, String> texts(Json tree) {
        var texts = new LinkedHashMap<String, String>();
        if (tree instanceof Json.Obj(var fields)) {
            fields.forEach((name, value) -> {
                if (value instanceof Json.Str(var text)) {
                    texts.put(name, text);
                }
            });
        }
        return texts;
    }
}
