package dev.marea.local.api;

/** Which half of an object a write may touch, where the kind has two. */
public enum Part {
    MAIN,
    STATUS
}
