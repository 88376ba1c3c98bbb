package dev.marea.storage.signing;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** The public keys of those whose signatures count. */
public record Signers(List<PublicKey> keys) {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PUBLIC KEY-----([^-]*)-----END PUBLIC KEY-----");
    private static final List<String> ALGORITHMS = List.of("EC", "Ed25519");
    private static final int KEYS_MAX = 64;

    public Signers {
        keys = List.copyOf(keys);
    }

    /** Every key of a text, such as a file of several; other blocks are an error. */
    public static Signers of(String pem) {
        var keys = new ArrayList<PublicKey>();
        var block = PEM.matcher(pem);
        int end = 0;
        while (block.find()) {
            requireBlank(pem.substring(end, block.start()));
            end = block.end();
            keys.add(key(block.group(1)));
            if (keys.size() > KEYS_MAX) {
                throw new IllegalArgumentException("more than " + KEYS_MAX + " keys");
            }
        }
        requireBlank(pem.substring(end));
        return new Signers(keys);
    }

    private static void requireBlank(String between) {
        if (between.contains("-----BEGIN")) {
            throw new IllegalArgumentException(
                    "signers are public keys, one PEM block BEGIN PUBLIC KEY each; another block begins with "
                            + between.strip().lines().findFirst().orElse(""));
        }
    }

    private static PublicKey key(String base64) {
        try {
            var der = Base64.getMimeDecoder().decode(base64);
            for (var algorithm : ALGORITHMS) {
                try {
                    return KeyFactory.getInstance(algorithm)
                            .generatePublic(new X509EncodedKeySpec(der));
                } catch (GeneralSecurityException _) {
                    // it is of another kind
                }
            }
        } catch (IllegalArgumentException _) {
            // it is no base64
        }
        throw new IllegalArgumentException(
                "a signer's key is none of ECDSA or Ed25519 in X.509 form (BEGIN PUBLIC KEY)");
    }
}
