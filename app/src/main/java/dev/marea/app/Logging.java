package dev.marea.app;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Logs to standard error: one readable line a record, or on a cluster one JSON object. */
final class Logging {
    // Libraries that speak of what is no news to anybody here.
    private static final Map<Logger, Level> QUIET =
            Map.of(
                    Logger.getLogger("io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils"),
                            Level.SEVERE,
                    Logger.getLogger("io.fabric8"), Level.WARNING,
                    Logger.getLogger("io.javaoperatorsdk"), Level.WARNING,
                    Logger.getLogger("Default ConfigurationService implementation"), Level.WARNING);

    private static final String CLEAR_LINE = "\r\u001b[2K";

    private Logging() {}

    /**
     * @param overLiveLine whether a status line may stand where the next line goes
     */
    static void start(boolean overLiveLine) {
        start(new Line(overLiveLine ? CLEAR_LINE : ""));
    }

    /** For a pod, whose lines are read by a program first. */
    static void startForMachines() {
        start(new JsonLines());
    }

    private static void start(Formatter formatter) {
        LogManager.getLogManager().reset();
        QUIET.forEach(Logger::setLevel);
        var console = new ConsoleHandler();
        console.setFormatter(formatter);
        Logger.getLogger("").addHandler(console);
    }

    private static String level(Level level) {
        return level.intValue() >= Level.SEVERE.intValue()
                ? "ERROR"
                : level.intValue() >= Level.WARNING.intValue() ? "WARN" : "INFO";
    }

    private static String room(String logger) {
        return logger == null
                ? "?"
                : logger.startsWith("dev.marea.")
                        ? logger.substring("dev.marea.".length())
                        : logger;
    }

    private static String trace(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static final class JsonLines extends Formatter {
        @Override
        public String format(LogRecord entry) {
            var line =
                    Json.Obj.of(
                            "time",
                            Instant.ofEpochMilli(entry.getMillis()).toString(),
                            "level",
                            Logging.level(entry.getLevel()),
                            "logger",
                            room(entry.getLoggerName()),
                            "message",
                            formatMessage(entry));
            var thrown = entry.getThrown();
            return JsonWriter.text(
                            thrown == null ? line : line.with("error", Json.of(trace(thrown))))
                    + "\n";
        }
    }

    private static final class Line extends Formatter {
        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

        private final String before;

        Line(String before) {
            this.before = before;
        }

        @Override
        public String format(LogRecord entry) {
            var line = new StringBuilder(before);
            line.append(TIME.format(Instant.ofEpochMilli(entry.getMillis())));
            line.append(' ')
                    .append(level(entry.getLevel()))
                    .append(' ')
                    .append(oneLine(formatMessage(entry)));
            line.append("   [").append(room(entry.getLoggerName())).append("]\n");
            if (entry.getThrown() != null) {
                line.append(trace(entry.getThrown()));
            }
            return line.toString();
        }

        private static String level(Level level) {
            return "%-5s".formatted(Logging.level(level));
        }

        private static String oneLine(String message) {
            return message.replaceAll("\\R", " ⏎ ").replaceAll("\\p{Cntrl}", "?");
        }
    }
}
