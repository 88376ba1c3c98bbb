package dev.marea.kubernetes.api;

import dev.marea.wire.http.EventLoops;
import java.util.Set;

/**
 * Where Marea is installed on a cluster; one machine has none.
 *
 * @param namespace of Marea's own objects
 * @param pod this replica's name, by which it is known in the Lease
 * @param loops carry the doors of webhook and feed
 * @param webhookPort where the API asks for our judgement; 0 for any free one
 * @param feedPort where gateways learn their routes; 0 for any free one
 * @param watched the namespaces whose services are ours; empty for all
 * @param networkPolicies whether replicas are fenced in by NetworkPolicies
 */
public record Installation(
        String namespace,
        String pod,
        EventLoops loops,
        int webhookPort,
        int feedPort,
        Set<String> watched,
        boolean networkPolicies) {
    public static final int WEBHOOK_PORT = 9443;
    public static final int FEED_PORT = 9444;

    public Installation {
        watched = Set.copyOf(watched);
    }

    /** With replicas fenced in, which is the default. */
    public Installation(
            String namespace,
            String pod,
            EventLoops loops,
            int webhookPort,
            int feedPort,
            Set<String> watched) {
        this(namespace, pod, loops, webhookPort, feedPort, watched, true);
    }
}
