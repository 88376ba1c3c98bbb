package dev.marea.kubernetes.api;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which kinds the API serves: others' may be installed or taken away while we run. One look at a
 * group's version answers for all of its kinds and is good for a while; while the API is away the
 * last answer stays in force.
 */
public final class Served {
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

    private final Looks looks;
    private final InstantSource clock;
    private final ReentrantLock looking = new ReentrantLock();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    /** Asks the API once for the kinds of a group's version, as their plurals. */
    @FunctionalInterface
    interface Looks {
        Set<String> plurals(String apiVersion) throws IOException;
    }

    private record Answer(Set<String> plurals, Instant until) {}

    public Served(Api api, InstantSource clock) {
        this(api::plurals, clock);
    }

    Served(Looks looks, InstantSource clock) {
        this.looks = looks;
        this.clock = clock;
    }

    public boolean has(Kind kind) throws IOException {
        return plurals(kind.apiVersion()).contains(kind.plural());
    }

    /** Who just heard that a kind is missing asks again at once next time. */
    public void doubt(Kind kind) {
        answers.remove(kind.apiVersion());
    }

    private Set<String> plurals(String apiVersion) throws IOException {
        var known = answers.get(apiVersion);
        if (known != null && fresh(known)) {
            return known.plurals();
        }
        // Many services ask at one moment; one look is enough for all of them.
        looking.lock();
        try {
            var meanwhile = answers.get(apiVersion);
            return meanwhile != null && fresh(meanwhile)
                    ? meanwhile.plurals()
                    : look(apiVersion, meanwhile);
        } finally {
            looking.unlock();
        }
    }

    private Set<String> look(String apiVersion, @Nullable Answer before) throws IOException {
        try {
            var plurals = Set.copyOf(looks.plurals(apiVersion));
            answers.put(apiVersion, new Answer(plurals, clock.instant().plus(LOOK_AGAIN)));
            return plurals;
        } catch (IOException away) {
            if (before == null) {
                throw away;
            }
            return before.plurals();
        }
    }

    private boolean fresh(Answer answer) {
        return clock.instant().isBefore(answer.until());
    }
}
