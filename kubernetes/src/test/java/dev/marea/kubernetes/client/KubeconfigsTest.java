package dev.marea.kubernetes.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeconfigsTest {
    @TempDir private Path home;

    @ParameterizedTest
    @CsvSource({"EC, true", "RSA, false"})
    void anEllipticKeyIsTold(String kind, boolean elliptic) throws Exception {
        var pem = pem(kind);
        var inline = Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));

        assertThat(isElliptic("client-key-data: " + inline)).isEqualTo(elliptic);
        var file = Files.writeString(home.resolve("key.pem"), pem);
        assertThat(isElliptic("client-key: " + file)).isEqualTo(elliptic);
    }

    @Test
    void aTokenNeedsNoKey() throws Exception {
        assertThat(isElliptic("token: abc")).isFalse();
    }

    private static String pem(String kind) throws Exception {
        var key = KeyPairGenerator.getInstance(kind).generateKeyPair().getPrivate().getEncoded();
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(key)
                + "\n-----END PRIVATE KEY-----\n";
    }

    private boolean isElliptic(String credentials) throws Exception {
        var file =
                Files.writeString(
                        home.resolve("config"),
                        """
                        apiVersion: v1
                        kind: Config
                        current-context: c
                        contexts: [{name: c, context: {cluster: c, user: u}}]
                        clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
                        users:
                        - name: u
                          user:
                            %s
                        """
                                .formatted(credentials));
        return "EC".equals(Kubeconfigs.read(file).getClientKeyAlgo());
    }
}
