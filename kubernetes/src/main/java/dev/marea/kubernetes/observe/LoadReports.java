package dev.marea.kubernetes.observe;

import dev.marea.core.plan.ModelPlacement.Loads;
import dev.marea.core.spec.TrainedModel;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.ModelReports;
import dev.marea.wire.kserve.ModelReports.Report;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the agents in the pods of a service say of its models. */
public record LoadReports(List<Map<String, Report>> replicas) {
    public LoadReports {
        replicas = List.copyOf(replicas);
    }

    public static LoadReports of(List<Json.Obj> pods) {
        return new LoadReports(
                pods.stream()
                        .filter(pod -> pod.at("metadata", "deletionTimestamp").isEmpty())
                        .flatMap(pod ->
                                pod
                                        .text("metadata", "annotations", ModelReports.ANNOTATION)
                                        .stream())
                        .flatMap(annotation -> ModelReports.read(annotation).stream())
                        .toList());
    }

    /** Only what is said of the model as it is asked for now. */
    public Loads of(TrainedModel model) {
        int loaded = 0;
        var failure = Optional.<String>empty();
        for (var replica : replicas) {
            var report =
                    Optional.ofNullable(replica.get(model.name()))
                            .filter(r -> ModelReports.isOf(r, model.storageUri()));
            loaded += report.filter(r -> r.failure().isEmpty()).isPresent() ? 1 : 0;
            failure = failure.or(() -> report.flatMap(Report::failure));
        }
        return new Loads(replicas.size(), loaded, failure);
    }
}
