package dev.marea.local.api;

/** Where the next state of an object comes from, which says who owns its fields. */
public enum Source {
    /** A whole object, as a create, an update or a patch leaves it. */
    WHOLE,
    /** A server-side apply, which has written managedFields itself. */
    APPLY
}
