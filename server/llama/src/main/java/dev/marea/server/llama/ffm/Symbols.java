package dev.marea.server.llama.ffm;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** Finds a library's functions by their names. */
record Symbols(SymbolLookup lookup) {
    private static final Linker LINKER = Linker.nativeLinker();

    MethodHandle returning(MemoryLayout result, String name, MemoryLayout... arguments) {
        return handle(name, FunctionDescriptor.of(result, arguments));
    }

    MethodHandle ofVoid(String name, MemoryLayout... arguments) {
        return handle(name, FunctionDescriptor.ofVoid(arguments));
    }

    private MethodHandle handle(String name, FunctionDescriptor descriptor) {
        var address =
                lookup.find(name)
                        .orElseThrow(
                                () -> new UnusableNatives("llama.cpp here has no " + name + "()"));
        return LINKER.downcallHandle(address, descriptor);
    }

    /** A downcall throws nothing of its own: what arrives is a bug in the signature we gave it. */
    static IllegalStateException wronglyBound(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("a function of llama.cpp is bound wrongly", thrown);
    }
}
