package dev.marea.wire.kserve;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The parsing of storage URIs. */
final class StorageUris {
    private static final Pattern SCHEME =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://.*", Pattern.DOTALL);
    private static final Pattern CLAIM = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

    private static final Set<String> KNOWN =
            Set.of(
                    "s3",
                    "gs",
                    "hf",
                    "hdfs",
                    "webhdfs",
                    "oci",
                    "oci+native",
                    "oci+fetch",
                    "modelscope",
                    "abfs",
                    "abfss",
                    "wasb",
                    "wasbs");

    private static final String LIST = "pvc://claim/path, https://, http://, file:///path or /path";

    private StorageUris() {}

    static StorageScheme read(String uri) {
        var text = uri.strip();
        if (!text.equals(uri) || uri.chars().anyMatch(Character::isISOControl)) {
            return refused("has blanks at its ends or control characters in it");
        }
        if (climbs(uri)) {
            return refused("must not have \"..\" in its path");
        }
        if (uri.startsWith("/")) {
            return new StorageScheme.Served(StorageScheme.Source.PATH);
        }
        var matched = SCHEME.matcher(uri);
        if (!matched.matches()) {
            return refused(
                    "\""
                            + clipped(uri)
                            + "\" has no scheme and is no absolute path; write "
                            + LIST);
        }
        var scheme = matched.group(1).toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "file" -> file(uri);
            case "pvc" -> pvc(uri);
            case "https", "http" -> web(uri, scheme);
            default ->
                    KNOWN.contains(scheme)
                            ? new StorageScheme.KnownNotServed(scheme + "://")
                            : refused("scheme " + scheme + ":// is not known; write " + LIST);
        };
    }

    private static StorageScheme file(String uri) {
        return uri.startsWith("file:///")
                ? new StorageScheme.Served(StorageScheme.Source.FILE)
                : refused("needs three slashes: file:///path");
    }

    private static StorageScheme pvc(String uri) {
        var rest = uri.substring("pvc://".length());
        var claim = rest.contains("/") ? rest.substring(0, rest.indexOf('/')) : rest;
        return CLAIM.matcher(claim).matches()
                ? new StorageScheme.Served(StorageScheme.Source.PVC)
                : refused("needs the name of a PersistentVolumeClaim: pvc://claim/path");
    }

    private static StorageScheme web(String uri, String scheme) {
        URI parsed;
        try {
            parsed = new URI(uri);
        } catch (URISyntaxException bad) {
            return refused("is no URL: " + bad.getReason());
        }
        if (parsed.getHost() == null) {
            return refused("names no host");
        }
        if (parsed.getUserInfo() != null) {
            return refused("must not carry a user or password; they would stand in every log");
        }
        var host = parsed.getHost().toLowerCase(Locale.ROOT);
        if (host.endsWith(".blob.core.windows.net") || host.endsWith(".blob.storage.azure.net")) {
            return new StorageScheme.KnownNotServed("Azure Blob Storage");
        }
        if (host.endsWith(".file.core.windows.net")) {
            return new StorageScheme.KnownNotServed("Azure Files");
        }
        if (parsed.getPath() != null && parsed.getPath().endsWith(".git")) {
            return new StorageScheme.KnownNotServed("a git repository");
        }
        return new StorageScheme.Served(
                scheme.equals("https") ? StorageScheme.Source.HTTPS : StorageScheme.Source.HTTP);
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

    private static StorageScheme refused(String message) {
        return new StorageScheme.Refused(message);
    }
}
