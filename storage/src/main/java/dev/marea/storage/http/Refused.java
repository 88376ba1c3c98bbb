package dev.marea.storage.http;

import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** What a status other than success means. */
public final class Refused {
    private Refused() {}

    /** 408, 425, 429 and 5xx pass; every other refusal stays until a person changes something. */
    public static boolean passing(int status) {
        return status == 408 || status == 425 || status == 429 || status >= 500;
    }

    /** Retry-After in seconds or as a date. */
    public static Optional<Duration> after(HttpHeaders headers, Clock clock) {
        return headers.firstValue("Retry-After").flatMap(value -> wait(value.strip(), clock));
    }

    private static Optional<Duration> wait(String value, Clock clock) {
        try {
            if (value.matches("[0-9]{1,9}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
            }
            var when = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            var wait = Duration.between(clock.instant(), when);
            return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
        } catch (DateTimeException nonsense) {
            return Optional.empty();
        }
    }
}
