package dev.marea.gateway;

import dev.marea.core.spec.Reason;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** One revision's counters, looked up once: counting then costs some ten nanoseconds. */
final class RevisionMetrics {
    private static final int CODES = 600;

    private final GatewayMetrics all;
    private final String namespace;
    private final String service;
    private final String revision;
    private final boolean own;
    private final AtomicReferenceArray<CounterDataPoint> byCode = new AtomicReferenceArray<>(CODES);
    private final DistributionDataPoint requestSeconds;
    private final DistributionDataPoint queueSeconds;
    private final CounterDataPoint retries;
    private final CounterDataPoint ejections;

    RevisionMetrics(
            GatewayMetrics all, String namespace, String service, String revision, boolean own) {
        this.all = all;
        this.namespace = namespace;
        this.service = service;
        this.revision = revision;
        this.own = own;
        this.requestSeconds = all.requestSeconds.labelValues(namespace, service, revision);
        this.queueSeconds = all.queueSeconds.labelValues(namespace, service, revision);
        this.retries = all.retries.labelValues(namespace, service, revision);
        this.ejections = all.ejections.labelValues(namespace, service, revision);
    }

    boolean own() {
        return own;
    }

    void answered(int code, double seconds) {
        code(code < 100 || code >= CODES ? 0 : code).inc();
        requestSeconds.observe(seconds);
    }

    void waited(double seconds) {
        queueSeconds.observe(seconds);
    }

    void retried() {
        retries.inc();
    }

    void ejected() {
        ejections.inc();
    }

    void refused(Reason reason) {
        all.refused(namespace, service, reason);
    }

    void remove() {
        for (int code = 0; code < CODES; code++) {
            if (byCode.get(code) != null) {
                all.requests.remove(namespace, service, revision, label(code));
            }
        }
        all.requestSeconds.remove(namespace, service, revision);
        all.queueSeconds.remove(namespace, service, revision);
        all.retries.remove(namespace, service, revision);
        all.ejections.remove(namespace, service, revision);
    }

    private CounterDataPoint code(int code) {
        CounterDataPoint known = byCode.get(code);
        if (known == null) {
            known = all.requests.labelValues(namespace, service, revision, label(code));
            byCode.set(code, known);
        }
        return known;
    }

    private static String label(int code) {
        return code == 0 ? "other" : Integer.toString(code);
    }
}
