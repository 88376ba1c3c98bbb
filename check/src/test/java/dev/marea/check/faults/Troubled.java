package dev.marea.check.faults;

import dev.marea.check.contract.ApiUnderTest;
import dev.marea.check.operator.SmallPlatform;
import dev.marea.core.scale.LoadReport;
import dev.marea.core.scale.LoadReport.RevisionLoad;
import dev.marea.core.spec.ServiceId;
import dev.marea.kubernetes.client.ResourcePath;
import dev.marea.local.objects.Resource;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.Yaml;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeMap;

/** A small platform whose operator reaches the API through a {@link Middlebox}. */
final class Troubled implements AutoCloseable {
    static final Resource INFERENCE_SERVICE =
            new Resource(
                    "serving.kserve.io", "v1beta1", "inferenceservices", "InferenceService", true);

    /** Of which a service has some, each by a name of its own. */
    private static final List<Resource> OWNED =
            List.of(Resource.DEPLOYMENT, Resource.SERVICE, Resource.CONTROLLER_REVISION);

    final ApiUnderTest api;
    final Middlebox wire;
    final SmallPlatform platform;

    Troubled() throws IOException {
        this(InstantSource.system());
    }

    Troubled(InstantSource clock) throws IOException {
        this(ApiUnderTest.open(), clock);
    }

    private Troubled(ApiUnderTest api, InstantSource clock) throws IOException {
        this(api, Middlebox.before(api.kubeconfig()), clock);
    }

    private Troubled(ApiUnderTest api, Middlebox wire, InstantSource clock) throws IOException {
        this(api, wire, wire.kubeconfig(), clock);
    }

    Troubled(ApiUnderTest api, Middlebox wire, Path operatorKubeconfig, InstantSource clock)
            throws IOException {
        this.api = api;
        this.wire = wire;
        platform = new SmallPlatform(api, operatorKubeconfig, clock);
    }

    /** With nothing between the operator and the API. */
    static Troubled straight() throws IOException {
        var api = ApiUnderTest.open();
        return new Troubled(
                api, Middlebox.before(api.kubeconfig()), api.kubeconfig(), InstantSource.system());
    }

    void apply(String service, String model) throws IOException {
        platform.apply(
                """
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata: {name: %s}
                spec:
                  predictor:
                    minReplicas: 1
                    maxReplicas: 5
                    model:
                      modelFormat: {name: sklearn}
                      storageUri: file:///models/%s
                """
                        .formatted(service, model));
    }

    void patch(String service, String yaml) throws IOException {
        platform.cluster.mergePatch(
                ResourcePath.INFERENCE_SERVICE,
                platform.namespace(),
                service,
                (Json.Obj) Yaml.read(yaml).getFirst(),
                _ -> {});
    }

    void delete(String service) throws IOException {
        platform.cluster.delete(ResourcePath.INFERENCE_SERVICE, platform.namespace(), service);
    }

    Json.Obj service(String name) {
        return platform.object(INFERENCE_SERVICE, name);
    }

    /** For example {@code True/Ready}. */
    String condition(String service, String type) {
        return service(service).list("status", "conditions").stream()
                .filter(c -> c.text("type").filter(type::equals).isPresent())
                .findFirst()
                .map(c -> c.text("status").orElse("") + "/" + c.text("reason").orElse(""))
                .orElse("none");
    }

    /** Ready for the spec that stands now. */
    boolean settled(String name) {
        var service = service(name);
        return condition(name, "Ready").equals("True/Ready")
                && service.integer("status", "observedGeneration")
                        .equals(service.integer("metadata", "generation"));
    }

    /** For example {@code 2:100}: the revision's number and its share. */
    String traffic(String service) {
        var shares = new TreeMap<String, Long>();
        for (var t : service(service).list("status", "components", "predictor", "traffic")) {
            var name = t.text("revisionName").orElseThrow();
            shares.put(
                    name.substring(name.lastIndexOf('-') + 1).replaceFirst("^0+", ""),
                    t.integer("percent").orElse(0));
        }
        return shares.toString();
    }

    long asked(String deployment) {
        return platform.object(Resource.DEPLOYMENT, deployment)
                .integer("spec", "replicas")
                .orElse(-1);
    }

    /** The names of all that a service made. */
    List<String> owned(String service) {
        return OWNED.stream()
                .flatMap(kind ->
                        platform.names(kind).stream()
                                .filter(name -> name.startsWith(service + "-predictor"))
                                .map(name -> kind.kind() + " " + name))
                .sorted()
                .toList();
    }

    void await(String what, java.util.function.BooleanSupplier holds) throws InterruptedException {
        try {
            SmallPlatform.awaitNow(what, holds);
        } catch (AssertionError late) {
            throw new AssertionError(late.getMessage() + "; last calls: " + lastCalls(), late);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private String lastCalls() {
        var calls = wire.calls();
        var text = new StringBuilder();
        calls.stream()
                .skip(Math.max(0, calls.size() - 20))
                .forEach(c -> text.append("\n  ").append(c.method()).append(' ').append(c.path()));
        return text.toString();
    }

    void load(String service, String revision, int inFlight) {
        var id = new ServiceId(platform.namespace(), service);
        platform.report(
                new LoadReport(
                        "g", List.of(new RevisionLoad(id, revision, inFlight, 0, inFlight))));
    }

    /** Reports a load until a revision has so many replicas. */
    void loadUntil(String service, String revision, int inFlight, long replicas)
            throws InterruptedException {
        await(
                "%d replicas for %d requests".formatted(replicas, inFlight),
                () -> {
                    load(service, revision, inFlight);
                    return asked(revision) == replicas;
                });
    }

    @Override
    public void close() {
        platform.close();
        wire.close();
    }
}
