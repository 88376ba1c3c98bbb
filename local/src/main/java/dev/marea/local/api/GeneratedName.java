package dev.marea.local.api;

import java.util.random.RandomGenerator;

/** A name for {@code generateName}: easily told from its like, and no word by accident. */
final class GeneratedName {
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int SUFFIX = 5;
    private static final int PREFIX_MAX = 58;

    private GeneratedName() {}

    static String after(String prefix, RandomGenerator chance) {
        var name = new StringBuilder(prefix.substring(0, Math.min(prefix.length(), PREFIX_MAX)));
        for (int i = 0; i < SUFFIX; i++) {
            name.append(ALPHABET.charAt(chance.nextInt(ALPHABET.length())));
        }
        return name.toString();
    }
}
