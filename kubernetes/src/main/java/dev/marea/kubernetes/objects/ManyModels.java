package dev.marea.kubernetes.objects;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * What a pod has where models come and go: a directory for them, the ConfigMap that names them, and
 * the agent that fetches what it names and tells the server. The agent's first round is a step
 * before the containers start, so that a new replica is ready with its models and not before them.
 *
 * @param image the agent's, which is Marea's own
 */
record ManyModels(String service, String image) {
    /** The agent's container; KServe's bears the same name. */
    static final String AGENT = "agent";

    private static final String REPOSITORY = "model-dir";
    private static final String CONFIG = "model-config";
    private static final String CONFIG_DIRECTORY = "/mnt/configs";

    Json.Obj into(Json.Obj pod, List<Json> containers) {
        var models = mount(REPOSITORY, Names.MODEL_DIRECTORY);
        var with = new ArrayList<Json>();
        for (var container : containers) {
            with.add(
                    with.isEmpty() && container instanceof Json.Obj main
                            ? Merge.objects(Json.Obj.of("volumeMounts", List.of(models)), main)
                            : container);
        }
        with.add(agent(PodTemplate.port(with.getFirst())));
        var added =
                Json.Obj.of(
                        "volumes",
                        List.of(
                                Json.Obj.of("name", REPOSITORY, "emptyDir", Json.Obj.EMPTY),
                                Json.Obj.of("name", CONFIG, "configMap", config())),
                        "initContainers",
                        List.of(first()));
        return Merge.objects(added, pod).with("containers", new Json.Arr(with));
    }

    /** It is made when there is a first model, which may be after the first replica. */
    private Json.Obj config() {
        return Json.Obj.of("name", Names.modelConfig(service), "optional", true);
    }

    private Json.Obj first() {
        return container(ModelMount.STEP, List.of("agent", CONFIG_DIRECTORY, Names.MODEL_DIRECTORY))
                .with("terminationMessagePolicy", Json.of("FallbackToLogsOnError"));
    }

    /** A variable tells it the server's port, for on one machine that is another than in a pod. */
    private Json.Obj agent(int port) {
        var variable = "PORT_" + port;
        var server = "http://127.0.0.1:$(" + variable + ")";
        return container(AGENT, List.of("agent", CONFIG_DIRECTORY, Names.MODEL_DIRECTORY, server))
                .with(
                        "env",
                        Json.of(
                                List.of(
                                        Json.Obj.of(
                                                "name", variable, "value", String.valueOf(port)))));
    }

    private Json.Obj container(String name, List<String> args) {
        return Json.Obj.of(
                "name",
                name,
                "image",
                image,
                "args",
                args,
                "volumeMounts",
                List.of(
                        mount(REPOSITORY, Names.MODEL_DIRECTORY),
                        mount(CONFIG, CONFIG_DIRECTORY).with("readOnly", Json.of(true))));
    }

    private static Json.Obj mount(String volume, String path) {
        return Json.Obj.of("name", volume, "mountPath", path);
    }
}
