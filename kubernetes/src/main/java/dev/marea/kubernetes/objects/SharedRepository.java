package dev.marea.kubernetes.objects;

import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.ModelList;
import java.util.ArrayList;
import java.util.List;

/**
 * What a pod has that serves many models: a directory for them, the list of what is to lie there,
 * and the agent that sees to it. The names are KServe's.
 */
record SharedRepository(String service, boolean readOnly, String image) {
    static final String AGENT = "agent";
    private static final String MODELS = "model-dir";
    private static final String LIST = "model-config";
    private static final String LIST_DIRECTORY = "/mnt/configs";

    /** Tells the server's port to the agent; on one machine the node sets it to the real one. */
    private static final String PORT = "PORT_";

    static boolean isIn(Json template) {
        return template.object("spec").list("volumes").stream()
                .anyMatch(volume -> volume.text("name").filter(LIST::equals).isPresent());
    }

    Json.Obj addedTo(Json.Obj pod, List<Json> containers) {
        var all = new ArrayList<>(containers);
        if (all.getFirst() instanceof Json.Obj main) {
            var mount = mount(MODELS, Names.MODEL_DIRECTORY, readOnly);
            all.set(0, Merge.objects(Json.Obj.of("volumeMounts", List.of(mount)), main));
        }
        all.add(agent(PodTemplate.port(containers.getFirst())));
        var volumes =
                List.of(
                        Json.Obj.of("name", MODELS, "emptyDir", Json.Obj.EMPTY),
                        Json.Obj.of(
                                "name",
                                LIST,
                                "configMap",
                                Json.Obj.of("name", ModelList.configMap(service))));
        var added = Json.Obj.of("volumes", volumes, "initContainers", List.of(first()));
        return Merge.objects(added, pod).with("containers", new Json.Arr(all));
    }

    /** A replica is ready with its models, not before them. */
    private Json.Obj first() {
        return container(ModelMount.STEP, "--once");
    }

    private Json.Obj agent(int port) {
        var variable = PORT + port;
        return container(AGENT, "--server=http://127.0.0.1:$(" + variable + ")")
                .with(
                        "env",
                        Json.of(
                                List.of(
                                        Json.Obj.of(
                                                "name",
                                                variable,
                                                "value",
                                                Integer.toString(port)))));
    }

    private Json.Obj container(String name, String flag) {
        return Json.Obj.of(
                "name",
                name,
                "image",
                image,
                "args",
                List.of(
                        "agent",
                        "--config-dir=" + LIST_DIRECTORY,
                        "--model-dir=" + Names.MODEL_DIRECTORY,
                        flag),
                "resources",
                Json.Obj.of(
                        "requests",
                        Json.Obj.of("cpu", "50m", "memory", "128Mi"),
                        "limits",
                        Json.Obj.of("memory", "512Mi")),
                "terminationMessagePolicy",
                "FallbackToLogsOnError",
                "volumeMounts",
                List.of(
                        mount(MODELS, Names.MODEL_DIRECTORY, false),
                        mount(LIST, LIST_DIRECTORY, true)));
    }

    private static Json.Obj mount(String volume, String path, boolean readOnly) {
        var mount = Json.Obj.of("name", volume, "mountPath", path);
        return readOnly ? mount.with("readOnly", Json.of(true)) : mount;
    }
}
