package dev.marea.check.cluster;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.marea.check.e2e.Run;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A cluster that tests may do with as they like: kubectl and helm of the path, and a registry
 * prefix under which its nodes find Marea's images.
 */
record ClusterUnderTest(Path kubeconfig, String helm, String imagePrefix) {
    static final String NAMESPACE = "marea-system";
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** Skips the test where no cluster was named. */
    static ClusterUnderTest open() {
        var kubeconfig = System.getProperty("marea.kubeconfig", "");
        assumeTrue(!kubeconfig.isEmpty(), "no cluster: -Dmarea.kubeconfig names one");
        var images = System.getProperty("marea.images", "");
        assumeTrue(
                !images.isEmpty(), "no images: -Dmarea.images is the prefix that its nodes know");
        return new ClusterUnderTest(
                Path.of(kubeconfig), System.getProperty("marea.helm", "helm"), images);
    }

    Run kubectl(String... args) throws Exception {
        return kubectlWith("", args);
    }

    Run kubectlWith(String input, String... args) throws Exception {
        return run("kubectl", input, args);
    }

    Run helm(String... args) throws Exception {
        return run(helm, "", args);
    }

    private Run run(String program, String input, String... args) throws Exception {
        var command = new ArrayList<>(List.of(program));
        command.addAll(List.of(args));
        return Run.of(ROOT, Map.of("KUBECONFIG", kubeconfig.toString()), input, command);
    }

    void apply(String manifest) throws Exception {
        kubectlWith(manifest, "apply", "--server-side", "--force-conflicts", "-f", "-").ok();
    }

    /** One object, as it is now. */
    Optional<Json> object(String kind, String namespace, String name) throws Exception {
        var answer =
                kubectl(
                        "get",
                        kind,
                        name,
                        "-n",
                        namespace,
                        "-o",
                        "json",
                        "--ignore-not-found=true");
        var text = answer.ok();
        return text.isBlank() ? Optional.empty() : Optional.of(JsonReader.read(text));
    }

    List<Json> objects(String kind, String namespace, String selector) throws Exception {
        return JsonReader.read(
                        kubectl("get", kind, "-n", namespace, "-l", selector, "-o", "json").ok())
                .list("items");
    }

    /** The pods of a service's replicas that are not on their way out. */
    List<Json> replicas(String namespace, String service) throws Exception {
        return objects("pods", namespace, "serving.kserve.io/inferenceservice=" + service).stream()
                .filter(pod -> pod.text("metadata", "deletionTimestamp").isEmpty())
                .toList();
    }

    /** Sends a request through the API server's way into the cluster; the answer's body. */
    Run post(String service, String path, String body) throws Exception {
        return kubectlWith(
                body,
                "create",
                "--raw",
                "/api/v1/namespaces/%s/services/%s/proxy%s".formatted(NAMESPACE, service, path),
                "-f",
                "-");
    }

    /** Asks until the answer will do, for as long as a cluster may take. */
    <T> T await(String what, Asking<T> question, Predicate<T> enough) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        var last = question.ask();
        while (!enough.test(last)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "not within %s: %s; last seen: %s\n%s"
                                .formatted(PATIENCE, what, last, situation()));
            }
            Thread.sleep(PAUSE);
            last = question.ask();
        }
        return last;
    }

    interface Asking<T> {
        T ask() throws Exception;
    }

    private String situation() throws Exception {
        return kubectl("get", "pods,isvc", "-A", "-o", "wide")
                + kubectl(
                                "logs",
                                "-n",
                                NAMESPACE,
                                "-l",
                                "app.kubernetes.io/part-of=marea",
                                "--tail=20",
                                "--prefix")
                        .toString();
    }
}
