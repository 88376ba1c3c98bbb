package dev.marea.check.control;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * @param burst how many services are made at once
 * @param fleet how many exist in the end
 * @param operatorOptions for its JVM, such as a profiler's
 * @param audit the API server's audit log
 * @param controllers the command that runs kube-controller-manager
 */
record Settings(
        Path kubeconfig,
        int burst,
        int fleet,
        int changes,
        List<String> operatorOptions,
        Optional<Path> audit,
        Optional<String> controllers) {

    static Settings of(String[] args) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            given.put(args[i], args[i + 1]);
        }
        if (args.length % 2 != 0 || !given.containsKey("--kubeconfig")) {
            throw new IllegalArgumentException(
                    "need --kubeconfig FILE [--burst N] [--fleet N] [--changes N] [--java OPTION] [--audit FILE] [--controllers COMMAND]");
        }
        return new Settings(
                Path.of(given.get("--kubeconfig")),
                Integer.parseInt(given.getOrDefault("--burst", "1000")),
                Integer.parseInt(given.getOrDefault("--fleet", "5000")),
                Integer.parseInt(given.getOrDefault("--changes", "200")),
                Optional.ofNullable(given.get("--java"))
                        .map(o -> List.of(o.split(" ", -1)))
                        .orElse(List.of()),
                Optional.ofNullable(given.get("--audit")).map(Path::of),
                Optional.ofNullable(given.get("--controllers")));
    }
}
