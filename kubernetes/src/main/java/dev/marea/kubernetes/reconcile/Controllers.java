package dev.marea.kubernetes.reconcile;

import dev.marea.core.plan.Planner;
import dev.marea.core.spec.PlatformConfig;
import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.InferenceServiceResource;
import dev.marea.kubernetes.api.Installation;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.api.Served;
import dev.marea.kubernetes.api.TrainedModelResource;
import dev.marea.kubernetes.api.TrimmedStore;
import dev.marea.kubernetes.expose.Exposures;
import dev.marea.kubernetes.models.ModelCaches;
import dev.marea.kubernetes.objects.ModelTrust;
import dev.marea.kubernetes.objects.Subject;
import dev.marea.kubernetes.routes.RouteBook;
import dev.marea.kubernetes.scaling.ScalingLoop;
import dev.marea.kubernetes.scaling.SteadyClock;
import dev.marea.wire.json.Json;
import dev.marea.wire.kserve.OwnImages;
import dev.marea.wire.kserve.ShippedRuntimes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controllers of our kinds and the scaling loop, as one thing that first follows or at once
 * leads.
 */
public final class Controllers implements AutoCloseable {
    private static final Duration RETRY_FIRST = Duration.ofMillis(200);
    private static final Logger LOG = LoggerFactory.getLogger(Controllers.class);
    private static final Duration RETRY_MAX = Duration.ofSeconds(12);

    /** For which the start waits for a kind to be listed; it goes on and tries without. */
    private static final Duration SIGHT = Duration.ofSeconds(10);

    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final int THREADS = 8;

    private final KubernetesClient client;
    private final Api api;
    private final RouteBook book;
    private final Settings settings;
    private final ServiceEvents events;
    private final ServiceNews news;
    private final Applier applier;
    private final Served served;
    private final ScalingLoop scaling;
    private final Exposures exposures;
    private final ModelCaches caches;
    private @Nullable FollowedServices followed;
    private final Turns turns = new Turns(THREADS);
    private final AtomicBoolean restarting = new AtomicBoolean();
    private volatile boolean closed;
    private @Nullable Operator sdk;

    private Controllers(KubernetesClient client, Api api, RouteBook book, Settings settings) {
        this.client = client;
        this.api = api;
        this.book = book;
        this.settings = settings;
        this.events = new ServiceEvents(api, settings.clock());
        this.news = new ServiceNews(events);
        this.applier = new Applier(api);
        this.served = new Served(api, settings.clock());
        this.scaling = new ScalingLoop(SteadyClock.from(settings.clock()), api::scale, news);
        this.caches = new ModelCaches(api, settings.watched());
        this.exposures =
                Exposures.start(settings.exposure(), client, served, applier, this::invalidConfig);
    }

    /**
     * Returns when the platform's own settings are known; {@link #follow} or {@link #lead} comes
     * next.
     *
     * @param api takes every write
     */
    public static Controllers start(
            KubernetesClient client, Api api, RouteBook book, Settings settings) {
        return new Controllers(client, api, book, settings);
    }

    /** Everything that is a matter of taste or place. */
    public record Settings(
            Addresses addresses,
            Optional<Installation> installation,
            OwnImages images,
            ModelTrust trust,
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
                    watched());
        }

        /** The namespaces whose services are ours; empty for all. */
        private Set<String> watched() {
            return installation.map(Installation::watched).orElse(Set.of());
        }
    }

    /** Keeps the routes as the leader says them, and returns when all are known. */
    public void follow() throws IOException {
        followed = FollowedServices.start(client, book, exposures, settings.watched());
    }

    /** Ships the runtimes, starts acting and returns when everything that exists is known. */
    public void lead() throws IOException {
        if (followed != null) {
            // The book keeps what is known until it is said anew.
            followed.close();
        }
        exposures.lead();
        new ShippedRuntimeSync(api, settings.images().version())
                .ship(ShippedRuntimes.all(settings.images()));
        act();
        scaling.start();
        caches.start();
    }

    private synchronized void act() {
        var trained = new TrainedStatuses(api, events, settings.clock());
        var hands = new Reconciliation.Hands(api, applier, served, exposures);
        var reconciliation = new Reconciliation(hands, book, scaling, news, trained, settings);
        var services = new ServiceReconciler(reconciliation, turns);
        var acting = new Operator(this::configure);
        sdk = acting;
        acting.register(
                services,
                c ->
                        configure(
                                c.withTriggerReconcilerOnAllEvents(true),
                                InferenceServiceResource.class));
        acting.register(
                new TrainedModelReconciler(api, trained),
                c -> configure(c, TrainedModelResource.class));
        acting.start();
        if (services.sees()) {
            book.retain(services.known());
        }
    }

    /** A watch that met what it cannot read never goes on; a fresh start lists everything anew. */
    private void stopped(SharedIndexInformer<?> informer, @Nullable Throwable why) {
        if (why != null && !closed && restarting.compareAndSet(false, true)) {
            LOG.error("the watch of {} has stopped, all begin again", informer, why);
            Thread.ofPlatform().daemon().name("marea-beginning-again").start(this::beginAgain);
        }
    }

    private synchronized void beginAgain() {
        if (!closed && sdk != null) {
            sdk.stop();
            restarting.set(false);
            act();
        }
    }

    private void invalidConfig(Json.Obj configMap, String why) {
        events.tell(
                Kind.CONFIG_MAP,
                Subject.of(configMap),
                ServiceEvents.Tone.WARNING,
                "InvalidConfig",
                why);
    }

    private void configure(ConfigurationServiceOverrider sdk) {
        sdk.withKubernetesClient(client)
                .checkingCRDAndValidateLocalModel(false)
                .withCloseClientOnStop(false)
                // A thread costs nothing; who works is a matter of turns.
                .withExecutorService(Executors.newVirtualThreadPerTaskExecutor())
                // What we may not see stops nothing else; the library's own way is to end the JVM.
                .withStopOnInformerErrorDuringStartup(false)
                .withCacheSyncTimeout(SIGHT)
                .withInformerStoppedHandler(this::stopped)
                .withReconciliationTerminationTimeout(GRACE);
    }

    private <R extends HasMetadata> void configure(
            ControllerConfigurationOverrider<R> controller, Class<R> kind) {
        if (settings.watched().size() <= 1) { // see Watches.owned
            controller.withItemStore(
                    new TrimmedStore<>(kind, client.getKubernetesSerialization(), _ -> {}));
        }
        if (!settings.watched().isEmpty()) {
            controller.settingNamespaces(settings.watched());
        }
        controller
                .withOnUpdateFilter(
                        (now, before) -> concerns(now.getMetadata(), before.getMetadata()))
                .withRetry(
                        new GenericRetry()
                                .withoutMaxAttempts()
                                .setInitialInterval(RETRY_FIRST.toMillis())
                                .setIntervalMultiplier(1.5)
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

    private synchronized void stopActing() {
        if (sdk != null) {
            sdk.stop();
        }
    }

    public ScalingLoop scaling() {
        return scaling;
    }

    @Override
    public void close() {
        closed = true;
        turns.close();
        scaling.close();
        caches.close();
        stopActing();
        if (followed != null) {
            followed.close();
        }
        exposures.close();
        events.close();
    }
}
