package dev.marea.kubernetes.reconcile;

import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.objects.Names;
import dev.marea.kubernetes.objects.Objects;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.kubernetes.observe.Facts;
import dev.marea.kubernetes.observe.Fetches;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.Pins;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Keeps what the first replica of a revision has resolved, with the revision, and gives it to those
 * that start later: all replicas of a revision have the same bytes, whatever a branch or a tag
 * names by then.
 */
record PinKeeping(Api api, Applier applier) {

    /**
     * @param live the ConfigMap that replicas read, if there is one
     */
    void tend(Subject subject, Facts facts, Objects objects, Optional<Json.Obj> live)
            throws IOException {
        var files = new TreeMap<String, String>();
        for (var revision : facts.kept()) {
            var name = revision.text("metadata", "name").orElse("");
            var known = revision.text("metadata", "annotations", Names.PINNED);
            var file = known.isPresent() ? known.get() : resolved(facts, name);
            if (!file.isEmpty()) {
                if (known.isEmpty()) {
                    keep(subject, name, file);
                }
                files.put(name, file);
            }
        }
        if (!files.isEmpty()) {
            applier.ensure(Kind.CONFIG_MAP, subject.namespace(), live, objects.pins(files));
        }
    }

    private static String resolved(Facts facts, String revision) {
        return Pins.file(Fetches.pins(facts.podsOf(revision)));
    }

    private void keep(Subject subject, String revision, String file) throws IOException {
        var patch =
                Json.Obj.EMPTY.withAt(
                        List.of("metadata", "annotations", Names.PINNED), Json.of(file));
        api.merge(Kind.CONTROLLER_REVISION, subject.namespace(), revision, patch);
    }
}
