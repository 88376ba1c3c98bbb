package dev.marea.server.llama.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what llama.cpp says. Its last warnings are kept, because its functions fail without a
 * reason and say it here.
 */
final class NativeLog {
    private static final Logger LOG = LoggerFactory.getLogger("llama.cpp");
    private static final int WARNING = 3;
    private static final int ERROR = 4;
    private static final int LINES_KEPT = 8;
    private static final int LINE_BYTES_MAX = 4_096;

    private final ArrayDeque<String> last = new ArrayDeque<>();

    MemorySegment stub(Arena arena) {
        try {
            var method =
                    MethodHandles.lookup()
                            .findVirtual(
                                    NativeLog.class,
                                    "take",
                                    MethodType.methodType(
                                            void.class,
                                            int.class,
                                            MemorySegment.class,
                                            MemorySegment.class));
            return Linker.nativeLinker()
                    .upcallStub(
                            method.bindTo(this),
                            FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, ADDRESS),
                            arena);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Called by llama.cpp; what it threw would end the process. */
    @SuppressWarnings("unused")
    private void take(int level, MemorySegment text, MemorySegment context) {
        try {
            if (level >= WARNING && level <= ERROR) {
                keep(NativeText.read(text, LINE_BYTES_MAX).strip());
            }
        } catch (RuntimeException bug) {
            LOG.error("llama.cpp's message cannot be read", bug);
        }
    }

    private synchronized void keep(String line) {
        if (line.isEmpty()) {
            return;
        }
        LOG.debug("{}", line);
        last.addLast(line);
        if (last.size() > LINES_KEPT) {
            last.removeFirst();
        }
    }

    synchronized void forget() {
        last.clear();
    }

    /** The first of the last lines: the cause; what follows are those whom it made fail. */
    synchronized String reason(String otherwise) {
        return last.isEmpty() ? otherwise : last.getFirst();
    }
}
