package dev.marea.check.control;

import dev.marea.wire.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * How fast and how lean the operator is on a real API server. Replicas are pretended, so that
 * nothing but the control plane is measured; the kube-controller-manager is to be stopped.
 */
public final class ControlBench implements AutoCloseable {
    private static final String OURS = "marea-bench-ours";
    private static final String PLAIN = "marea-bench-plain";
    private static final String DEPLOYED = "marea-bench-kcm";
    private static final String SEED = "bench-seed";
    private static final int F37 = 200;
    private static final int PATIENCE_SECONDS = 900;
    private static final int IDLE_SECONDS = 20;
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final Settings settings;
    private final BenchApi api;
    private final Report report = new Report();
    private final Path work;
    private final Path operatorConfig;
    private final ServiceTimes times;
    private final PretendFleet fleet;
    private int services;
    private OperatorProcess operator;

    private ControlBench(Settings settings) throws IOException, InterruptedException {
        this.settings = settings;
        this.api = new BenchApi(settings.kubeconfig());
        this.work = Files.createTempDirectory("marea-bench-control");
        api.prepare(OURS);
        api.prepare(PLAIN);
        api.prepare(DEPLOYED);
        this.operatorConfig = work.resolve("operator.kubeconfig");
        api.kubeconfig(operatorConfig, api.tokenOf(OURS, "operator"));
        this.times = new ServiceTimes(api, OURS);
        this.fleet = new PretendFleet(api, OURS);
        this.operator = startOperator();
    }

    public static void main(String[] args) throws Exception {
        try (var bench = new ControlBench(Settings.of(args))) {
            bench.run();
            bench.report.print();
        }
        System.exit(0);
    }

    private void run() throws Exception {
        long base = operator.ask("heap");
        report.say("operator heap with no service, KiB", kib(base));
        seed();
        crowd();
        double ours = burst();
        operator.close();
        var writer = new PlainWriter(api, OURS, SEED);
        double plain = plain(writer);
        report.say("a plain writer of the same objects, services/s", "%.1f".formatted(plain));
        report.atLeast("ratio control burst ours/plain", ours / plain, 0.70, "");
        operator = startOperator();
        grow();
        weigh(base);
        idle();
        change();
        restart();
        if (settings.controllers().isPresent()) {
            operator.close();
            double deployed = deployments(writer);
            report.say("plain Deployments through kcm, services/s", "%.1f".formatted(deployed));
            report.say("ratio control burst ours/kcm", "%.2f".formatted(ours / deployed));
        }
    }

    private OperatorProcess startOperator() throws IOException {
        return OperatorProcess.start(
                operatorConfig, work.resolve("operator.log"), settings.operatorOptions());
    }

    private void seed() throws InterruptedException {
        create(SEED);
        Await.until("the first is ready", 60, () -> times.isReady(SEED));
    }

