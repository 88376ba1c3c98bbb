package dev.marea.storage.credentials;

/**
 * A value that may not be shown, with the place it came from, which may. Only who sends it reveals
 * it; printed, logged or put into a message it tells its place alone.
 */
public final class Sensitive {
    private final String value;
    private final String place;

    public Sensitive(String value, String place) {
        this.value = value;
        this.place = place;
    }

    public String reveal() {
        return value;
    }

    /** Where a person changes it, such as {@code key HF_TOKEN of Secret hub}. */
    public String place() {
        return place;
    }

    @Override
    public String toString() {
        return "(hidden: " + place + ")";
    }
}
