package dev.marea.local.schema;

import java.util.Optional;
import java.util.regex.Pattern;

/** The syntaxes of names, and what to say about one that is wrong. */
enum Names {
    SUBDOMAIN(
            253,
            "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*",
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-'"
                    + " or '.', and must start and end with an alphanumeric character (e.g."
                    + " 'example.com'"),
    LABEL(
            63,
            "[a-z0-9]([-a-z0-9]*[a-z0-9])?",
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-',"
                    + " and must start and end with an alphanumeric character (e.g. 'my-name',  or"
                    + " '123-abc'"),
    SERVICE(
            63,
            "[a-z]([-a-z0-9]*[a-z0-9])?",
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with"
                    + " an alphabetic character, and end with an alphanumeric character (e.g."
                    + " 'my-name',  or 'abc-123'"),
    LABEL_VALUE(
            63,
            "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?",
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_'"
                    + " or '.', and must start and end with an alphanumeric character (e.g."
                    + " 'MyValue',  or 'my_value',  or '12345'"),
    QUALIFIED_PART(
            63,
            "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]",
            "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and"
                    + " end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or"
                    + " '123-abc'"),
    CONFIG_KEY(
            253,
            "[-._a-zA-Z0-9]+",
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g."
                    + " 'key.name',  or 'KEY_NAME',  or 'key-name'"),
    PORT_NAME(
            15,
            "[a-z0-9]*[a-z][a-z0-9]*|[a-z0-9](-?[a-z0-9])*",
            "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-), with at least"
                    + " one letter (e.g. 'http'");

    private final int lengthMax;
    private final Pattern syntax;
    private final String rule;

    Names(int lengthMax, String regex, String rule) {
        this.lengthMax = lengthMax;
        this.syntax = Pattern.compile(regex);
        this.rule = rule + ", regex used for validation is '" + regex + "')";
    }

    /** What is wrong with a name, or nothing. The length comes first: it bounds the matching. */
    Optional<String> mistake(String text) {
        if (text.length() > lengthMax) {
            return Optional.of("must be no more than " + lengthMax + " characters");
        }
        return syntax.matcher(text).matches() ? Optional.empty() : Optional.of(rule);
    }

    /** A label's or annotation's key: {@code name} or {@code example.com/name}. */
    static Optional<String> qualifiedMistake(String key) {
        int slash = key.indexOf('/');
        if (slash < 0) {
            return QUALIFIED_PART.mistake(key);
        }
        return SUBDOMAIN
                .mistake(key.substring(0, slash))
                .map(why -> "prefix part " + why)
                .or(() -> QUALIFIED_PART.mistake(key.substring(slash + 1)));
    }
}
