package dev.marea.kubernetes.certs;

import java.time.Duration;
import java.util.List;

/**
 * How long certificates are good for and how early they are renewed.
 *
 * @param root how long a root is good for
 * @param rootRenewal how long before a root's end its successor is made
 * @param overlap how long a successor is only trusted before it signs anything: the time that the
 *     slowest reader of the trust bundle needs, a kubelet that refreshes a mounted Secret
 * @param leaf how long a server's or a client's certificate is good for
 * @param leafRenewal how long before its end such a one is renewed
 */
public record Terms(
        Duration root,
        Duration rootRenewal,
        Duration overlap,
        Duration leaf,
        Duration leafRenewal) {

    /** A cluster that sleeps for a month wakes with certificates that hold. */
    public static final Terms DEFAULT =
            new Terms(
                    Duration.ofDays(365),
                    Duration.ofDays(120),
                    Duration.ofHours(1),
                    Duration.ofDays(90),
                    Duration.ofDays(45));

    public Terms {
        if (!overlap.isPositive()
                || overlap.compareTo(rootRenewal) >= 0
                || rootRenewal.compareTo(root) >= 0
                || !leafRenewal.isPositive()
                || leafRenewal.compareTo(leaf) >= 0
                || leafRenewal.compareTo(rootRenewal) > 0) {
            throw new IllegalArgumentException(
                    "need 0 < overlap < rootRenewal < root and 0 < leafRenewal < leaf, and leafRenewal <= rootRenewal, was "
                            + List.of(root, rootRenewal, overlap, leaf, leafRenewal));
        }
    }
}
