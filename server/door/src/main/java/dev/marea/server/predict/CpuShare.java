package dev.marea.server.predict;

/**
 * Which threads share the processors of this container (the JVM knows its quota).
 *
 * <p>An event loop is busy with cheap predictions, and then the workers have nothing to do, or it
 * moves bytes for the workers, which costs little; so there may be a worker for each processor and
 * a loop for each two. A graph's own threads count against the workers: a model that says that a
 * run of it needs n threads runs on one n-th of them at once.
 *
 * @param loops threads that move bytes
 * @param workers threads that predict
 * @param graphThreads threads that one run of a graph may use
 */
public record CpuShare(int loops, int workers, int graphThreads) {
    /** More threads make most graphs hardly faster, and leave none for a second request. */
    private static final int GRAPH_THREADS_MAX = 4;

    static CpuShare of(int processors) {
        return new CpuShare(
                Math.max(1, processors / 2), processors, Math.min(processors, GRAPH_THREADS_MAX));
    }

    public static CpuShare ofThisMachine() {
        return of(Runtime.getRuntime().availableProcessors());
    }
}
