package dev.marea.local.node;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A process to be started.
 *
 * @param log gets stdout and stderr, appended
 * @param pid where the child writes its own pid and start time before it becomes the command
 * @param group the control group that it joins first
 */
record Launch(
        List<String> command,
        Map<String, String> env,
        Path directory,
        Path log,
        Path pid,
        Optional<Path> group) {
    Launch {
        command = List.copyOf(command);
        env = Map.copyOf(env);
    }
}
