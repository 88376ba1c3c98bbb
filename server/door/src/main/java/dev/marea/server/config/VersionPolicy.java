package dev.marea.server.config;

import java.util.List;

/** Which of a model's versions are served. */
public sealed interface VersionPolicy {
    /** The newest ones, by number. */
    record Latest(int count) implements VersionPolicy {
        public Latest {
            if (count < 1) {
                throw new IllegalArgumentException(
                        "the number of versions must be positive, was " + count);
            }
        }
    }

    record All() implements VersionPolicy {}

    record Specific(List<Long> numbers) implements VersionPolicy {
        public Specific {
            numbers = List.copyOf(numbers);
            if (numbers.isEmpty()) {
                throw new IllegalArgumentException("name at least one version");
            }
        }
    }

    /** The wanted ones of those that there are, newest first as they were. */
    default List<Long> choose(List<Long> newestFirst) {
        return switch (this) {
            case Latest(int count) -> newestFirst.subList(0, Math.min(count, newestFirst.size()));
            case All() -> newestFirst;
            case Specific(var numbers) -> newestFirst.stream().filter(numbers::contains).toList();
        };
    }
}
