package dev.marea.app.doctor;

import dev.marea.kubernetes.client.Cluster;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which API this is.
 *
 * @param oneMachine whether `marea up` serves it
 * @param groups the API groups that it serves
 */
record ApiCheck(boolean oneMachine, Set<String> groups, List<Finding> findings) {
    /** The oldest Kubernetes that has all that we use in its stable form. */
    private static final int MINOR_MIN = 30;

    private static final Pattern DIGITS = Pattern.compile("\\d+");

    static ApiCheck of(Cluster cluster) throws IOException {
        var version =
                cluster.read("/version").orElseThrow(() -> new IOException("no Kubernetes API"));
        var name = version.text("gitVersion").orElse("of an unknown version");
        var groups = new TreeSet<String>();
        cluster.read("/apis").stream()
                .flatMap(list -> list.list("groups").stream())
                .flatMap(group -> group.text("name").stream())
                .forEach(groups::add);
        boolean oneMachine = name.contains("+marea");
        return new ApiCheck(
                oneMachine,
                groups,
                List.of(judged(name, minor(version.text("minor").orElse("")), oneMachine)));
    }

    private static Finding judged(String name, int minor, boolean oneMachine) {
        if (oneMachine) {
            return Finding.ok("API", "one machine, served by `marea up` (" + name + ")");
        }
        return minor >= MINOR_MIN
                ? Finding.ok("API", "Kubernetes " + name)
                : Finding.warn(
                        "API",
                        "Kubernetes " + name + " is older than 1." + MINOR_MIN,
                        "upgrade the cluster; Marea is tested with 1.34");
    }

    /** Clouds write {@code 31+}. */
    private static int minor(String text) {
        var digits = DIGITS.matcher(text);
        return digits.lookingAt() ? Integer.parseInt(digits.group()) : 0;
    }
}
