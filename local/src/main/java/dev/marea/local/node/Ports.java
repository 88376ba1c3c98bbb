package dev.marea.local.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Free loopback ports. They come from below the range that the kernel gives to outgoing
 * connections, so that none is taken between our look and the child's bind.
 */
final class Ports {
    private static final int FIRST = 20_000;
    private static final int END = 32_000;
    private static final int ATTEMPTS = 1_000;

    private final RandomGenerator chance;
    private final Set<Integer> given = new HashSet<>();

    Ports(RandomGenerator chance) {
        this.chance = chance;
    }

    synchronized PortMap give(List<Integer> containerPorts) throws IOException {
        var real = new LinkedHashMap<Integer, Integer>();
        for (int port : containerPorts) {
            real.put(port, free());
        }
        return new PortMap(real);
    }

    /** An adopted pod keeps what it has. */
    synchronized void keep(PortMap ports) {
        given.addAll(ports.real().values());
    }

    synchronized void giveBack(PortMap ports) {
        given.removeAll(ports.real().values());
    }

    private int free() throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = chance.nextInt(FIRST, END);
            if (!given.contains(port) && bindable(port)) {
                given.add(port);
                return port;
            }
        }
        throw new IOException("no free loopback port between " + FIRST + " and " + END);
    }

    private static boolean bindable(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
