package dev.marea.core.spec;

/** A whole share of traffic, 0 to 100. */
public record Percent(int value) {
    public static final Percent NONE = new Percent(0);
    public static final Percent ALL = new Percent(100);

    public Percent {
        if (value < 0 || value > 100) {
            throw new IllegalArgumentException("need 0 to 100 percent, was " + value);
        }
    }

    public Percent rest() {
        return new Percent(100 - value);
    }
}
