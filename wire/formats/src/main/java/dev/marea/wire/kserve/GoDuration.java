package dev.marea.wire.kserve;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Durations as Go and therefore Knative write them: 60s, 1m30s, 1.5h, 500ms. */
final class GoDuration {
    private static final Pattern WHOLE =
            Pattern.compile("(\\d{1,9}(\\.\\d{1,9})?(h|m|s|ms|us|ns))+");
    private static final Pattern PART =
            Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(h|ms|m|s|us|ns)");

    private GoDuration() {}

    static Optional<Duration> parse(String text) {
        if (text.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        if (text.length() > 60 || !WHOLE.matcher(text).matches()) {
            return Optional.empty();
        }
        var sum = BigDecimal.ZERO;
        var parts = PART.matcher(text);
        while (parts.find()) {
            sum =
                    sum.add(
                            new BigDecimal(parts.group(1))
                                    .multiply(BigDecimal.valueOf(nanos(parts.group(2)))));
        }
        return sum.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(sum.longValue()));
    }

    private static long nanos(String unit) {
        return switch (unit) {
            case "h" -> 3_600_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "s" -> 1_000_000_000L;
            case "ms" -> 1_000_000L;
            case "us" -> 1_000L;
            default -> 1L;
        };
    }
}
