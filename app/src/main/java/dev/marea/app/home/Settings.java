package dev.marea.app.home;

import dev.marea.local.node.Images.Executable;
import java.util.Map;

/**
 * How a platform on one machine is set up: a flag wins over MAREA_*, that over config.yaml, that
 * over the default.
 *
 * @param path where programs that config.yaml names are looked for: the PATH of the person who
 *     started us
 */
public record Settings(
        int gatewayPort,
        int apiPort,
        int adminPort,
        String domain,
        String path,
        Map<String, Executable> images,
        Fetching fetching) {
    public static final Settings DEFAULT =
            new Settings(
                    8080,
                    7443,
                    7080,
                    "localhost",
                    "/usr/local/bin:/usr/bin:/bin",
                    Map.of(),
                    Fetching.DEFAULT);

    /**
     * How models are fetched.
     *
     * @param cacheBytes of the models that are kept; those in use or pinned may exceed it
     * @param loopback whether a storageUri may name this machine itself, such as a MinIO beside
     * @param environment of the person who started us, in which the clients of stores look for
     *     credentials
     */
    public record Fetching(long cacheBytes, boolean loopback, Map<String, String> environment) {
        public static final Fetching DEFAULT = new Fetching(64L << 30, true, Map.of());

        public Fetching {
            environment = Map.copyOf(environment);
        }

        /** Some variables are secrets. */
        @Override
        public String toString() {
            return "Fetching[" + cacheBytes + ", " + loopback + "]";
        }
    }

    public Settings {
        images = Map.copyOf(images);
        port("the gateway's port", gatewayPort);
        port("the API's port", apiPort);
        port("the admin port", adminPort);
    }

    private static void port(String what, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(
                    what + " must be 0 (any free one) to 65535, was " + port);
        }
    }

    public Settings withGatewayPort(int port) {
        return new Settings(port, apiPort, adminPort, domain, path, images, fetching);
    }

    public Settings withApiPort(int port) {
        return new Settings(gatewayPort, port, adminPort, domain, path, images, fetching);
    }

    public Settings withAdminPort(int port) {
        return new Settings(gatewayPort, apiPort, port, domain, path, images, fetching);
    }

    public Settings withPath(String directories) {
        return new Settings(gatewayPort, apiPort, adminPort, domain, directories, images, fetching);
    }

    public Settings withEnvironment(Map<String, String> variables) {
        var fetched = new Fetching(fetching.cacheBytes(), fetching.loopback(), variables);
        return new Settings(gatewayPort, apiPort, adminPort, domain, path, images, fetched);
    }
}
