package dev.marea.kubernetes.observe;

import dev.marea.core.plan.Revision.Trouble;
import dev.marea.core.spec.Reason;
import dev.marea.wire.json.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads from pods why they are not ready, in the words of a person who must act. */
final class PodTroubles {
    /** Our server's exit code for a model that cannot be loaded. */
    private static final int MODEL_LOAD_FAILED = 3;

    /** One crash is an accident, a second one a habit. */
    private static final int CRASHES_MIN = 2;

    private static final int MESSAGE_MAX = 1_000;
    private static final Pattern BACK_OFF = Pattern.compile("back-off (\\S+) restarting");
    private static final String CRASH_LOOP = "CrashLoopBackOff";
    private static final Set<String> IMAGE =
            Set.of(
                    "ErrImagePull",
                    "ImagePullBackOff",
                    "InvalidImageName",
                    "ErrImageNeverPull",
                    Reason.IMAGE_NOT_RUNNABLE.wireName());
    private static final Set<String> STARTING =
            Set.of("ContainerCreating", "PodInitializing", CRASH_LOOP);

    /** With an order among equals, so that what is told does not flip between pods. */
    private static final Comparator<Trouble> GRAVITY =
            Comparator.comparing(Trouble::terminal)
                    .thenComparing(Trouble::reason, Comparator.reverseOrder())
                    .thenComparing(t -> t.pod().orElse(""), Comparator.reverseOrder());

    private PodTroubles() {}

    /**
     * The gravest trouble among a revision's pods, with the number of pods that share its kind.
     *
     * @param why says why no node takes a pod, if it knows
     */
    static Optional<Trouble> of(List<Json.Obj> pods, Function<Json.Obj, Optional<String>> why) {
        var troubles =
                pods.stream()
                        .filter(pod -> pod.at("metadata", "deletionTimestamp").isEmpty())
                        .filter(pod -> !ready(pod))
                        .flatMap(pod -> trouble(pod, why).stream())
                        .toList();
        return troubles.stream()
                .max(GRAVITY)
                .map(worst ->
                        counted(
                                worst,
                                (int)
                                        troubles.stream()
                                                .filter(t -> t.reason() == worst.reason())
                                                .count()));
    }

    private static Trouble counted(Trouble t, int pods) {
        return new Trouble(
                t.reason(), t.message(), t.terminal(), t.exitCode(), t.pod(), pods, t.time());
    }

    private static boolean ready(Json.Obj pod) {
        return condition(pod, "Ready")
                .flatMap(c -> c.text("status"))
                .filter("True"::equals)
                .isPresent();
    }

    private static Optional<Json> condition(Json.Obj pod, String type) {
        return pod.list("status", "conditions").stream()
                .filter(c -> c.text("type").filter(type::equals).isPresent())
                .findFirst();
    }

    private static Optional<Trouble> trouble(
            Json.Obj pod, Function<Json.Obj, Optional<String>> why) {
        var name = pod.text("metadata", "name");
        return Stream.concat(
                        pod.list("status", "initContainerStatuses").stream()
                                .flatMap(c -> container(c, name, true).stream()),
                        pod.list("status", "containerStatuses").stream()
                                .flatMap(c -> container(c, name, false).stream()))
                .findFirst()
                .or(() -> unschedulable(pod, name, why));
    }

    private static Optional<Trouble> container(Json status, Optional<String> pod, boolean init) {
        if (status.flag("ready")) {
            return Optional.empty();
        }
        var waiting = status.text("state", "waiting", "reason").orElse("");
        if (!waiting.isEmpty() && !STARTING.contains(waiting)) {
            return Optional.of(waiting(status, waiting, pod));
        }
        var lacks = status.text("state", "waiting", "message").filter(m -> !m.isEmpty());
        if (lacks.isPresent() && !waiting.equals(CRASH_LOOP)) {
            return Optional.of(unmounted(lacks.get(), pod));
        }
        return Stream.of("state", "lastState")
                .map(field -> status.object(field, "terminated"))
                .filter(ended -> ended.integer("exitCode").orElse(0) != 0)
                .findFirst()
                .map(ended -> ended(status, ended, waiting, pod, init));
    }

    private static Trouble waiting(Json status, String reason, Optional<String> pod) {
        var image = IMAGE.contains(reason);
        var text = status.text("state", "waiting", "message").orElse(reason);
        var message =
                image
                        ? "image %s cannot be run: %s"
                                .formatted(status.text("image").orElse("of " + name(status)), text)
                        : "container %s cannot start: %s".formatted(name(status), text);
        return new Trouble(
                image ? Reason.IMAGE_NOT_RUNNABLE : Reason.RUNTIME_UNHEALTHY,
                brief(message),
                true,
                OptionalInt.empty(),
                pod,
                1,
                Optional.empty());
    }

