package dev.marea.local.node;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** kill(2): Java itself can signal one process, not the group of all that it has started. */
final class Signals {
    static final int TERM = 15;
    static final int KILL = 9;

    /** The exit code of a process that was killed, as a shell tells it. */
    static final int KILLED = 128 + KILL;

    private static final MethodHandle KILL_CALL = link();

    private Signals() {}

    @SuppressWarnings("restricted")
    private static MethodHandle link() {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("kill"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    }

    /** True if there was such a group. */
    static boolean group(long leader, int signal) {
        if (leader <= 1) {
            throw new IllegalArgumentException("will not signal group " + leader);
        }
        try {
            return (int) KILL_CALL.invokeExact((int) -leader, signal) == 0;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
