package dev.marea.kubernetes.client;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Reads kubeconfigs as kubectl does, whatever kind of key their client certificate has. */
public final class Kubeconfigs {
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private Kubeconfigs() {}

    public static Config read(Path kubeconfig) {
        var config = Config.fromKubeconfig(kubeconfig.toFile());
        // The library takes every key in PKCS #8 for RSA; many clusters sign elliptic ones.
        return isElliptic(key(config))
                ? new ConfigBuilder(config).withClientKeyAlgo("EC").build()
                : config;
    }

    private static String key(Config config) {
        @Nullable String data = config.getClientKeyData();
        if (data != null) {
            return data.startsWith("-----")
                    ? data
                    : new String(Base64.getMimeDecoder().decode(data), StandardCharsets.US_ASCII);
        }
        @Nullable String file = config.getClientKeyFile();
        if (file == null) {
            return "";
        }
        try {
            return Files.readString(Path.of(file), StandardCharsets.US_ASCII);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    "the client key " + file + " of the kubeconfig cannot be read", unreadable);
        }
    }

    private static boolean isElliptic(String pem) {
        int begin = pem.indexOf(BEGIN);
        int end = pem.indexOf(END);
        if (begin < 0 || end < begin) {
            return pem.contains("-----BEGIN EC PRIVATE KEY-----");
        }
        var der = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
        try {
            KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
            return true;
        } catch (InvalidKeySpecException other) {
            return false;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
