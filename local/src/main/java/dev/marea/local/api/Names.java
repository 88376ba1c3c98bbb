package dev.marea.local.api;

import dev.marea.local.objects.Resource;
import dev.marea.wire.admission.Admission.FieldError;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Which names Kubernetes takes, and in which words it refuses the others. */
final class Names {
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int SUFFIX = 5;
    private static final int PREFIX_MAX = 58;

    private static final String LABEL_REGEX = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN_REGEX = LABEL_REGEX + "(\\." + LABEL_REGEX + ")*";
    private static final String DNS_1035_REGEX = "[a-z]([-a-z0-9]*[a-z0-9])?";

    private static final Rule SUBDOMAIN =
            new Rule(
                    SUBDOMAIN_REGEX,
                    253,
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
                            + " characters, '-' or '.', and must start and end with an alphanumeric"
                            + " character (e.g. 'example.com', regex used for validation is '"
                            + SUBDOMAIN_REGEX
                            + "')");
    private static final Rule LABEL =
            new Rule(
                    LABEL_REGEX,
                    63,
                    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters"
                            + " or '-', and must start and end with an alphanumeric character (e.g."
                            + " 'my-name',  or '123-abc', regex used for validation is '"
                            + LABEL_REGEX
                            + "')");
    private static final Rule DNS_1035 =
            new Rule(
                    DNS_1035_REGEX,
                    63,
                    "a DNS-1035 label must consist of lower case alphanumeric characters or '-',"
                            + " start with an alphabetic character, and end with an alphanumeric"
                            + " character (e.g. 'my-name',  or 'abc-123', regex used for validation"
                            + " is '"
                            + DNS_1035_REGEX
                            + "')");

    private record Rule(Pattern pattern, int max, String words) {
        Rule(String regex, int max, String words) {
            this(Pattern.compile(regex), max, words);
        }
    }

    private Names() {}

    static List<FieldError> check(Resource resource, String name) {
        if (name.isEmpty()) {
            return List.of(
                    new FieldError(
                            "metadata.name",
                            "FieldValueRequired",
                            "Required value: name or generateName is required"));
        }
        var rule = rule(resource);
        if (name.length() > rule.max()) {
            return List.of(invalid(name, "must be no more than " + rule.max() + " characters"));
        }
        return rule.pattern().matcher(name).matches()
                ? List.of()
                : List.of(invalid(name, rule.words()));
    }

    private static Rule rule(Resource resource) {
        if (resource.equals(Resource.NAMESPACE)) {
            return LABEL;
        }
        if (resource.equals(Resource.SERVICE)) {
            return DNS_1035;
        }
        return SUBDOMAIN;
    }

    private static FieldError invalid(String name, String words) {
        return FieldError.invalid(
                "metadata.name", "Invalid value: \"%s\": %s".formatted(name, words));
    }

    /** As the API server makes names: easily told apart, and no words by accident. */
    static String generated(String prefix, RandomGenerator chance) {
        var name = new StringBuilder(prefix.substring(0, Math.min(prefix.length(), PREFIX_MAX)));
        for (int i = 0; i < SUFFIX; i++) {
            name.append(ALPHABET.charAt(chance.nextInt(ALPHABET.length())));
        }
        return name.toString();
    }
}
