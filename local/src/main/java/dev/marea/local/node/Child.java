package dev.marea.local.node;

import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * A running child: its pid is also its process group's, so that a signal reaches all it started.
 *
 * @param ended its exit code; none for an adopted one, since only the parent is told
 */
record Child(long pid, boolean leadsGroup, CompletableFuture<OptionalInt> ended) {
    boolean alive() {
        return !ended.isDone();
    }

    void terminate() {
        signal(Signals.TERM);
    }

    void kill() {
        signal(Signals.KILL);
    }

    private void signal(int signal) {
        if (leadsGroup) {
            Signals.group(pid, signal);
        } else {
            ProcessHandle.of(pid).ifPresent(leader -> signalTree(leader, signal));
        }
    }

    private static void signalTree(ProcessHandle leader, int signal) {
        var tree = leader.descendants().toList();
        for (var process : tree) {
            signalOne(process, signal);
        }
        signalOne(leader, signal);
    }

    private static void signalOne(ProcessHandle process, int signal) {
        if (signal == Signals.KILL) {
            process.destroyForcibly();
        } else {
            process.destroy();
        }
    }
}
