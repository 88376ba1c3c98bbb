package dev.marea.core.scale;

import dev.marea.core.spec.ServiceId;
import java.util.List;

/**
 * What one gateway carried since its last report, a second ago or less. A report is sent at once
 * when a request finds no replica.
 */
public record LoadReport(String gateway, List<RevisionLoad> revisions) {
    public LoadReport {
        revisions = List.copyOf(revisions);
    }

    /**
     * One revision's part.
     *
     * @param concurrency requests in flight plus waiting, averaged over the interval
     * @param requests requests that arrived in the interval
     * @param waiting requests that wait for a replica now
     */
    public record RevisionLoad(
            ServiceId service, String revision, double concurrency, double requests, int waiting) {}
}
