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
        return wait(namespace, false, done);
    }

    private Thread wait(String namespace, boolean urgent, CountDownLatch done) {
        var thread =
                Thread.ofPlatform()
                        .start(() -> {
                            try (var _ = turns.take(namespace, urgent)) {
                                served.add(namespace + (urgent ? "!" : ""));
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
        var mine = turns.take("busy", false);
        for (var namespace : List.of("busy", "busy", "busy", "quiet", "busy", "other", "quiet")) {
            wait(namespace, done);
        }
        mine.close();
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(new ArrayList<>(served))
                .containsExactly("busy", "quiet", "other", "busy", "quiet", "busy", "busy");
    }

    @Test
    void whoseAuthorWaitsGoesFirstAndYetNobodyWaitsForEver() throws Exception {
        var done = new CountDownLatch(8);
        var mine = turns.take("a", false);
        for (var urgent : List.of(false, false, true, true, true, true, true)) {
            wait("a", urgent, done);
        }
        wait("b", false, done);
        mine.close();
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(new ArrayList<>(served))
                .containsExactly("a!", "b", "a!", "a!", "a", "a!", "a!", "a");
    }

    @Test
    void whoGivesUpWaitingTakesNobodysTurn() throws Exception {
        var done = new CountDownLatch(2);
        var mine = turns.take("a", false);
        var gone = wait("a", done);
        wait("b", done);
        gone.interrupt();
        gone.join();
        mine.close();
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(new ArrayList<>(served)).containsExactly("-a", "b");
        turns.take("c", false).close();
    }

    @Test
    void theEndSendsAwayAllWhoWait() throws Exception {
        var done = new CountDownLatch(1);
        var mine = turns.take("a", false);
        wait("a", done);
        turns.close();
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(new ArrayList<>(served)).containsExactly("-a");
        assertThatThrownBy(() -> turns.take("a", false)).isInstanceOf(CancellationException.class);
        mine.close();
    }
}
