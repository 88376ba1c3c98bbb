package dev.marea.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.marea.storage.credentials.Access;
import dev.marea.storage.http.Authorities;
import dev.marea.storage.http.Proxies;
import dev.marea.wire.kserve.FetchTerms;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** What lies between us and the stores: proxies, and authorities of private certificates. */
final class Surroundings {
    private static final long BUNDLE_BYTES_MAX = 4 << 20;
    private static final int FILES_MAX = 64;

    /** Variables of the standard clients that name a file of PEM certificates. */
    private static final String[] BUNDLES = {
        "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"
    };

    private Surroundings() {}

    static Proxies proxies(Access access) {
        return Proxies.of(name -> access.administrators(name));
    }

    /** Empty if the usual authorities are all. */
    static Optional<SSLContext> authorities(Access access) throws IOException {
        var pems = new ArrayList<byte[]>();
        for (var variable : BUNDLES) {
            var file = access.administrators(variable).map(Path::of).filter(Files::isRegularFile);
            if (file.isPresent()) {
                pems.add(bundle(file.get()));
            }
        }
        var mounted = access.administrators(FetchTerms.AUTHORITIES).map(Path::of);
        if (mounted.isPresent() && Files.isDirectory(mounted.get())) {
            for (var file : files(mounted.get())) {
                pems.add(bundle(file));
            }
        }
        access.spec()
                .flatMap(spec -> spec.source().first("certificate"))
                .map(value -> value.reveal())
                .filter(text -> text.contains("BEGIN CERTIFICATE"))
                .ifPresent(text -> pems.add(text.getBytes(UTF_8)));
        return pems.isEmpty() ? Optional.empty() : Optional.of(Authorities.with(pems));
    }

    /** Below a ConfigMap's directory; names that begin with two dots are the kubelet's own. */
    private static List<Path> files(Path directory) throws IOException {
        try (var found = Files.walk(directory, 2, FileVisitOption.FOLLOW_LINKS)) {
            return found.filter(path -> !path.getFileName().toString().startsWith(".."))
                    .filter(Files::isRegularFile)
                    .limit(FILES_MAX)
                    .sorted()
                    .toList();
        }
    }

    private static byte[] bundle(Path file) throws IOException {
        if (Files.size(file) > BUNDLE_BYTES_MAX) {
            throw new IOException(file + " is too large for a bundle of certificates");
        }
        return Files.readAllBytes(file);
    }
}
