package dev.marea.storage;

import java.util.function.Predicate;

/**
 * Which files of a model are fetched.
 *
 * @param text tells two choices apart
 */
public record Wanted(String text, Predicate<String> path) {
    public static final Wanted ALL = new Wanted("", _ -> true);
}
