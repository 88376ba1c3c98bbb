package dev.marea.local.api;

/** Which door of an object a write comes through, for kinds that have more than one. */
public enum Part {
    MAIN(""),
    STATUS("status"),
    /** Writes the replicas of the main half. */
    SCALE("scale");

    private final String subresource;

    Part(String subresource) {
        this.subresource = subresource;
    }

    public String subresource() {
        return subresource;
    }
}
