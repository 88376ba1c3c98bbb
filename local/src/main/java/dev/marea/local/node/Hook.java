package dev.marea.local.node;

import dev.marea.wire.json.Json;
import java.time.Duration;
import java.util.function.Consumer;

/** Runs a container's postStart or preStop beside the pod's tasks, within a deadline. */
final class Hook {
    private Hook() {}

    /**
     * @param failed told why it failed, if it did
     * @param after runs in any case, once the hook has ended
     */
    static void run(
            Json hook, Actions actions, Duration timeout, Consumer<String> failed, Runnable after) {
        Thread.ofVirtual()
                .name("hook")
                .start(() -> {
                    try {
                        actions.perform(Probe.Action.of(hook), timeout).ifPresent(failed);
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                    after.run();
                });
    }
}
