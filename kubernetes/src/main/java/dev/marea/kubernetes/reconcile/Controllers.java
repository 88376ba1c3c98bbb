package dev.marea.kubernetes.reconcile;

import dev.marea.core.plan.Planner;
import dev.marea.core.spec.PlatformConfig;
import dev.marea.kubernetes.Installation;
import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.api.Served;
import dev.marea.kubernetes.expose.Exposures;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.kubernetes.routes.RouteBook;
import dev.marea.kubernetes.scaling.ScalingLoop;
import dev.marea.wire.kserve.OwnImages;
import dev.marea.wire.kserve.ShippedRuntimes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The controllers of our kinds and the scaling loop, as one thing that starts and stops. */
public final class Controllers implements AutoCloseable {
    private static final Duration RETRY_FIRST = Duration.ofMillis(200);
    private static final Duration RETRY_MAX = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final int THREADS = 8;
    private static final String LEASE = "marea-operator";

    private final Operator sdk;
    private final ScalingLoop scaling;
    private final ServiceEvents events;
    private final Exposures exposures;

    private Controllers(
            Operator sdk, ScalingLoop scaling, ServiceEvents events, Exposures exposures) {
        this.exposures = exposures;
        this.sdk = sdk;
        this.scaling = scaling;
        this.events = events;
    }

    /** Everything that is a matter of taste or place. */
    public record Settings(
            Addresses addresses,
            Optional<String> gatewayHost,
            Optional<Installation> installation,
            OwnImages images,
            Planner planner,
            InstantSource clock) {

        /** On a cluster every service has names of its own; on one machine paths of one address. */
        private Exposures.Settings exposure() {
            return new Exposures.Settings(
                    PlatformConfig.of(
                            PlatformConfig.Ingress.of(
                                    addresses.scheme(),
                                    addresses.domain(),
                                    addresses.domainTemplate())),
                    addresses.port(),
                    Optional.of(addresses.inside()).filter(_ -> installation.isEmpty()),
                    installation.map(Installation::namespace).orElse(Exposures.NAMESPACE),
                    installation.map(Installation::watched).orElse(Set.of()),
                    clock);
        }
    }

    /** Ships the runtimes, starts watching and returns when everything that exists is known. */
    public static Controllers start(KubernetesClient client, RouteBook book, Settings settings)
            throws IOException {
        var api = new Api(client);
        new ShippedRuntimeSync(api, settings.images().version())
                .ship(ShippedRuntimes.all(settings.images()));
        var events = new ServiceEvents(api, settings.clock());
        var news = new ServiceNews(events);
        var scaling = new ScalingLoop(settings.clock(), api::scale, news);
        var trained = new TrainedStatuses(api, events, settings.clock());
        var applier = new Applier(api);
        var served = new Served(api, settings.clock());
        var exposures =
                Exposures.start(
                        settings.exposure(),
                        client,
                        api,
                        served,
                        applier,
                        (map, why) ->
                                events.tell(
                                        Kind.CONFIG_MAP,
                                        Subject.of(map),
                                        ServiceEvents.Tone.WARNING,
                                        "InvalidConfig",
                                        why));
        var hands = new Reconciliation.Hands(api, applier, served, exposures);
        var reconciliation = new Reconciliation(hands, book, scaling, news, trained, settings);
        var sdk = new Operator(o -> configure(o, client, settings.installation()));
        sdk.register(
                new ServiceReconciler(reconciliation),
                c -> configure(c.withTriggerReconcilerOnAllEvents(true)));
        sdk.register(new TrainedModelReconciler(api, trained), Controllers::configure);
        sdk.start();
        scaling.start();
        return new Controllers(sdk, scaling, events, exposures);
    }

    private static void configure(
            ConfigurationServiceOverrider sdk,
            KubernetesClient client,
            Optional<Installation> installation) {
        sdk.withKubernetesClient(client)
                .checkingCRDAndValidateLocalModel(false)
                .withCloseClientOnStop(false)
                .withConcurrentReconciliationThreads(THREADS)
                .withStopOnInformerErrorDuringStartup(true)
                .withReconciliationTerminationTimeout(GRACE);
        installation.ifPresent(i ->
                sdk.withLeaderElectionConfiguration(
                        new LeaderElectionConfiguration(LEASE, i.namespace(), i.pod())));
    }

    private static <R extends HasMetadata> void configure(
            ControllerConfigurationOverrider<R> controller) {
        controller
                .withOnUpdateFilter(
                        (now, before) -> concerns(now.getMetadata(), before.getMetadata()))
                .withRetry(
                        new GenericRetry()
                                .withoutMaxAttempts()
                                .setInitialInterval(RETRY_FIRST.toMillis())
                                .setIntervalMultiplier(2)
                                .setMaxInterval(RETRY_MAX.toMillis()));
    }

    /** Our own status must not wake us; a spec, a label or an annotation must. */
    private static boolean concerns(ObjectMeta now, ObjectMeta before) {
        return !Objects.equals(now.getGeneration(), before.getGeneration())
                || !Objects.equals(now.getUid(), before.getUid())
                || !Objects.equals(now.getDeletionTimestamp(), before.getDeletionTimestamp())
                || !Objects.equals(now.getLabels(), before.getLabels())
                || !Objects.equals(now.getAnnotations(), before.getAnnotations());
    }

    public ScalingLoop scaling() {
        return scaling;
    }

    @Override
    public void close() {
        scaling.close();
        sdk.stop();
        exposures.close();
        events.close();
    }
}
