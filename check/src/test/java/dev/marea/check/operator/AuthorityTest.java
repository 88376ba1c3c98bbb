package dev.marea.check.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.check.contract.ApiUnderTest;
import dev.marea.kubernetes.api.Api;
import dev.marea.kubernetes.api.Fence;
import dev.marea.kubernetes.api.Kind;
import dev.marea.kubernetes.certs.Authority;
import dev.marea.kubernetes.certs.Papers;
import dev.marea.wire.json.Json;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The certificates of an installation, as several replicas keep them in one API. */
@Timeout(60)
class AuthorityTest {
    private static final String SECRET = "marea-tls";
    private static final String GATEWAYS = "marea-gateway-tls";

    private ApiUnderTest server;
    private Api api;

    @BeforeEach
    void open() {
        server = ApiUnderTest.open();
        api = new Api(server.client(), Fence.OPEN);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Authority keep() throws IOException {
        return Authority.keep(
                api, Authority.Settings.in(server.namespace()), InstantSource.system());
    }

    private Json.Obj secret(String name) throws IOException {
        return api.get(Kind.SECRET, server.namespace(), name).orElseThrow();
    }

    @Test
    void replicasThatStartAtOnceAgree() throws Exception {
        Callable<Authority> one = this::keep;
        var kept = new ArrayList<Authority>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var future : threads.invokeAll(List.of(one, one, one, one))) {
                kept.add(future.get());
            }
            assertThat(kept).extracting(Authority::current).containsOnly(kept.getFirst().current());
        } finally {
            kept.forEach(Authority::close);
        }
    }

    @Test
    void aRestartFindsTheSameAndWritesNothing() throws IOException {
        Papers before;
        try (var first = keep()) {
            before = first.current();
        }
        var written = secret(SECRET);
        try (var second = keep()) {
            assertThat(second.current()).isEqualTo(before);
        }
        assertThat(secret(SECRET)).isEqualTo(written);
    }

    @Test
    void aGatewayFindsItsCertificateAndWhomToTrust() throws IOException {
        try (var _ = keep()) {
            assertThat(secret(GATEWAYS).object("data").fields())
                    .containsOnlyKeys("ca.crt", "tls.crt", "tls.key");
            assertThat(secret(GATEWAYS).text("data", "ca.crt"))
                    .isEqualTo(secret(SECRET).text("data", "ca.crt"));
            assertThat(secret(GATEWAYS).text("data", "tls.key"))
                    .isNotEqualTo(secret(SECRET).text("data", "tls.key"));
        }
    }

    @Test
    void aSecretThatWasDeletedIsMadeAnewAndEverybodyHearsOfIt() throws IOException {
        try (var first = keep();
                var second = keep()) {
            var told = new CopyOnWriteArrayList<Papers>();
            second.follow(told::add);
            var before = first.current();

            api.delete(Kind.SECRET, server.namespace(), SECRET);

            await(() -> !first.current().equals(before));
            await(() -> first.current().equals(second.current()));
            assertThat(told).containsExactly(before, second.current());
        }
    }

    @Test
    void certManagersSecretIsReadAndNeverWritten() throws IOException {
        try (var _ = keep()) {
            api.merge(
                    Kind.SECRET,
                    server.namespace(),
                    SECRET,
                    Json.Obj.of(
                            "metadata",
                            Json.Obj.of(
                                    "annotations",
                                    Json.Obj.of("cert-manager.io/certificate-name", "marea"))));
        }
        api.delete(Kind.SECRET, server.namespace(), GATEWAYS);
        var theirs = secret(SECRET);
        try (var later = keep()) {
            assertThat(later.current().serving().chain()).contains("BEGIN CERTIFICATE");
        }
        assertThat(secret(SECRET)).isEqualTo(theirs);
        assertThat(api.get(Kind.SECRET, server.namespace(), GATEWAYS)).isEmpty();
    }

    private static void await(BooleanSupplier holds) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
        }
    }
}
