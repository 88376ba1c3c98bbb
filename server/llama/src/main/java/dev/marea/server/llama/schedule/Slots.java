package dev.marea.server.llama.schedule;

import dev.marea.server.llama.ffm.NativeContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * All sequences of a context. Ended ones stay as long as there is room, so that a prompt which
 * begins as an earlier one did is read only from where it differs.
 */
final class Slots {
    private final NativeContext context;
    private final boolean wholeOnly;
    private final List<Slot> all = new ArrayList<>();
    private long clock;

    /**
     * @param wholeOnly whether a sequence's state can be continued but not cut or shared
     */
    Slots(NativeContext context, int count, boolean wholeOnly) {
        this.context = context;
        this.wholeOnly = wholeOnly;
        for (int i = 0; i < count; i++) {
            all.add(new Slot(i));
        }
    }

    /** Cells of the answers that are being made. */
    int cellsBusy() {
        return all.stream().filter(slot -> slot.busy).mapToInt(Slot::own).sum();
    }

    boolean hasFree() {
        return all.stream().anyMatch(slot -> !slot.busy);
    }

    /** The longest beginning of a text that some slot has read. */
    int known(TokenList text, String key) {
        return best(text, key).map(slot -> common(slot, text)).orElse(0);
    }

    /**
     * A slot for a text, which knows as much of its beginning as any. The last token is always left
     * to be read, for its answer is what is wanted.
     */
    Slot take(TokenList text, String key) {
        var best = best(text, key);
        int common = best.map(slot -> common(slot, text)).orElse(0);
        var slot =
                best.filter(b -> !b.busy && (common * 2 >= b.tokens.size() || !hasOther(b)))
                        .orElseGet(() -> leastUsed(best));
        if (isIt(best, slot)) {
            cut(slot, common);
        } else {
            forget(slot);
            best.ifPresent(source -> share(source, slot, common));
        }
        slot.key = key;
        slot.busy = true;
        slot.lastUsed = ++clock;
        return slot;
    }

    private Optional<Slot> best(TokenList text, String key) {
        return all.stream()
                .filter(slot -> slot.key.equals(key) && common(slot, text) > 0)
                .filter(slot -> !wholeOnly || !slot.busy)
                .max(Comparator.comparingInt(slot -> common(slot, text)));
    }

    private int common(Slot slot, TokenList text) {
        int common = Math.min(slot.tokens.commonWith(text), text.size() - 1);
        return wholeOnly && common < slot.tokens.size() ? 0 : common;
    }

    private boolean hasOther(Slot than) {
        return all.stream().anyMatch(slot -> !slot.busy && slot != than);
    }

    /** An empty one, else the one not used the longest; the best only if there is no other. */
    private Slot leastUsed(Optional<Slot> best) {
        return all.stream()
                .filter(slot -> !slot.busy)
                .min(
                        Comparator.<Slot>comparingInt(slot -> isIt(best, slot) ? 1 : 0)
                                .thenComparingInt(slot -> slot.tokens.size() > 0 ? 1 : 0)
                                .thenComparingLong(slot -> slot.lastUsed))
                .orElseThrow(() -> new IllegalStateException("no slot is free"));
    }

    private static boolean isIt(Optional<Slot> best, Slot slot) {
        return best.isPresent() && best.get() == slot;
    }

    /** Another slot that has read the same, for a further answer to one prompt. */
    Slot fork(Slot source) {
        var slot = leastUsed(Optional.empty());
        forget(slot);
        share(source, slot, source.tokens.size());
        slot.key = source.key;
        slot.busy = true;
        slot.lastUsed = ++clock;
        return slot;
    }

    private void share(Slot source, Slot slot, int tokens) {
        context.share(source.sequence(), slot.sequence(), tokens);
        slot.tokens = source.tokens.first(tokens);
        slot.shared = tokens;
    }

    private void cut(Slot slot, int to) {
        if (to == slot.tokens.size()) {
            return;
        }
        if (context.cut(slot.sequence(), to)) {
            slot.tokens.cut(to);
            slot.shared = Math.min(slot.shared, to);
        } else {
            forget(slot);
        }
    }

    private void forget(Slot slot) {
        if (slot.tokens.size() > 0) {
            context.cut(slot.sequence(), 0);
        }
        slot.tokens = new TokenList(new int[0]);
        slot.shared = 0;
    }

    /** Its answer has ended; what it read stays known. */
    void release(Slot slot) {
        slot.busy = false;
        slot.lastUsed = ++clock;
    }

    /** As {@link #release}, and makes room at once. */
    void drop(Slot slot) {
        slot.busy = false;
        forget(slot);
    }

    /** Forgets what was not used for the longest; whether there was any. */
    boolean makeRoom() {
        var idle =
                all.stream()
                        .filter(slot -> !slot.busy && slot.tokens.size() > 0)
                        .min(Comparator.comparingLong(slot -> slot.lastUsed));
        idle.ifPresent(this::forget);
        return idle.isPresent();
    }

    /** After a failed step nobody knows what the cells hold. */
    void forgetAll() {
        context.clear();
        for (var slot : all) {
            slot.tokens = new TokenList(new int[0]);
            slot.shared = 0;
            slot.busy = false;
        }
    }
}
