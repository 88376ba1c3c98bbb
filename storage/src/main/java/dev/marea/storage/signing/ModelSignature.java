package dev.marea.storage.signing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judges whether a model is the one that a signer has vouched for: every file of it, no file less
 * and no file more. Its files need not be read again where their digests are known.
 */
public record ModelSignature(Signers signers) {
    /** Where the model-signing tool and the Hub put it. */
    public static final String FILE = "model.sig";

    private static final int BUFFER_BYTES = 1 << 16;

    /** By the directory alone; reads every file. */
    public void require(Path model) throws IOException, UntrustedModel {
        require(model, digests(model));
    }

    /**
     * By what is known of its files.
     *
     * @param digests SHA-256 in hex, by path
     */
    public void require(Path model, Map<String, String> digests)
            throws IOException, UntrustedModel {
        var bundle = model.resolve(FILE);
        if (!Files.isRegularFile(bundle)) {
            throw new UntrustedModel(
                    "it has no signature: there is no file %s beside its files".formatted(FILE));
        }
        if (Files.size(bundle) > Envelope.BUNDLE_BYTES_MAX) {
            throw new UntrustedModel(
                    "its signature file is larger than %d bytes"
                            .formatted(Envelope.BUNDLE_BYTES_MAX));
        }
        require(Files.readAllBytes(bundle), digests);
    }

    void require(byte[] bundle, Map<String, String> digests) throws UntrustedModel {
        var envelope = Envelope.read(bundle);
        if (!envelope.signedBy(signers)) {
            throw new UntrustedModel(
                    envelope.byCertificate()
                            ? "it is signed by a certificate (keyless); only signatures by a key are verified, sign it with model_signing sign key"
                            : "none of the %d signers that are trusted has signed it"
                                    .formatted(signers.keys().size()));
        }
        DigestManifest.of(envelope).requireSame(digests, FILE);
    }

    private static Map<String, String> digests(Path model) throws IOException, UntrustedModel {
        var digests = new TreeMap<String, String>();
        try (var files = Files.walk(model)) {
            for (var file : (Iterable<Path>) files::iterator) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    digests.put(model.relativize(file).toString(), sha256(file));
                } else if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    throw new UntrustedModel(
                            model.relativize(file) + " is neither a file nor a directory");
                }
            }
        }
        return digests;
    }

    private static String sha256(Path file) throws IOException {
        try (var content = Files.newInputStream(file)) {
            var digest = MessageDigest.getInstance("SHA-256");
            var buffer = new byte[BUFFER_BYTES];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
