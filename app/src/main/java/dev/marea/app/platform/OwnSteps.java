package dev.marea.app.platform;

import dev.marea.local.node.Steps;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Marea's own image plays several parts; the arguments say which. */
record OwnSteps(List<Steps> parts) implements Steps {
    OwnSteps {
        parts = List.copyOf(parts);
    }

    @Override
    public boolean runs(String image, List<String> args) {
        return parts.stream().anyMatch(part -> part.runs(image, args));
    }

    @Override
    public void run(String image, List<String> args, Path log)
            throws IOException, InterruptedException {
        parts.stream()
                .filter(part -> part.runs(image, args))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no part of ours: " + args))
                .run(image, args, log);
    }
}
