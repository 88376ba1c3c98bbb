package dev.marea.kubernetes.reconcile;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader.MalformedJson;
import dev.marea.wire.kserve.ModelList;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The TrainedModels that name a service.
 *
 * @param list the ConfigMap that its replicas follow, if there is one
 * @param pins the ConfigMap with what its revisions have resolved, if there is one
 */
record Guests(List<Json.Obj> models, Optional<Json.Obj> list, Optional<Json.Obj> pins) {
    Guests {
        models = List.copyOf(models);
    }

    /** The models that replicas are to have already. */
    Set<String> listed() {
        try {
            var text = list.flatMap(l -> l.text("data", ModelList.FILE)).orElse(ModelList.EMPTY);
            return ModelList.read(text.getBytes(StandardCharsets.UTF_8)).stream()
                    .map(ModelList.Entry::name)
                    .collect(Collectors.toSet());
        } catch (MalformedJson _) {
            return Set.of(); // somebody wrote into it; it is written anew
        }
    }
}
