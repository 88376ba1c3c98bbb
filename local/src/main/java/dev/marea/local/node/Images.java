package dev.marea.local.node;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says which local command stands in for a container image, since one machine pulls none. */
public interface Images {
    Optional<Executable> resolve(String image);

    /**
     * A command of this machine.
     *
     * @param command runs instead of the image's entrypoint; a container's own {@code command}
     *     replaces it only when {@code keepsCommand} is false A word with {@code
     *     $(MEMORY_LIMIT_BYTES)} is left out where the container has no limit.
     * @param args come before the container's args
     */
    record Executable(
            List<String> command,
            List<String> args,
            Map<String, String> env,
            boolean keepsCommand) {
        public Executable {
            command = List.copyOf(command);
            args = List.copyOf(args);
            env = Map.copyOf(env);
        }
    }
}
