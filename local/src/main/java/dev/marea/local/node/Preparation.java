package dev.marea.local.node;

import dev.marea.core.spec.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** From a container's manifest to a process: command, environment, files. */
final class Preparation {
    private final Machine machine;
    private final PodSpec pod;
    private final PodDirectory directory;
    private final PortMap ports;
    private final Map<String, Path> places;

    Preparation(
            Machine machine,
            PodSpec pod,
            PodDirectory directory,
            PortMap ports,
            Map<String, Path> places) {
        this.machine = machine;
        this.pod = pod;
        this.directory = directory;
        this.ports = ports;
        this.places = places;
    }

    /** What a container runs, and what its probes and hooks are performed with. */
    sealed interface Prepared {
        Actions actions();

        record Launched(Launch launch, Actions actions) implements Prepared {}

        record Step(Steps.Task task, Actions actions) implements Prepared {}
    }

    Prepared prepare(ContainerSpec container, int restart) throws Blocked, IOException {
        var mounts = mounts(container);
        var log = directory.log(container.name(), restart);
        var given = given(container, Map.of());
        var env = environment(container, mounts, given);
        UnaryOperator<String> real = text -> mounts.apply(Expansion.expand(text, env));
        var args = container.args().stream().map(real).toList();
        if (machine.steps().runs(container.image(), args)) {
            var message = directory.terminationLog(container.name());
            return new Prepared.Step(
                    new Steps.Task(container.image(), args, env, log, message),
                    actions(container, mounts, env, directory.work()));
        }
        var image = runnable(container);
        var all = environment(container, mounts, given(container, image.env()));
        var command = command(container, image, text -> mounts.apply(Expansion.expand(text, all)));
        var at = workingDirectory(container, mounts);
        requireExecutable(command.getFirst(), at, all.getOrDefault("PATH", ""));
        var launch =
                new Launch(
                        command,
                        all,
                        at,
                        log,
                        directory.pid(container.name(), restart),
                        machine.groups()
                                .make(pod.meta().uid(), container.name(), container.memoryLimit()));
        return new Prepared.Launched(launch, actions(container, mounts, all, at));
    }

    private Actions actions(
            ContainerSpec container, MountTable mounts, Map<String, String> env, Path at) {
        return new Actions(container, ports, mounts, env, at);
    }

    /** The place of the termination message is a mount like another. */
    private MountTable mounts(ContainerSpec container) throws Blocked {
        var mounts = new ArrayList<>(machine.volumes().mounts(container, places).mounts());
        mounts.add(
                new MountTable.Mount(
                        container.terminationMessagePath(),
                        directory.terminationLog(container.name())));
        return new MountTable(mounts);
    }

    private Images.Executable runnable(ContainerSpec container) throws Blocked {
        var image = machine.images().resolve(container.image());
        if (image.isPresent()) {
            return image.get();
        }
        throw new Blocked(
                Reason.IMAGE_NOT_RUNNABLE.wireName(),
                ("image \"%s\" has no command on this machine, which runs processes and pulls no"
                                + " images; add to %s: \"images: {'%s': [your-program, its-args]}\" (a"
                                + " program that listens on $(PORT))")
                        .formatted(
                                container.image(),
                                machine.settings().home().resolve("config.yaml"),
                                container.image()));
    }

    private static List<String> command(
            ContainerSpec container, Images.Executable image, UnaryOperator<String> real) {
        boolean own = !image.keepsCommand() && !container.command().isEmpty();
        var command = new ArrayList<String>(own ? container.command() : image.command());
        command.addAll(image.args());
        command.addAll(container.args());
        command.replaceAll(real);
        command.removeIf(word -> word.contains("$(MEMORY_LIMIT_BYTES)"));
        return command;
    }

    /** What every container has before its own variables. Nothing comes from our environment. */
    private Map<String, String> given(ContainerSpec container, Map<String, String> image) {
        var given = new LinkedHashMap<String, String>();
        given.put("PATH", machine.settings().childPath());
        given.put("HOME", directory.work().toString());
        given.put("LANG", "C.UTF-8");
        given.put("TMPDIR", directory.tmp().toString());
        given.put("HOSTNAME", pod.meta().name());
        given.put("TERMINATION_LOG", directory.terminationLog(container.name()).toString());
        container
                .memoryLimit()
                .ifPresent(bytes -> given.put("MEMORY_LIMIT_BYTES", String.valueOf(bytes)));
        given.putAll(portVariables(container));
        var known = Map.copyOf(given);
        image.forEach((name, value) -> given.put(name, Expansion.expand(value, known)));
        return given;
    }

    private Map<String, String> portVariables(ContainerSpec container) {
        var variables = new LinkedHashMap<String, String>();
        container.ports().stream()
                .findFirst()
                .ifPresent(first -> variables.put("PORT", String.valueOf(ports.of(first))));
        ports.real().forEach((port, real) -> variables.put("PORT_" + port, String.valueOf(real)));
        return variables;
    }

    /** Our port variables stand last: a container that sets PORT itself means its port in a pod. */
    private Map<String, String> environment(
            ContainerSpec container, MountTable mounts, Map<String, String> given) throws Blocked {
        var env = new LinkedHashMap<>(given);
        env.putAll(machine.environment().declared(pod, container, given));
        env.putAll(portVariables(container));
        env.replaceAll((_, value) -> mounts.apply(value));
        env.entrySet().removeIf(e -> e.getKey().isEmpty() || e.getKey().contains("="));
        return env;
    }

    private Path workingDirectory(ContainerSpec container, MountTable mounts) {
        return container
                .json()
                .text("workingDir")
                .map(mounts::apply)
                .map(Path::of)
                .filter(Files::isDirectory)
                .orElse(directory.work());
    }

    private static void requireExecutable(String program, Path at, String path) throws Blocked {
        if (program.contains("/")) {
            if (!Files.isExecutable(at.resolve(program))) {
                throw new Blocked(
                        "RunContainerError",
                        "exec: \"%s\": no such executable file".formatted(program));
            }
            return;
        }
        for (var directory : path.split(":", -1)) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
                return;
            }
        }
        throw new Blocked(
                "RunContainerError",
                "exec: \"%s\": executable file not found in PATH (%s)".formatted(program, path));
    }

    static Optional<Path> group(Prepared prepared) {
        return prepared instanceof Prepared.Launched(var launch, _)
                ? launch.group()
                : Optional.empty();
    }
}
