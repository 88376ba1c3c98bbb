package dev.marea.server.models;

import dev.marea.server.runtime.LoadFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * Looks at a repository again and again. A model is taken as it is once two looks in a row have
 * found it the same: a copy that is still being made is not a model yet.
 */
final class Watch implements AutoCloseable {
    private final Source source;
    private final Consumer<List<Found>> take;
    private final Thread thread;
    private Map<String, Found> before = new HashMap<>();
    private Map<String, Found> settled = new HashMap<>();
    private String complaint = "";

    /**
     * @param take gets all models that are settled, in each look
     */
    Watch(Source source, List<Found> known, Duration every, Consumer<List<Found>> take) {
        this.source = source;
        this.take = take;
        for (var found : known) {
            before.put(found.name(), found);
            settled.put(found.name(), found);
        }
        thread = Thread.ofPlatform().daemon().name("watch-models").unstarted(() -> watch(every));
    }

    void start() {
        thread.start();
    }

    private void watch(Duration every) {
        try {
            while (true) {
                Thread.sleep(every);
                look();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** One look. What it cannot do it says once, and the next look tries again. */
    void look() {
        try {
            var now = new HashMap<String, Found>();
            for (var found : source.all()) {
                now.put(found.name(), found);
            }
            take.accept(settle(now));
            complaint = "";
        } catch (LoadFailure | RuntimeException failed) {
            var said = String.valueOf(failed.getMessage());
            if (!said.equals(complaint)) {
                LoggerFactory.getLogger(Watch.class).warn("the repository: {}", said);
            }
            complaint = said;
        }
    }

    /** A model that is changing stays as it was; one that is gone is gone. */
    private List<Found> settle(Map<String, Found> now) {
        var next = new HashMap<String, Found>();
        now.forEach((name, found) -> {
            var as = found.equals(before.get(name)) ? found : settled.get(name);
            if (as != null) {
                next.put(name, as);
            }
        });
        before = now;
        settled = next;
        return new ArrayList<>(next.values());
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
