package dev.marea.local.node;

import dev.marea.local.objects.Meta;
import dev.marea.local.objects.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Children of an earlier platform whose pod is gone: they are ended, and their files removed. */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration REMOVAL_PAUSE = Duration.ofMillis(250);
    private static final int REMOVALS_MAX = 20;

    private final Machine machine;

    Leftovers(Machine machine) {
        this.machine = machine;
    }

    void end() throws IOException {
        var pods =
                machine.objects().list(Resource.POD, "").items().stream()
                        .map(pod -> new Meta(pod).uid())
                        .collect(Collectors.toSet());
        for (var directory : gone(pods)) {
            for (var file : running(directory)) {
                machine.children().adopt(file).ifPresent(this::end);
            }
            remove(directory, REMOVALS_MAX);
        }
    }

    // A child that is being ended may still write a last line into it.
    private void remove(PodDirectory directory, int tries) {
        try {
            directory.remove();
        } catch (IOException inUse) {
            if (tries > 1) {
                var _ = machine.time().after(REMOVAL_PAUSE, () -> remove(directory, tries - 1));
            } else {
                LOG.warn(
                        "the files of a pod that is gone stay; remove {} by hand: {}",
                        directory.root(),
                        inUse.toString());
            }
        }
    }

    private List<PodDirectory> gone(Set<String> pods) throws IOException {
        try (var all = Files.list(machine.settings().home().resolve("pods"))) {
            return all.map(PodDirectory::new).filter(pod -> !pods.contains(pod.uid())).toList();
        }
    }

    private static List<Path> running(PodDirectory directory) throws IOException {
        if (!Files.isDirectory(directory.running())) {
            return List.of();
        }
        try (var files = Files.list(directory.running())) {
            return files.toList();
        }
    }

    private void end(Child child) {
        LOG.info("ending process {}, whose pod is gone", child.pid());
        child.terminate();
        var _ =
                machine.time()
                        .after(
                                GRACE,
                                () -> {
                                    if (child.alive()) {
                                        child.kill();
                                    }
                                });
    }
}
