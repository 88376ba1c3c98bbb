package dev.marea.server.door;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something that is made by the first who needs it. */
final class Lazily<T> implements Supplier<T> {
    private final Supplier<T> maker;
    private volatile @Nullable T made;

    Lazily(Supplier<T> maker) {
        this.maker = maker;
    }

    @Override
    public T get() {
        var there = made;
        return there == null ? make() : there;
    }

    private synchronized T make() {
        var there = made;
        if (there == null) {
            there = maker.get();
            made = there;
        }
        return there;
    }

    /** Does this with it if it was ever made. */
    void ifMade(Consumer<T> action) {
        var there = made;
        if (there != null) {
            action.accept(there);
        }
    }
}
