package dev.marea.storage.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whose certificates are believed: those the JVM knows, and the authorities of private stores. */
public final class Authorities {
    private Authorities() {}

    /** What the JVM believes. */
    public static SSLContext usual() {
        try {
            return SSLContext.getDefault();
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("this JVM has no TLS", broken);
        }
    }

    /**
     * The usual authorities and those of PEM texts.
     *
     * @throws IOException if a text holds no certificate
     */
    public static SSLContext with(List<byte[]> pems) throws IOException {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (var known : usualIssuers()) {
                store.setCertificateEntry("usual-" + number++, known);
            }
            var reader = CertificateFactory.getInstance("X.509");
            for (var pem : pems) {
                for (var more : reader.generateCertificates(new ByteArrayInputStream(pem))) {
                    store.setCertificateEntry("more-" + number++, more);
                }
            }
            var context = SSLContext.getInstance("TLS");
            context.init(null, managers(store).getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException bad) {
            throw new IOException(
                    "the bundle of authorities holds no PEM certificates: " + bad.getMessage(),
                    bad);
        }
    }

    private static X509Certificate[] usualIssuers() throws GeneralSecurityException {
        for (var manager : managers(null).getTrustManagers()) {
            if (manager instanceof X509TrustManager known) {
                return known.getAcceptedIssuers();
            }
        }
        return new X509Certificate[0];
    }

    private static TrustManagerFactory managers(@Nullable KeyStore store)
            throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }
}
