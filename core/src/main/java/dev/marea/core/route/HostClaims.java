package dev.marea.core.route;

import dev.marea.core.spec.ServiceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who may be reached by a host: the service that was there first. A later one that wants the same
 * host waits until the first is gone; traffic never moves because somebody chose a clever name.
 *
 * <p>First is the one created first, which nobody can forge and every operator sees alike. Within
 * one second it is the one that has not been told of a conflict, then the one that came here first.
 */
public final class HostClaims {
    private final Map<String, List<Claimant>> byHost = new HashMap<>();
    private final Map<ServiceId, List<String>> wanted = new HashMap<>();

    public HostClaims() {}

    /**
     * Who claims.
     *
     * @param lost whether its status speaks of a conflict
     */
    public record Claimant(ServiceId service, Instant createdAt, boolean lost) {
        private boolean before(Claimant other) {
            int byAge = createdAt.compareTo(other.createdAt);
            return byAge != 0 ? byAge < 0 : !lost && other.lost;
        }
    }

    /**
     * What came of a claim.
     *
     * @param held in the order they were asked for
     * @param taken hosts that others hold, and who
     */
    public record Verdict(List<String> held, Map<String, ServiceId> taken) {
        public Verdict {
            held = List.copyOf(held);
        }

        public boolean holds(String host) {
            return held.contains(host);
        }
    }

    /** Claims anew; hosts that it claimed before and does not now are free again. */
    public synchronized Verdict claim(Claimant claimant, Collection<String> hosts) {
        var before = wanted.put(claimant.service(), List.copyOf(hosts));
        if (before != null) {
            before.stream()
                    .filter(h -> !hosts.contains(h))
                    .forEach(h -> leave(h, claimant.service()));
        }
        var held = new ArrayList<String>();
        var taken = new TreeMap<String, ServiceId>();
        for (var host : hosts) {
            var holder = join(host, claimant);
            if (holder.equals(claimant.service())) {
                held.add(host);
            } else {
                taken.put(host, holder);
            }
        }
        return new Verdict(held, taken);
    }

    /** Gives up everything; returns who waited for some of it. */
    public synchronized Set<ServiceId> release(ServiceId service) {
        var hosts = wanted.remove(service);
        var heirs = new HashSet<ServiceId>();
        if (hosts != null) {
            for (var host : hosts) {
                leave(host, service);
                byHost.getOrDefault(host, List.of()).forEach(c -> heirs.add(c.service()));
            }
        }
        return heirs;
    }

    private ServiceId join(String host, Claimant claimant) {
        var claimants = byHost.get(host);
        if (claimants == null) {
            byHost.put(host, List.of(claimant));
            return claimant.service();
        }
        var already = claimants.stream().anyMatch(c -> c.service().equals(claimant.service()));
        if (!already) {
            var more = new ArrayList<>(claimants);
            int place = 0;
            while (place < more.size() && !claimant.before(more.get(place))) {
                place++;
            }
            more.add(place, claimant);
            byHost.put(host, List.copyOf(more));
            return more.getFirst().service();
        }
        return claimants.getFirst().service();
    }

    private void leave(String host, ServiceId service) {
        var left =
                byHost.getOrDefault(host, List.of()).stream()
                        .filter(c -> !c.service().equals(service))
                        .toList();
        if (left.isEmpty()) {
            byHost.remove(host);
        } else {
            byHost.put(host, left);
        }
    }
}
