package dev.marea.local.api;

import dev.marea.local.objects.Change;
import dev.marea.local.objects.Objects;
import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.store.Subscription;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries changes to a consumer of this process, one after the other, on a thread of its own. */
final class Delivery implements Objects.Watch {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final Duration WAIT = Duration.ofMinutes(1);

    private final Subscription subscription;
    private final Consumer<Change> consumer;
    private final Runnable lost;

    /** Held while the consumer runs, so that nothing is delivered after close. */
    private final ReentrantLock delivering = new ReentrantLock();

    private boolean closed;

    private Delivery(Subscription subscription, Consumer<Change> consumer, Runnable lost) {
        this.subscription = subscription;
        this.consumer = consumer;
        this.lost = lost;
    }

    static Delivery start(Subscription subscription, Consumer<Change> consumer, Runnable lost) {
        var delivery = new Delivery(subscription, consumer, lost);
        Thread.ofVirtual().name("watch").start(delivery::run);
        return delivery;
    }

    static Runnable complain(Resource resource) {
        return () ->
                LOG.error(
                        "a consumer of {} fell behind by more changes than are kept; it hears no"
                                + " more of them",
                        resource.qualified());
    }

    private void run() {
        try {
            while (!ended() && !subscription.closed()) {
                var next = subscription.next(WAIT);
                next.ifPresent(committed -> deliver(committed.change()));
            }
        } catch (Refusal tooLate) {
            if (!ended()) {
                // whoever lost it says what follows
                LOG.debug("a watch ended: {}", tooLate.getMessage());
                lost.run();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            subscription.close();
        }
    }

    private boolean ended() {
        delivering.lock();
        try {
            return closed;
        } finally {
            delivering.unlock();
        }
    }

    private void deliver(Change change) {
        delivering.lock();
        try {
            if (!closed) {
                consumer.accept(change);
            }
        } catch (RuntimeException bug) {
            LOG.error("the consumer of {} failed", change.key(), bug);
        } finally {
            delivering.unlock();
        }
    }

    @Override
    public void close() {
        delivering.lock();
        try {
            closed = true;
        } finally {
            delivering.unlock();
        }
        subscription.close();
    }
}
