package dev.marea.check.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * A steady stream of one request, at a rate that does not wait for answers, with everything
 * counted.
 */
final class Traffic implements AutoCloseable {
    private static final int IN_FLIGHT_MAX = 2_000;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpRequest request;
    private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
    private final AtomicLong slowestNanos = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Semaphore inFlight = new Semaphore(IN_FLIGHT_MAX);

    Traffic(URI target, String body) {
        request =
                HttpRequest.newBuilder(target)
                        .timeout(Duration.ofSeconds(60))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
    }

    /** Sends at a rate until {@link #close}. */
    void startAt(int perSecond) {
        threads.execute(() -> pace(perSecond));
    }

    private void pace(int perSecond) {
        long period = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long next = System.nanoTime();
        while (!over.get()) {
            fire();
            next += period;
            java.util.concurrent.locks.LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    /** Sends so many, some at a time, and returns when all are answered. */
    void send(int count, int atATime) throws InterruptedException {
        var slots = new Semaphore(atATime);
        for (int i = 0; i < count; i++) {
            slots.acquire();
            threads.execute(() -> {
                one();
                slots.release();
            });
        }
        slots.acquire(atATime);
    }

    private void fire() {
        if (!inFlight.tryAcquire()) {
            count("not sent: " + IN_FLIGHT_MAX + " in flight");
            return;
        }
        threads.execute(() -> {
            one();
            inFlight.release();
        });
    }

    private void one() {
        long started = System.nanoTime();
        try {
            var answer = client.send(request, BodyHandlers.ofString());
            count(
                    answer.statusCode() == 200
                            ? answer.body()
                            : answer.statusCode() + " " + answer.body());
        } catch (IOException failed) {
            count("failed: " + failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        slowestNanos.accumulateAndGet(System.nanoTime() - started, Math::max);
    }

    private void count(String answer) {
        answers.computeIfAbsent(answer, _ -> new LongAdder()).increment();
    }

    Map<String, Long> answers() {
        return answers.entrySet().stream()
                .collect(
                        java.util.stream.Collectors.toMap(
                                Map.Entry::getKey, e -> e.getValue().sum()));
    }

    long total() {
        return answers.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Answers that are no prediction, with their counts. */
    Map<String, Long> errors() {
        var errors = new java.util.TreeMap<>(answers());
        errors.keySet()
                .removeIf(a -> a.startsWith("{\"predictions\"") || a.contains("\"outputs\""));
        return errors;
    }

    long slowestMillis() {
        return TimeUnit.NANOSECONDS.toMillis(slowestNanos.get());
    }

    void forget() {
        answers.clear();
        slowestNanos.set(0);
    }

    @Override
    public void close() {
        over.set(true);
        threads.close();
        client.close();
    }
}