    /** What a container waits for before it is made is its volumes, and the model is one. */
    private static Trouble unmounted(String lacks, Optional<String> pod) {
        return new Trouble(
                Reason.MODEL_LOAD_FAILED,
                brief("the model cannot be mounted: " + lacks + "; check storageUri"),
                true,
                OptionalInt.empty(),
                pod,
                1,
                Optional.empty());
    }

    private static Trouble ended(
            Json status, Json.Obj ended, String waiting, Optional<String> pod, boolean init) {
        int exit = (int) ended.integer("exitCode").orElse(0);
        var load = init || exit == MODEL_LOAD_FAILED;
        var said = lastLines(ended.text("message").orElse(""));
        var message =
                load && !said.isEmpty()
                        ? said + (init ? again(status) : "")
                        : "container %s ended with exit code %d%s"
                                .formatted(name(status), exit, said.isEmpty() ? "" : ": " + said);
        var terminal =
                load
                        || waiting.equals(CRASH_LOOP)
                        || status.integer("restartCount").orElse(0) >= CRASHES_MIN;
        return new Trouble(
                load ? Reason.MODEL_LOAD_FAILED : Reason.RUNTIME_UNHEALTHY,
                brief(message),
                terminal,
                OptionalInt.of(exit),
                pod,
                1,
                time(ended.text("finishedAt")));
    }

    /** Which attempt that was, and when the next one is. */
    private static String again(Json status) {
        var attempt = status.integer("restartCount").orElse(0) + 1;
        var pause = BACK_OFF.matcher(status.text("state", "waiting", "message").orElse(""));
        return pause.find()
                ? " (attempt %d; the next one in %s)".formatted(attempt, pause.group(1))
                : " (attempt %d)".formatted(attempt);
    }

    private static Optional<Trouble> unschedulable(
            Json.Obj pod, Optional<String> name, Function<Json.Obj, Optional<String>> why) {
        return condition(pod, "PodScheduled")
                .filter(c -> c.text("status").filter("False"::equals).isPresent())
                .map(c -> c.text("message").orElse("no reason was given"))
                .map(said -> waiting(Reason.UNSCHEDULABLE, placeless(pod, said, why), name));
    }

    /** A volume that is not there is the scheduler's to tell; all else the nodes tell better. */
    private static String placeless(
            Json.Obj pod, String said, Function<Json.Obj, Optional<String>> why) {
        if (said.contains("persistentvolumeclaim") && said.contains("not found")) {
            return "a volume claim is missing: "
                    + firstSentence(said)
                    + "; create it, or correct storageUri or volumes";
        }
        if (said.contains("unbound immediate PersistentVolumeClaims")) {
            return "a volume claim of the pod is not bound; see kubectl describe pvc, or name a StorageClass that exists";
        }
        return why.apply(pod).orElseGet(() -> "no node takes the pod: " + said);
    }

    private static String firstSentence(String text) {
        var end = text.indexOf(". ");
        return end < 0 ? text : text.substring(0, end);
    }

    /** What keeps a Deployment from making pods at all: a quota, a policy, somebody's webhook. */
    static Optional<Trouble> refused(Json.Obj deployment) {
        return deployment.list("status", "conditions").stream()
                .filter(c -> c.text("type").filter("ReplicaFailure"::equals).isPresent())
                .filter(c -> c.text("status").filter("True"::equals).isPresent())
                .findFirst()
                .map(c -> c.text("message").orElse("no reason was given"))
                .map(said -> waiting(Reason.PODS_REFUSED, refusal(said), Optional.empty()));
    }

    private static String refusal(String said) {
        if (said.contains("exceeded quota")) {
            return "the namespace's quota is used up, so no pod is made: "
                    + said.substring(said.indexOf("exceeded quota"));
        }
        return "the API refuses the service's pods: " + said;
    }

    private static Trouble waiting(Reason reason, String message, Optional<String> pod) {
        return new Trouble(
                reason, brief(message), false, OptionalInt.empty(), pod, 1, Optional.empty());
    }

    private static String name(Json status) {
        return status.text("name").orElse("?");
    }

    /** A log's tail ends with what matters; a short message is kept whole. */
    private static String lastLines(String text) {
        var lines = text.lines().filter(line -> !line.isBlank()).toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 3), lines.size()))
                .strip();
    }

    private static String brief(String text) {
        return text.length() <= MESSAGE_MAX ? text : text.substring(0, MESSAGE_MAX) + "…";
    }

    private static Optional<Instant> time(Optional<String> text) {
        try {
            return text.map(Instant::parse);
        } catch (DateTimeParseException odd) {
            return Optional.empty();
        }
    }
}
