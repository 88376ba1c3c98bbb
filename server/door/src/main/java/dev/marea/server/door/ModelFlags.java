package dev.marea.server.door;

import dev.marea.server.config.Batching;
import dev.marea.server.door.Flags.BadFlag;
import dev.marea.server.models.ModelSettings;
import dev.marea.server.models.Offer;
import dev.marea.server.models.RepositorySettings;
import dev.marea.server.models.ServingSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the flags say of models. A flag that is not given may stand in the environment, as {@code
 * MAREA_} and its name in capitals.
 */
record ModelFlags(Map<String, String> given, Map<String, String> environment) {
    static final Set<String> NAMES =
            Set.of(
                    "model_name",
                    "model_dir",
                    "framework",
                    "model_repository",
                    "model_control",
                    "load_model",
                    "repository_poll_secs",
                    "model_memory",
                    "max_batch_size",
                    "max_batch_delay");

    /** Triton's names for the same. */
    static final Map<String, String> OTHER_NAMES =
            Map.of("model_store", "model_repository", "model_control_mode", "model_control");

    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final List<String> CONTROLS = List.of("none", "explicit", "poll");

    private Optional<String> flag(String name) {
        var value = given.get(name);
        return value != null
                ? Optional.of(value)
                : Optional.ofNullable(environment.get("MAREA_" + name.toUpperCase(Locale.ROOT)));
    }

    Offer offer() throws BadFlag {
        var directory = flag("model_dir");
        var repository = flag("model_repository");
        if (directory.isPresent() && repository.isPresent()) {
            throw new BadFlag("--model_dir is one model and --model_repository many: give one");
        }
        if (repository.isPresent()) {
            return new Offer.Many(repository(Path.of(repository.get())));
        }
        if (directory.isEmpty()) {
            throw new BadFlag("--model_dir is missing: a directory or a model file");
        }
        return new Offer.One(
                new ModelSettings(
                        flag("model_name").orElse("model"),
                        Path.of(directory.get()),
                        flag("framework"),
                        probabilities()));
    }

    /** In a repository all models are loaded at the start, unless somebody else says which. */
    private RepositorySettings repository(Path directory) throws BadFlag {
        var control = flag("model_control").orElse("none");
        if (!CONTROLS.contains(control)) {
            throw new BadFlag(
                    "--model_control must be one of %s, was '%s'".formatted(CONTROLS, control));
        }
        var all = control.equals("explicit") ? List.<String>of() : List.of("*");
        return new RepositorySettings(
                directory,
                control.equals("poll"),
                flag("load_model").map(names -> List.of(names.split(",", -1))).orElse(all),
                lookEvery());
    }

    private Duration lookEvery() throws BadFlag {
        var seconds = flag("repository_poll_secs");
        return seconds.isEmpty()
                ? LOOK_EVERY
                : Duration.ofSeconds(number("repository_poll_secs", seconds.get(), 86_400));
    }

    ServingSettings serving() throws BadFlag {
        var memory = flag("model_memory");
        return new ServingSettings(
                batching(),
                memory.isEmpty() ? ServingSettings.ownMemory() : bytes(memory.get()),
                probabilities());
    }

    private boolean probabilities() {
        return environment.getOrDefault("PREDICT_PROBA", "").equalsIgnoreCase("true");
    }

    private Batching batching() throws BadFlag {
        var size = flag("max_batch_size");
        var delay = flag("max_batch_delay");
        return new Batching(
                size.isEmpty()
                        ? OptionalInt.empty()
                        : OptionalInt.of(number("max_batch_size", size.get(), 1 << 20)),
                delay.isEmpty() ? Duration.ZERO : delay(delay.get()),
                List.of(),
                OptionalInt.empty(),
                Optional.empty());
    }

    private static int number(String name, String text, int most) throws BadFlag {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new BadFlag("--%s must be a number 1..%d, was '%s'".formatted(name, most, text));
    }

    /** A number without a unit is milliseconds, as KServe's {@code maxLatency}. */
    private static Duration delay(String text) throws BadFlag {
        int unitAt = unitAt(text);
        try {
            long number = Long.parseLong(text.substring(0, unitAt));
            long nanos =
                    switch (text.substring(unitAt)) {
                        case "us" -> Math.multiplyExact(number, 1_000L);
                        case "ms", "" -> Math.multiplyExact(number, 1_000_000L);
                        case "s" -> Math.multiplyExact(number, 1_000_000_000L);
                        default -> throw new NumberFormatException("unit");
                    };
            return Duration.ofNanos(nanos);
        } catch (NumberFormatException | ArithmeticException _) {
            throw new BadFlag(
                    "--max_batch_delay must be a time such as 500us, 5ms or 1s, was '"
                            + text
                            + "'");
        }
    }

    private static long bytes(String text) throws BadFlag {
        int unitAt = unitAt(text);
        try {
            long number = Long.parseLong(text.substring(0, unitAt));
            long bytes =
                    switch (text.substring(unitAt)) {
                        case "" -> number;
                        case "Ki" -> Math.multiplyExact(number, 1L << 10);
                        case "Mi" -> Math.multiplyExact(number, 1L << 20);
                        case "Gi" -> Math.multiplyExact(number, 1L << 30);
                        default -> throw new NumberFormatException("unit");
                    };
            if (bytes > 0) {
                return bytes;
            }
        } catch (NumberFormatException | ArithmeticException _) {
            // said below
        }
        throw new BadFlag("--model_memory must be a size such as 512Mi or 4Gi, was '" + text + "'");
    }

    private static int unitAt(String text) {
        int at = 0;
        while (at < text.length() && Character.isDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }
}
