package dev.marea.storage.signing;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonReader.MalformedJson;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A DSSE envelope: bytes, what they are, and signatures over both.
 *
 * @param byCertificate whether it is signed by a certificate of Sigstore and no key of one's own
 */
record Envelope(byte[] payload, String type, List<byte[]> signatures, boolean byCertificate) {
    static final int BUNDLE_BYTES_MAX = 32 << 20;
    private static final int SIGNATURES_MAX = 16;

    /** Out of a Sigstore bundle, as the model-signing tool writes it. */
    static Envelope read(byte[] bundle) throws UntrustedModel {
        try {
            var tree = JsonReader.read(bundle);
            var envelope = tree.object("dsseEnvelope");
            var signatures = new ArrayList<byte[]>();
            for (var signature : envelope.list("signatures")) {
                signatures.add(decoded(signature.text("sig").orElse("")));
            }
            if (signatures.isEmpty() || signatures.size() > SIGNATURES_MAX) {
                throw new UntrustedModel(
                        "its signature file has %d signatures in dsseEnvelope, 1 to %d are read"
                                .formatted(signatures.size(), SIGNATURES_MAX));
            }
            return new Envelope(
                    decoded(envelope.text("payload").orElse("")),
                    envelope.text("payloadType").orElse(""),
                    signatures,
                    tree.at("verificationMaterial", "certificate").isPresent()
                            || tree.at("verificationMaterial", "x509CertificateChain").isPresent());
        } catch (MalformedJson bad) {
            throw new UntrustedModel("its signature file is no JSON: " + bad.getMessage());
        }
    }

    private static byte[] decoded(String base64) throws UntrustedModel {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            throw new UntrustedModel("its signature file has a part that is no base64");
        }
    }

    /** Whether one of the signers has signed this. */
    boolean signedBy(Signers signers) {
        var said = said();
        return signers.keys().stream()
                .anyMatch(key -> signatures.stream().anyMatch(s -> verifies(key, said, s)));
    }

    /** What is signed: the payload and its type, each with its length (DSSE's PAE). */
    private byte[] said() {
        var kind = type.getBytes(StandardCharsets.UTF_8);
        var head =
                "DSSEv1 %d %s %d "
                        .formatted(kind.length, type, payload.length)
                        .getBytes(StandardCharsets.UTF_8);
        var all = new byte[head.length + payload.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(payload, 0, all, head.length, payload.length);
        return all;
    }

    private static boolean verifies(PublicKey key, byte[] said, byte[] signature) {
        try {
            var check = Signature.getInstance(algorithm(key));
            check.initVerify(key);
            check.update(said);
            return check.verify(signature);
        } catch (GeneralSecurityException _) {
            return false; // a signature of another kind is not this key's
        }
    }

    /** The digest goes with the size of the curve. */
    private static String algorithm(PublicKey key) {
        if (!(key instanceof ECPublicKey curve)) {
            return "Ed25519";
        }
        int bits = curve.getParams().getOrder().bitLength();
        return bits <= 256
                ? "SHA256withECDSA"
                : bits <= 384 ? "SHA384withECDSA" : "SHA512withECDSA";
    }

    /** The statement that is signed. */
    Json.Obj statement() throws UntrustedModel {
        try {
            if (JsonReader.read(payload) instanceof Json.Obj statement) {
                return statement;
            }
        } catch (MalformedJson bad) {
            throw new UntrustedModel("what is signed is no JSON: " + bad.getMessage());
        }
        throw new UntrustedModel("what is signed is no statement");
    }
}
