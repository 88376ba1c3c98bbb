package dev.marea.kubernetes.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TurnsTest {
    private final Turns turns = new Turns(1);
    private final ConcurrentLinkedQueue<String> served = new ConcurrentLinkedQueue<>();

    /** Begins to wait, and returns once it does. */
    private Thread wait(String namespace, CountDownLatch done) {
        var thread =
                Thread.ofPlatform()
                        .start(() -> {
                            try (var _ = turns.take(namespace)) {
                                served.add(namespace);
                            } catch (InterruptedException | CancellationException sent) {
                                served.add("-" + namespace);
                            }
                            done.countDown();
                        });
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        return thread;
    }

    @Test
    void namespacesTakeTurnsHoweverManyOfOneWait() throws Exception {
        var done = new CountDownLatch(7);
        var mine = turns.take("busy");
        for (var namespace : List.of("busy", "busy", "busy", "quiet", "busy", "other", "quiet")) {
            wait(namespace, done);
        }
        mine.close();
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(new ArrayList<>(served))
                .containsExactly("busy", "quiet", "other", "busy", "quiet", "busy", "busy");
    }

    @Test
    void whoGivesUpWaitingTakesNobodysTurn() throws Exception {
        var done = new CountDownLatch(2);
        var mine = turns.take("a");
        var gone = wait("a", done);
        wait("b", done);
        gone.interrupt();
        gone.join();
        mine.close();
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(new ArrayList<>(served)).containsExactly("-a", "b");
        turns.take("c").close();
    }

    @Test
    void theEndSendsAwayAllWhoWait() throws Exception {
        var done = new CountDownLatch(1);
        var mine = turns.take("a");
        wait("a", done);
        turns.close();
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(new ArrayList<>(served)).containsExactly("-a");
        assertThatThrownBy(() -> turns.take("a")).isInstanceOf(CancellationException.class);
        mine.close();
    }
}
