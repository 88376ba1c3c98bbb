package dev.marea.kubernetes.reconcile;

import dev.marea.core.plan.Plan;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.kubernetes.objects.WorkerObjects;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/** The workers of revisions that stand on several nodes: there while their head is, then gone. */
final class WorkerGroups {
    private final Companions companions;

    WorkerGroups(Companions companions) {
        this.companions = companions;
    }

    /**
     * Makes them so.
     *
     * @param kept the service's ControllerRevisions, new ones too
     */
    void tend(Subject subject, Plan plan, Collection<Json.Obj> kept) throws IOException {
        var running = plan.run().stream().map(Plan.Run::revision).collect(Collectors.toSet());
        for (var revision : kept) {
            var group = new WorkerObjects(subject, revision);
            if (group.any()) {
                var runs = Optional.of(group).filter(g -> running.contains(g.revision()));
                companions.keep(
                        Kind.SERVICE, subject, group.headName(), runs.map(WorkerObjects::head));
                companions.keep(
                        Kind.STATEFUL_SET,
                        subject,
                        group.workersName(),
                        runs.map(WorkerObjects::workers));
            }
        }
    }
}
