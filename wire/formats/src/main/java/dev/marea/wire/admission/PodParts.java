package dev.marea.wire.admission;

import dev.marea.wire.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The parts of an object of ours that become pods, and those that become containers, wherever it
 * may carry them. Rather too many than too few: a rule finds nothing in what is no container.
 */
record PodParts(List<Part> pods, List<Part> containers) {
    /** Blocks that have the fields of a pod themselves. */
    private static final Set<String> PODS =
            Set.of("predictor", "transformer", "explainer", "canary", "workerSpec");

    /**
     * @param path as kubectl prints it
     */
    record Part(String path, Json.Obj tree) {}

    static PodParts of(Json.Obj object) {
        var parts = new PodParts(new ArrayList<>(), new ArrayList<>());
        parts.addPod("spec", object.object("spec"));
        return parts;
    }

    private void addPod(String path, Json.Obj tree) {
        pods.add(new Part(path, tree));
        for (var list : List.of("containers", "initContainers", "ephemeralContainers")) {
            var items = tree.list(list);
            for (int i = 0; i < items.size(); i++) {
                addContainer("%s.%s[%d]".formatted(path, list, i), items.get(i));
            }
        }
        tree.fields().forEach((name, value) -> addBlock(path + "." + name, name, value));
    }

    private void addBlock(String path, String name, Json value) {
        switch (value) {
            case Json.Obj block when PODS.contains(name) -> addPod(path, block);
            // A model is its container's fields and some more, under any framework's name.
            case Json.Obj block -> addContainer(path, block);
            case Json.Arr(var items) when PODS.contains(name) -> {
                for (int i = 0; i < items.size(); i++) {
                    addBlock("%s[%d]".formatted(path, i), name, items.get(i));
                }
            }
            case Json.Arr _, Json.Str _, Json.Int _, Json.Dec _, Json.Bool _, Json.Null _ -> {}
        }
    }

    private void addContainer(String path, Json value) {
        if (value instanceof Json.Obj container) {
            containers.add(new Part(path, container));
        }
    }
}
