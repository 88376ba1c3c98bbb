package dev.marea.kubernetes.objects;

import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.ShippedRuntimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A chosen runtime as written.
 *
 * @param shipped whether it came with Marea, so that its image's tag is Marea's version
 */
public record RuntimeTree(String name, boolean clusterWide, boolean shipped, Json.Obj spec) {

    /**
     * What of it is a user's doing: all of it, or what was changed of one that we shipped. Only
     * that is part of a revision's identity, so that a later Marea may ship a better one.
     */
    RuntimeTree ofUsers() {
        var original = shipped ? ShippedRuntimes.spec(name) : Optional.<Json.Obj>empty();
        if (original.isEmpty()) {
            return this;
        }
        var edits = Edits.of(untagged(spec), untagged(original.get()));
        var kept = spec.at("multiModel").map(m -> edits.with("multiModel", m)).orElse(edits);
        return new RuntimeTree(name, clusterWide, true, withMain(kept));
    }

    private static Json.Obj untagged(Json.Obj spec) {
        var containers = new ArrayList<Json>();
        for (var container : spec.list("containers")) {
            containers.add(
                    container instanceof Json.Obj c && PodTemplate.isOurServer(c)
                            ? c.with("image", Json.of(ShippedRuntimes.IMAGE))
                            : container);
        }
        return spec.with("containers", new Json.Arr(containers));
    }

    /** A pod needs a container with an image, edited or not. */
    private static Json.Obj withMain(Json.Obj spec) {
        var main = Json.Obj.of("name", Names.CONTAINER, "image", ShippedRuntimes.IMAGE);
        return Merge.objects(Json.Obj.of("containers", List.of(main)), spec);
    }
}
