package dev.marea.local.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.local.objects.Refusal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class WorkQueueTest {
    private final MovedTime time = new MovedTime();
    private final LinkedBlockingQueue<String> looks = new LinkedBlockingQueue<>();

    private String next() throws InterruptedException {
        return String.valueOf(looks.poll(30, TimeUnit.SECONDS));
    }

    @Test
    void aKeyThatIsAddedWhileItIsLookedAtIsLookedAtOnceMore() throws Exception {
        var inside = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        try (var queue =
                new WorkQueue<String>(
                        "test",
                        4,
                        time,
                        key -> {
                            looks.add(key);
                            inside.countDown();
                            go.await();
                            return Optional.empty();
                        })) {
            queue.add("a");
            inside.await();
            queue.add("a");
            queue.add("a");
            go.countDown();
            assertThat(next()).isEqualTo("a");
            assertThat(next()).isEqualTo("a");
        }
        assertThat(looks).isEmpty();
    }

    @Test
    void aFailureIsTriedAgainAfterAPause() throws Exception {
        var failures = new AtomicInteger();
        try (var queue =
                new WorkQueue<String>(
                        "test",
                        1,
                        time,
                        key -> {
                            looks.add(key);
                            if (failures.getAndIncrement() == 0) {
                                throw Refusal.busy("not now");
                            }
                            return Optional.empty();
                        })) {
            queue.add("a");
            assertThat(next()).isEqualTo("a");
            awaitAlarm("a");
        }
    }

    /** The alarm is set shortly after the look. */
    private void awaitAlarm(String key) throws InterruptedException {
        for (int i = 0; i < 1_000; i++) {
            time.move(Duration.ofMillis(10));
            var again = looks.poll(10, TimeUnit.MILLISECONDS);
            if (again != null) {
                assertThat(again).isEqualTo(key);
                return;
            }
        }
        throw new AssertionError("never tried again");
    }

    @Test
    void pausesDoubleUpToALimit() {
        assertThat(WorkQueue.pause(1)).isEqualTo(Duration.ofMillis(5));
        assertThat(WorkQueue.pause(3)).isEqualTo(Duration.ofMillis(20));
        assertThat(WorkQueue.pause(1_000)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void aLookMayAskForAnother() throws Exception {
        try (var queue =
                new WorkQueue<String>(
                        "test",
                        1,
                        time,
                        key -> {
                            looks.add(key);
                            return Optional.of(Duration.ofSeconds(1));
                        })) {
            queue.add("a");
            assertThat(next()).isEqualTo("a");
            awaitAlarm("a");
        }
    }
}
