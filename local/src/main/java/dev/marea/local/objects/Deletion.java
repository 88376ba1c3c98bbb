package dev.marea.local.objects;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * How to delete: the options that kubectl and the controllers send along.
 *
 * @param graceSeconds a pod's time to end; empty for the pod's own, 0 to forget it at once (what
 *     the node says when the process is gone)
 * @param propagation what becomes of dependents; empty for the kind's own default
 * @param uid deletes only the object of this identity
 * @param resourceVersion deletes only this state of it
 */
public record Deletion(
        OptionalLong graceSeconds,
        Optional<Propagation> propagation,
        Optional<String> uid,
        Optional<String> resourceVersion) {
    public enum Propagation {
        BACKGROUND,
        FOREGROUND,
        ORPHAN
    }

    public static final Deletion DEFAULT =
            new Deletion(
                    OptionalLong.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Without grace: for pods that nothing runs any more. */
    public static final Deletion NOW = DEFAULT.withGraceSeconds(0);

    public Deletion withGraceSeconds(long seconds) {
        return new Deletion(OptionalLong.of(seconds), propagation, uid, resourceVersion);
    }

    public Deletion withPropagation(Propagation wanted) {
        return new Deletion(graceSeconds, Optional.of(wanted), uid, resourceVersion);
    }

    public Deletion withUid(String wanted) {
        return new Deletion(graceSeconds, propagation, Optional.of(wanted), resourceVersion);
    }
}