    /** F37: two hundred at once. */
    private void crowd() throws InterruptedException {
        int from = services;
        int count = Math.min(F37, settings.burst());
        var asked = createMany(count);
        Await.until("the crowd is ready", PATIENCE_SECONDS, () -> times.ready() == services + 1);
        var waits = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            waits.add(times.readyAt(name(from + i)) - asked[i]);
        }
        report.atMost(
                "%d services at once, Ready, p95 (F37)".formatted(count),
                Report.quantile(waits, 0.95) / 1000,
                25,
                "s");
    }

    /** Returns services/s until all are Ready and routed. */
    private double burst() throws InterruptedException {
        long cpu = operator.ask("cpu");
        var mark = settings.audit().map(f -> audit(f).now());
        double rate = rate(settings.burst(), () -> createMany(settings.burst()));
        report.say(
                "%d services at once, Ready and routed, services/s".formatted(settings.burst()),
                "%.1f".formatted(rate));
        report.say(
                "operator's CPU for each, ms",
                "%.1f".formatted((operator.ask("cpu") - cpu) / (double) settings.burst()));
        if (mark.isPresent()) {
            var calls = audit(settings.audit().get()).writesSince(mark.get());
            report.say("its writes meanwhile", calls.toString());
        }
        return rate;
    }

    private double rate(int count, Work make) throws InterruptedException {
        long from = System.nanoTime();
        make.run();
        System.out.printf("  created in %.1f s%n", (System.nanoTime() - from) / 1e9);
        Await.until("all are ready", PATIENCE_SECONDS, () -> times.ready() == services + 1);
        System.out.printf("  ready in %.1f s%n", (System.nanoTime() - from) / 1e9);
        Await.until(
                "all are routed", PATIENCE_SECONDS, () -> operator.ask("routed") == services + 1);
        return count / ((System.nanoTime() - from) / 1e9);
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private double plain(PlainWriter writer) throws InterruptedException {
        System.out.printf("  the writer knows %d objects a service%n", writer.objects());
        var count = settings.burst();
        try (var own = new PretendFleet(api, PLAIN)) {
            long from = System.nanoTime();
            Crew.forEach(0, count, i -> writer.write(PLAIN, name(i)));
            System.out.printf("  written in %.1f s%n", (System.nanoTime() - from) / 1e9);
            Await.until("the plain ones are ready", PATIENCE_SECONDS, () -> own.made() >= count);
            double seconds = (System.nanoTime() - from) / 1e9;
            wipe(PLAIN);
            return count / seconds;
        }
    }

    private void wipe(String namespace) {
        for (var place :
                List.of(
                        "/apis/serving.kserve.io/v1beta1 inferenceservices",
                        "/apis/apps/v1 deployments",
                        "/apis/apps/v1 controllerrevisions",
                        "/apis/discovery.k8s.io/v1 endpointslices",
                        "/api/v1 pods")) {
            api.deleteAll(PlainWriter.path(place, namespace));
        }
        var path = PlainWriter.path("/api/v1 services", namespace);
        api.deleteAll(path);
    }

    private void grow() throws InterruptedException {
        int more = settings.fleet() - services - 1;
        if (more > 0) {
            double rate = rate(more, () -> createMany(more));
            report.say("%d more, services/s".formatted(more), "%.1f".formatted(rate));
        }
        Await.until("all are routed", 120, () -> operator.ask("routed") == services + 1);
    }

    private void weigh(long base) {
        double each = (operator.ask("heap") - base) / 1024.0 / (services + 1);
        report.atMost("operator heap for each of %d, KiB".formatted(services + 1), each, 64, "");
        System.out.println("  pid " + operator.pid());
    }

    /** A new operator looks at every service once, though all are routed already. */
    private void settle() throws InterruptedException {
        Await.until(
                "every service was looked at",
                PATIENCE_SECONDS,
                () -> {
                    long before = operator.ask("cpu");
                    LockSupport.parkNanos(SETTLED.toNanos());
                    return operator.ask("cpu") - before < SETTLED.toMillis() / 10;
                });
    }

    private void idle() throws InterruptedException {
        settle();
        long before = operator.ask("cpu");
        Thread.sleep(IDLE_SECONDS * 1000L); // this is the measurement
        double percent = (operator.ask("cpu") - before) / (IDLE_SECONDS * 10.0);
        report.atMost("operator's idle CPU, % of a core", percent, 1, "");
    }

    private void change() throws InterruptedException {
        var limits = new ArrayList<Long>();
        var models = new ArrayList<Long>();
        for (int i = 0; i < settings.changes(); i++) {
            var name = name(i * 7 % services);
            limits.add(changed(name, Json.Obj.of("timeout", 60 + i)));
            var model = Json.Obj.of("storageUri", "file:///models/other-" + i);
            models.add(changed(name, Json.Obj.of("model", model)));
        }
        report.atMost("a limit changed, p95", Report.quantile(limits, 0.95), 100, "ms");
        report.atMost(
                "a model changed (a new revision), p95", Report.quantile(models, 0.95), 100, "ms");
        report.say(
                "the same, medians, ms",
                "%.0f and %.0f"
                        .formatted(Report.quantile(limits, 0.5), Report.quantile(models, 0.5)));
    }

    /** From the request until a status speaks of the generation that it made. */
    private long changed(String name, Json.Obj predictor) throws InterruptedException {
        long from = System.nanoTime();
        long generation = patch(name, predictor);
        Await.until(
                name + " is reconciled", 60, () -> times.observed(name).generation() >= generation);
        return times.observed(name).nanos() - from;
    }

    private long patch(String name, Json.Obj predictor) {
        var patch = Json.Obj.of("spec", Json.Obj.of("predictor", predictor));
        return api.merge(path() + "/" + name, patch)
                .integer("metadata", "generation")
                .orElseThrow();
    }

    /** One service was changed meanwhile; it must be reconciled, and nothing else be written. */
    private void restart() throws IOException, InterruptedException {
        operator.close();
        long generation = patch(name(0), Json.Obj.of("timeout", 999));
        var mark = settings.audit().map(f -> audit(f).now());
        long from = System.nanoTime();
        operator = startOperator();
        System.out.printf("  restarted in %.1f s%n", (System.nanoTime() - from) / 1e9);
        Await.until("all are routed", 120, () -> operator.ask("routed") == services + 1);
        Await.until(
                "the change is seen",
                120,
                () -> times.observed(name(0)).generation() >= generation);
        double seconds = (System.nanoTime() - from) / 1e9;
        report.atMost("restart with %d, correct after".formatted(services + 1), seconds, 10, "s");
        if (mark.isPresent()) {
            Thread.sleep(20_000); // what it would still write, it writes now
            var writes = audit(settings.audit().get()).writesSince(mark.get());
            report.say("its writes, one of them asked for", writes.toString());
        }
    }

    private double deployments(PlainWriter writer) throws IOException, InterruptedException {
        var count = settings.burst();
        var command = settings.controllers().orElseThrow();
        var controllers =
                new ProcessBuilder("sh", "-c", "exec " + command)
                        .redirectErrorStream(true)
                        .redirectOutput(work.resolve("controllers.log").toFile())
                        .start();
        try (var kubelet = new PretendKubelet(api, DEPLOYED)) {
            writer.writeDeployment(DEPLOYED, "warm");
            Await.until("the controllers run", 300, () -> kubelet.available() == 1);
            long from = System.nanoTime();
            Crew.forEach(0, count, i -> writer.writeDeployment(DEPLOYED, name(i)));
            Await.until(
                    "the Deployments are available",
                    PATIENCE_SECONDS,
                    () -> kubelet.available() == count + 1);
            return count / ((System.nanoTime() - from) / 1e9);
        } finally {
            controllers.destroy();
        }
    }

    private AuditLog audit(Path file) {
        return new AuditLog(file, "system:serviceaccount:" + OURS + ":operator");
    }

    private static String name(int number) {
        return "s-%05d".formatted(number);
    }

    /** Returns when each was asked for. */
    private long[] createMany(int count) throws InterruptedException {
        int from = services;
        services += count;
        var asked = new long[count];
        Crew.forEach(
                0,
                count,
                i -> {
                    asked[i] = System.nanoTime();
                    create(name(from + i));
                });
        return asked;
    }

    private void create(String name) {
        var model =
                Json.Obj.of(
                        "modelFormat",
                        Json.Obj.of("name", "sklearn"),
                        "storageUri",
                        "file:///models/" + name);
        var spec = Json.Obj.of("predictor", Json.Obj.of("minReplicas", 1, "model", model));
        var tree =
                Json.Obj.of(
                        "apiVersion", "serving.kserve.io/v1beta1",
                        "kind", "InferenceService",
                        "spec", spec);
        var _ = api.create(path(), BenchApi.named(tree, name));
    }

    private static String path() {
        return PlainWriter.path("/apis/serving.kserve.io/v1beta1 inferenceservices", OURS);
    }

    private static String kib(long bytes) {
        return Long.toString(bytes / 1024);
    }

    @Override
    public void close() throws IOException {
        operator.close();
        fleet.close();
        times.close();
        api.close();
    }
}
