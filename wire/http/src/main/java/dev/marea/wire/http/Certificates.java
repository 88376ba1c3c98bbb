package dev.marea.wire.http;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** Certificates that Marea issues to itself: roots of its own, and what they vouch for. */
public final class Certificates {
    private static final Duration VALID = Duration.ofDays(365);
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);

    /** What X.509 says for a name of that sort. */
    private static final int DNS = 2;

    private Certificates() {}

    /** A certificate chain and its private key as PEM text. */
    public record Pem(String chain, String key) {
        public static Pem read(Path chain, Path key) throws IOException {
            return new Pem(Files.readString(chain), Files.readString(key));
        }

        /** Writes both files; the key is readable by its owner alone. */
        public void write(Path chainFile, Path keyFile) throws IOException {
            replace(chainFile, chain, "rw-r--r--");
            replace(keyFile, key, "rw-------");
        }

        public Instant validUntil() throws IOException {
            return certificate(chain).getNotAfter().toInstant();
        }

        /** The DNS names that the certificate is for. */
        public Set<String> dnsNames() throws IOException {
            try {
                var names = certificate(chain).getSubjectAlternativeNames();
                return Optional.ofNullable(names).orElse(List.of()).stream()
                        .filter(name -> Objects.equals(name.getFirst(), DNS))
                        .map(name -> String.valueOf(name.getLast()))
                        .collect(Collectors.toUnmodifiableSet());
            } catch (CertificateException bad) {
                throw new IOException("a certificate whose names cannot be read", bad);
            }
        }

        /** Never shows the key. */
        @Override
        public String toString() {
            return "Pem[chain of " + chain.length() + " characters]";
        }
    }

    /**
     * @param authority the root's certificate, for clients to trust
     */
    public record Issued(String authority, Pem server) {}

    /** A root that clients trust, with its key: whoever holds it can vouch for others. */
    public record Root(Pem pem) {
        public static Root make(Instant now, Duration valid) {
            return issuing(() -> {
                var made =
                        builder(now, valid)
                                // Roots that follow one another must be told apart.
                                .subject("CN=Marea self-issued root " + now.getEpochSecond())
                                .setIsCertificateAuthority(true)
                                .setKeyUsage(
                                        true,
                                        CertificateBuilder.KeyUsage.keyCertSign,
                                        CertificateBuilder.KeyUsage.cRLSign)
                                .buildSelfSigned();
                return new Root(new Pem(made.getCertificatePEM(), made.getPrivateKeyPEM()));
            });
        }

        /** For a server; loopback addresses and localhost are always among its names. */
        public Pem server(Instant now, Duration valid, List<String> dnsNames) throws IOException {
            var builder =
                    builder(now, valid)
                            .subject("CN=Marea")
                            .setKeyUsage(true, CertificateBuilder.KeyUsage.digitalSignature)
                            .addExtendedKeyUsageServerAuth()
                            .addSanIpAddress("127.0.0.1")
                            .addSanIpAddress("::1")
                            .addSanDnsName("localhost");
            dnsNames.forEach(builder::addSanDnsName);
            return signed(builder);
        }

        /** For a client that says by it who it is; no server can be run with it. */
        public Pem client(Instant now, Duration valid, String name) throws IOException {
            return signed(
                    builder(now, valid)
                            .subject("CN=" + name)
                            .setKeyUsage(true, CertificateBuilder.KeyUsage.digitalSignature)
                            .addExtendedKeyUsageClientAuth());
        }

        /** Whether it vouches for a certificate. */
        public boolean issued(Pem other) throws IOException {
            try {
                certificate(other.chain()).verify(certificate(pem.chain()).getPublicKey());
                return true;
            } catch (GeneralSecurityException _) {
                return false;
            }
        }

        private Pem signed(CertificateBuilder builder) throws IOException {
            var certificate = certificate(pem.chain());
            var keys = new KeyPair(certificate.getPublicKey(), privateKey(pem.key()));
            return issuing(() -> {
                var root = X509Bundle.fromRootCertificateAuthority(certificate, keys);
                var made = builder.buildIssuedBy(root);
                return new Pem(made.getCertificatePathPEM(), made.getPrivateKeyPEM());
            });
        }

        @Override
        public String toString() {
            return "Root[" + pem + "]";
        }
    }

    /** Issues both for a year; loopback addresses and localhost are always among the names. */
    public static Issued issue(Instant now, List<String> dnsNames) {
        var root = Root.make(now, VALID);
        try {
            return new Issued(root.pem().chain(), root.server(now, VALID, dnsNames));
        } catch (IOException impossible) {
            throw new IllegalStateException("a root that was just made", impossible);
        }
    }

    private static CertificateBuilder builder(Instant now, Duration valid) {
        return new CertificateBuilder()
                .ecp256()
                .notBefore(now.minus(CLOCK_SKEW))
                .notAfter(now.plus(valid));
    }

    private static <T> T issuing(Callable<T> work) {
        try {
            return work.call();
        } catch (Exception failed) {
            throw new IllegalStateException("this JDK cannot make an ECDSA certificate", failed);
        }
    }

    private static PrivateKey privateKey(String pem) throws IOException {
        try {
            var body = pem.replaceAll("-----[A-Z ]+-----|\\s", "");
            var bytes = Base64.getDecoder().decode(body);
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes));
        } catch (GeneralSecurityException | IllegalArgumentException bad) {
            throw new IOException("not an elliptic curve's PKCS#8 key in PEM", bad);
        }
    }

    private static X509Certificate certificate(String pem) throws IOException {
        try {
            var bytes = pem.getBytes(StandardCharsets.US_ASCII);
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new java.io.ByteArrayInputStream(bytes));
        } catch (CertificateException bad) {
            throw new IOException("not a certificate in PEM", bad);
        }
    }

    /** The file is never seen half written, nor for a moment with wider rights. */
    private static void replace(Path file, String text, String rights) throws IOException {
        var permissions =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights));
        var next = Files.createTempFile(file.toAbsolutePath().getParent(), ".pem", "", permissions);
        Files.writeString(next, text);
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString(rights));
        Files.move(
                next,
                file,
                Set.of(StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
                        .toArray(StandardCopyOption[]::new));
    }
}
