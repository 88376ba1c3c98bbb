package dev.marea.app.doctor;

/**
 * What was found out about one thing.
 *
 * @param advice what to do; empty where nothing is to be done
 */
public record Finding(Level level, String subject, String found, String advice) {
    /** {@code FAIL}: something does not work; {@code WARN}: something may not, or works worse. */
    public enum Level {
        OK,
        WARN,
        FAIL
    }

    static Finding ok(String subject, String found) {
        return new Finding(Level.OK, subject, found, "");
    }

    static Finding warn(String subject, String found, String advice) {
        return new Finding(Level.WARN, subject, found, advice);
    }

    static Finding fail(String subject, String found, String advice) {
        return new Finding(Level.FAIL, subject, found, advice);
    }
}
