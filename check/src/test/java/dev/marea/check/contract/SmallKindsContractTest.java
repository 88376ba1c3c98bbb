package dev.marea.check.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** ConfigMaps, Secrets, Events, Leases and access reviews, each with its own rules. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SmallKindsContractTest {
    private ApiUnderTest api;

    @BeforeAll
    void open() {
        api = ApiUnderTest.open();
    }

    @AfterAll
    void close() {
        api.close();
    }

    private static KubernetesClientException refused(Runnable call) {
        return catchThrowableOfType(KubernetesClientException.class, call::run);
    }

    @Test
    void keysOfAConfigMapAreFileNames() {
        var refused = refused(() -> api.make("keys", Map.of(), Map.of("not a key", "v")));

        assertThat(refused.getCode()).isEqualTo(422);
        assertThat(refused.getStatus().getMessage()).contains("data[not a key]");
    }

    @Test
    void anImmutableConfigMapStays() {
        var made =
                api.client()
                        .resource(
                                new ConfigMapBuilder(api.map("frozen", Map.of(), Map.of("k", "v")))
                                        .withImmutable(true)
                                        .build())
                        .create();

        var refused =
                refused(() ->
                        api.client()
                                .resource(new ConfigMapBuilder(made).addToData("k", "w").build())
                                .update());
        var thawed =
                refused(() ->
                        api.client()
                                .resource(new ConfigMapBuilder(made).withImmutable(false).build())
                                .update());

        assertThat(refused.getCode()).isEqualTo(422);
        assertThat(refused.getStatus().getMessage())
                .contains("field is immutable when `immutable` is set");
        assertThat(thawed.getCode()).isEqualTo(422);
    }

    @Test
    void aConfigMapHoldsAtMostAMebibyte() {
        var refused =
                refused(() -> api.make("big", Map.of(), Map.of("k", "x".repeat((1 << 20) + 1))));

        assertThat(refused.getCode()).isEqualTo(422);
        assertThat(refused.getStatus().getMessage()).contains("Too long");
    }

    private Secret secret(String name, String type, Map<String, String> text) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(api.namespace())
                .endMetadata()
                .withType(type)
                .withStringData(text)
                .build();
    }

    @Test
    void textOfASecretBecomesData() {
        var made = api.client().resource(secret("text", "", Map.of("password", "s3"))).create();

        assertThat(made.getType()).isEqualTo("Opaque");
        assertThat(made.getData()).containsEntry("password", "czM=");
        assertThat(made.getStringData() == null || made.getStringData().isEmpty()).isTrue();
    }

    @Test
    void theTypeOfASecretDemandsItsKeysAndStays() {
        var lacking =
                refused(() ->
                        api.client()
                                .resource(
                                        secret("tls", "kubernetes.io/tls", Map.of("tls.crt", "x")))
                                .create());
        var made = api.client().resource(secret("typed", "Opaque", Map.of("k", "v"))).create();
        var retyped =
                refused(() ->
                        api.client()
                                .resource(
                                        new SecretBuilder(made)
                                                .withType("test.example/other")
                                                .build())
                                .update());

        assertThat(lacking.getCode()).isEqualTo(422);
        assertThat(lacking.getStatus().getMessage()).contains("data[tls.key]");
        assertThat(retyped.getCode()).isEqualTo(422);
        assertThat(retyped.getStatus().getMessage()).contains("type", "field is immutable");
    }

    @Test
    void dataThatIsNotBase64IsABadRequest() {
        var answer =
                api.ask(
                        "POST",
                        "/api/v1/namespaces/" + api.namespace() + "/secrets",
                        "application/json",
                        "",
                        "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"b\"},"
                                + "\"data\":{\"k\":\"?\"}}");

        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void eventsAreFoundByWhatTheyAreAbout() {
        var made = api.make("eventful", Map.of(), Map.of());
        api.client()
                .resource(
                        new EventBuilder()
                                .withNewMetadata()
                                .withGenerateName("eventful.")
                                .withNamespace(api.namespace())
                                .endMetadata()
                                .withNewInvolvedObject()
                                .withApiVersion("v1")
                                .withKind("ConfigMap")
                                .withName("eventful")
                                .withNamespace(api.namespace())
                                .withUid(made.getMetadata().getUid())
                                .endInvolvedObject()
                                .withReason("Tested")
                                .withMessage("for a test")
                                .withType("Normal")
                                .withFirstTimestamp(Instant.now().toString().substring(0, 19) + "Z")
                                .withLastTimestamp(Instant.now().toString().substring(0, 19) + "Z")
                                .withCount(1)
                                .build())
                .create();

        var events = api.client().v1().events().inNamespace(api.namespace());

        assertThat(events.withField("involvedObject.name", "eventful").list().getItems())
                .singleElement()
                .satisfies(event -> assertThat(event.getReason()).isEqualTo("Tested"));
        assertThat(
                        events.withFields(
                                        Map.of(
                                                "involvedObject.kind",
                                                "ConfigMap",
                                                "reason",
                                                "Tested",
                                                "type",
                                                "Normal"))
                                .list()
                                .getItems())
                .hasSize(1);
        assertThat(events.withField("reason", "Other").list().getItems()).isEmpty();
    }

    @Test
    void oneOfTwoLeadsAndTheOtherFollowsWhenItSteps() throws Exception {
        var heard = new CopyOnWriteArrayList<String>();
        try (var threads = Executors.newCachedThreadPool()) {
            var one = elector("one", heard, threads);
            var leadership = one.start();
            ApiUnderTest.await("one leads", () -> heard.contains("one leads"));
            var two = elector("two", heard, threads);
            var following = two.start();
            ApiUnderTest.await("two has heard of one", () -> heard.contains("two hears of one"));
            assertThat(heard).doesNotContain("two leads");

            leadership.cancel(true);
            ApiUnderTest.await("two leads", () -> heard.contains("two leads"));

            var lease = api.client().leases().inNamespace(api.namespace()).withName("leader").get();
            assertThat(lease.getSpec().getHolderIdentity()).isEqualTo("two");
            assertThat(heard).containsOnlyOnce("one stops");
            following.cancel(true);
            ApiUnderTest.await("two stops", () -> heard.contains("two stops"));
        }
    }

    private LeaderElector elector(
            String who, List<String> heard, java.util.concurrent.Executor threads) {
        return new LeaderElector(
                api.client(),
                new LeaderElectionConfigBuilder()
                        .withName("contract")
                        .withReleaseOnCancel()
                        .withLeaseDuration(Duration.ofSeconds(15))
                        .withRenewDeadline(Duration.ofSeconds(10))
                        .withRetryPeriod(Duration.ofMillis(100))
                        .withLock(new LeaseLock(api.namespace(), "leader", who))
                        .withLeaderCallbacks(
                                new LeaderCallbacks(
                                        () -> heard.add(who + " leads"),
                                        () -> heard.add(who + " stops"),
                                        leader -> heard.add(who + " hears of " + leader)))
                        .build(),
                threads);
    }

    @Test
    void whoMayDoWhatIsAnswered() {
        var review =
                api.client()
                        .authorization()
                        .v1()
                        .selfSubjectAccessReview()
                        .create(
                                new SelfSubjectAccessReviewBuilder()
                                        .withNewSpec()
                                        .withNewResourceAttributes()
                                        .withNamespace(api.namespace())
                                        .withVerb("create")
                                        .withResource("configmaps")
                                        .endResourceAttributes()
                                        .endSpec()
                                        .build());

        assertThat(review.getStatus().getAllowed()).isTrue();
        assertThat(review.getSpec().getResourceAttributes().getVerb()).isEqualTo("create");
    }
}
