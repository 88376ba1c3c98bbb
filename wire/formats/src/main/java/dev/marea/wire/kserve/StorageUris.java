package dev.marea.wire.kserve;

import dev.marea.wire.kserve.StorageScheme.Source;
import dev.marea.wire.text.Nearest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The parsing of storage URIs. */
final class StorageUris {
    static final String LIST =
            "s3://bucket/path, gs://bucket/path, hf://owner/model, https://, oci://, models:/name@alias, pvc://claim/path, file:///path or /path";

    private static final Pattern SCHEME =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://(.*)", Pattern.DOTALL);
    private static final Pattern CLAIM = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
    private static final Pattern BUCKET =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,220}[A-Za-z0-9])?");
    private static final Pattern HUB =
            Pattern.compile("[\\w.-]{1,96}/[\\w.-]{1,96}(:[\\w./-]{1,200})?");
    private static final Pattern IMAGE =
            Pattern.compile(
                    "([A-Za-z0-9.-]+(:\\d{1,5})?/)?[a-z0-9._/-]{1,255}(:[\\w.-]{1,128})?(@sha256:[a-f0-9]{64})?");
    private static final Pattern REGISTERED =
            Pattern.compile("models:/[^/@]{1,256}(@[\\w.-]{1,256}|/[\\w.-]{1,256})");
    private static final Pattern ESCAPED_CONTROL =
            Pattern.compile("%(0[0-9a-f]|1[0-9a-f]|7f)", Pattern.CASE_INSENSITIVE);

    /** Those we serve, for who mistypes one. */
    private static final List<String> SERVED =
            List.of("s3", "gs", "hf", "https", "http", "oci", "pvc", "file", "webhdfs");

    private static final Map<String, Source> STORES =
            Map.of(
                    "s3", Source.S3,
                    "gs", Source.GCS,
                    "hf", Source.HUB,
                    "oci", Source.OCI,
                    "oci+fetch", Source.OCI,
                    "oci+native", Source.OCI_IMAGE,
                    "webhdfs", Source.WEBHDFS);

    /** KServe's and not ours. */
    private static final List<String> LATER =
            List.of("hdfs", "modelscope", "abfs", "abfss", "wasb", "wasbs");

    private StorageUris() {}

    static StorageScheme read(String uri) {
        if (!uri.strip().equals(uri)
                || uri.chars().anyMatch(Character::isISOControl)
                || ESCAPED_CONTROL.matcher(uri).find()) {
            return refused("has blanks at its ends or control characters in it");
        }
        if (climbs(uri)) {
            return refused("must not have \"..\" in its path");
        }
        if (uri.startsWith("/")) {
            return served(Source.PATH);
        }
        if (uri.startsWith("models:/")) {
            return matched(REGISTERED, uri, Source.MLFLOW, "models:/name@alias or models:/name/1");
        }
        var matched = SCHEME.matcher(uri);
        if (!matched.matches()) {
            return refused(
                    "\"%s\" has no scheme and is no absolute path; write %s"
                            .formatted(clipped(uri), LIST));
        }
        return read(uri, matched.group(1).toLowerCase(Locale.ROOT), matched.group(2));
    }

    private static StorageScheme read(String uri, String scheme, String rest) {
        if (carriesUser(rest)) {
            return refused("must not carry a user or password; they would stand in every log");
        }
        return switch (scheme) {
            case "file" ->
                    rest.startsWith("/")
                            ? served(Source.FILE)
                            : refused("needs three slashes: file:///path");
            case "pvc" ->
                    CLAIM.matcher(first(rest)).matches()
                            ? served(Source.PVC)
                            : refused(
                                    "needs the name of a PersistentVolumeClaim: pvc://claim/path");
            case "https", "http" -> web(uri, scheme);
            case "storage-config" ->
                    refused("is not written by hand; give storage with key and path instead");
            default -> store(uri, scheme, rest);
        };
    }

    private static StorageScheme store(String uri, String scheme, String rest) {
        var source = STORES.get(scheme);
        if (source == null) {
            return LATER.contains(scheme)
                    ? new StorageScheme.KnownNotServed(scheme + "://")
                    : new StorageScheme.Foreign(scheme, unknown(scheme));
        }
        return switch (source) {
            case S3, GCS ->
                    matched(BUCKET, first(rest), source, scheme + "://bucket/path, with a bucket");
            case HUB -> matched(HUB, rest, source, "hf://owner/model or hf://owner/model:revision");
            case OCI, OCI_IMAGE ->
                    matched(IMAGE, rest, source, scheme + "://registry/repository:tag");
            case WEBHDFS, HTTP, HTTPS, AZURE_BLOB, AZURE_FILE ->
                    host(uri) == null ? refused("names no host") : served(source);
            case FILE, PATH, PVC, MLFLOW -> served(source);
        };
    }

    private static String unknown(String scheme) {
        return "scheme %s:// is not known%s; write %s"
                .formatted(scheme, Nearest.hint(scheme, SERVED), LIST);
    }

    private static StorageScheme matched(Pattern form, String text, Source source, String say) {
        return form.matcher(text).matches()
                ? served(source)
                : refused("\"%s\" is not of the form %s".formatted(clipped(text), say));
    }

    private static StorageScheme web(String uri, String scheme) {
        try {
            var parsed = new URI(uri);
            if (parsed.getHost() == null) {
                return refused("names no host");
            }
            var host = parsed.getHost().toLowerCase(Locale.ROOT);
            var path = parsed.getPath() == null ? "" : parsed.getPath();
            if (host.endsWith(".blob.core.windows.net")
                    || host.endsWith(".blob.storage.azure.net")) {
                return azure(path, Source.AZURE_BLOB, "container");
            }
            if (host.endsWith(".file.core.windows.net")) {
                return azure(path, Source.AZURE_FILE, "share");
            }
            if (path.endsWith(".git")) {
                return new StorageScheme.KnownNotServed("a git repository");
            }
            return served(scheme.equals("https") ? Source.HTTPS : Source.HTTP);
        } catch (URISyntaxException bad) {
            return refused("is no URL: " + bad.getReason());
        }
    }

    private static StorageScheme azure(String path, Source source, String what) {
        return path.length() > 1 && path.charAt(1) != '/'
                ? served(source)
                : refused("names no " + what + " after the account's host");
    }

    /** Before the first slash; a path may have an @ of its own. */
    private static boolean carriesUser(String rest) {
        var first = first(rest);
        var at = first.indexOf('@');
        return at >= 0 && !first.startsWith("sha256:", at + 1);
    }

    private static String first(String rest) {
        var slash = rest.indexOf('/');
        return slash < 0 ? rest : rest.substring(0, slash);
    }

    private static @org.jspecify.annotations.Nullable String host(String uri) {
        try {
            return new URI(uri).getHost();
        } catch (URISyntaxException _) {
            return null;
        }
    }

    /** Also in its escaped spellings. */
    private static boolean climbs(String uri) {
        var plain =
                uri.replaceAll("(?i)%2e", ".").replaceAll("(?i)%2f|%5c", "/").replace('\\', '/');
        var path = plain.contains("?") ? plain.substring(0, plain.indexOf('?')) : plain;
        for (var step : path.split("/", -1)) {
            if (step.equals("..")) {
                return true;
            }
        }
        return false;
    }

    private static String clipped(String uri) {
        return uri.length() <= 80 ? uri : uri.substring(0, 80) + "...";
    }

    private static StorageScheme served(Source source) {
        return new StorageScheme.Served(source);
    }

    private static StorageScheme refused(String message) {
        return new StorageScheme.Refused(message);
    }
}
