package dev.marea.storage.http;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Which addresses a tenant's URI may lead to. It is asked after a name was resolved and on every
 * redirect, about the very address that is then connected to.
 *
 * @param loopback whether this machine itself may be asked: where the person who writes manifests
 *     is the one who runs the platform
 */
public record AddressPolicy(boolean loopback) {
    /** For tenants of a cluster. */
    public static final AddressPolicy CLUSTER = new AddressPolicy(false);

    /** For the one user of one machine, whose stores may run beside. */
    public static final AddressPolicy ONE_MACHINE = new AddressPolicy(true);

    private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

    /** Why it is refused, if it is. */
    public Optional<String> refusal(InetAddress address) {
        var plain = embedded(address);
        if (plain.isLoopbackAddress()) {
            return loopback
                    ? Optional.empty()
                    : Optional.of("a loopback address, which is this machine itself");
        }
        if (plain.isAnyLocalAddress()) {
            return Optional.of("the address of every interface");
        }
        if (plain.isLinkLocalAddress()) {
            return Optional.of("a link-local address, where clouds keep credentials");
        }
        if (plain.isMulticastAddress() || broadcast(plain)) {
            return Optional.of("an address of many machines");
        }
        return metadata(plain)
                ? Optional.of("the address of a cloud's metadata server")
                : Optional.empty();
    }

    private static boolean broadcast(InetAddress address) {
        return address instanceof Inet4Address
                && Arrays.equals(address.getAddress(), new byte[] {-1, -1, -1, -1});
    }

    /** Those that are not link-local: of Alibaba, Azure, Oracle, and of AWS over IPv6. */
    private static boolean metadata(InetAddress address) {
        return switch (address.getHostAddress()) {
            case "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2:0:0:0:0:0:254" ->
                    true;
            default -> false;
        };
    }

    /** The IPv4 address that an IPv6 one leads to: compatible, NAT64 or 6to4. */
    private static InetAddress embedded(InetAddress address) {
        if (!(address instanceof Inet6Address six)) {
            return address;
        }
        var bytes = six.getAddress();
        if (six.isIPv4CompatibleAddress() && !six.isLoopbackAddress() && !six.isAnyLocalAddress()) {
            return four(bytes, 12);
        }
        if (Arrays.equals(bytes, 0, 12, NAT64, 0, 12)) {
            return four(bytes, 12);
        }
        return bytes[0] == 0x20 && bytes[1] == 0x02 ? four(bytes, 2) : address;
    }

    private static InetAddress four(byte[] bytes, int from) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
