package dev.marea.wire.http;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Certificates that Marea issues to itself: a root of its own and one server certificate. */
public final class Certificates {
    private static final Duration VALID = Duration.ofDays(365);
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);

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

    /** Issues both for a year; loopback addresses and localhost are always among the names. */
    public static Issued issue(Instant now, List<String> dnsNames) {
        try {
            var root = root(now);
            var server = server(now, dnsNames).buildIssuedBy(root);
            return new Issued(
                    root.getCertificatePEM(),
                    new Pem(server.getCertificatePathPEM(), server.getPrivateKeyPEM()));
        } catch (Exception failed) {
            throw new IllegalStateException("this JDK cannot make an ECDSA certificate", failed);
        }
    }

    private static X509Bundle root(Instant now) throws Exception {
        return builder(now)
                .subject("CN=Marea self-issued root")
                .setIsCertificateAuthority(true)
                .setKeyUsage(
                        true,
                        CertificateBuilder.KeyUsage.keyCertSign,
                        CertificateBuilder.KeyUsage.cRLSign)
                .buildSelfSigned();
    }

    private static CertificateBuilder server(Instant now, List<String> dnsNames) {
        var builder =
                builder(now)
                        .subject("CN=Marea")
                        .setKeyUsage(true, CertificateBuilder.KeyUsage.digitalSignature)
                        .addExtendedKeyUsageServerAuth()
                        .addSanIpAddress("127.0.0.1")
                        .addSanIpAddress("::1")
                        .addSanDnsName("localhost");
        dnsNames.forEach(builder::addSanDnsName);
        return builder;
    }

    private static CertificateBuilder builder(Instant now) {
        return new CertificateBuilder()
                .ecp256()
                .notBefore(now.minus(CLOCK_SKEW))
                .notAfter(now.plus(VALID));
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
