package dev.marea.wire.kserve;

import java.util.List;
import java.util.stream.Collectors;

/** A manifest that cannot be served as it stands; the message lists every problem. */
public final class InvalidManifest extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    InvalidManifest(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
