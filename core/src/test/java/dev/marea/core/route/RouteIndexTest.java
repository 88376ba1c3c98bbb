package dev.marea.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.route.RouteIndex.Match;
import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.spec.Percent;
import dev.marea.core.spec.ServiceId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteIndexTest {
    private static final Route IRIS = route("default", "iris");
    private static final Route WINE = route("team-a", "wine");
    private final RouteIndex index = RouteIndex.of(new RouteTable(1, List.of(IRIS, WINE)));

    @ParameterizedTest
    @CsvSource({
        "iris-default.localhost, /v1/models/iris:predict, /v1/models/iris:predict",
        "iris-default.localhost:8080, /, /",
        "IRIS-Default.LocalHost:1, /v2, /v2",
        "iris-default.localhost., /v2?a=b, /v2?a=b",
        "iris.default.localhost:8080, /v2, /v2",
        "whatever, /serving/default/iris/v1/models/iris:predict, /v1/models/iris:predict",
        "wine-team-a.localhost, /serving/default/iris/v2?x=/y, /v2?x=/y",
        "'', /serving/default/iris, /",
        "'', /serving/default/iris/, /",
        "'', /serving/default/iris?x=1, /?x=1",
        "[::1]:8080, /serving/default/iris/a%2Fb, /a%2Fb"
    })
    void leadsToTheServiceAndStripsItsPrefix(String host, String target, String asked) {
        assertThat(index.find(host, target)).isEqualTo(new Match.Found(IRIS, asked));
    }

    @ParameterizedTest
    @CsvSource({
        "/serving/default/nobody/v1, default, nobody",
        "/serving/Default/iris/v1, Default, iris",
        "/serving/default/iris%20/v1, default, iris%20",
        "/serving/default, default, ''",
        "/serving/, '', ''",
        "/serving/default?x=/iris, default, ''"
    })
    void namesThePathThatLeadsNowhere(String target, String namespace, String name) {
        assertThat(index.find("iris-default.localhost", target))
                .isEqualTo(new Match.NoSuchPath(namespace, name));
    }

    @Test
    void aTagBeforeTheHostLeadsToItsRevision() {
        var tagged =
                new Route(
                        IRIS.service(),
                        IRIS.hosts(),
                        List.of(
                                new RouteTable.Revision(
                                        "r2", new Percent(10), List.of(), List.of("v2", "latest")),
                                new RouteTable.Revision(
                                        "r1", new Percent(90), List.of(), List.of("prev"))),
                        0,
                        Duration.ofSeconds(1),
                        false);
        var itsOwn = route("default", "prev-iris");
        var tags = RouteIndex.of(new RouteTable(1, List.of(tagged, itsOwn)));
        assertThat(tags.find("v2-iris-default.localhost:8080", "/v2"))
                .isEqualTo(new Match.Found(tagged, "/v2", Optional.of("v2")));
        assertThat(tags.find("latest-iris.default.localhost", "/v2"))
                .isEqualTo(new Match.Found(tagged, "/v2", Optional.of("latest")));
        assertThat(tags.find("prev-iris-default.localhost", "/"))
                .as("a service's own host wins over another one's tag")
                .isEqualTo(new Match.Found(itsOwn, "/"));
        assertThat(tags.find("v9-iris-default.localhost", "/"))
                .isEqualTo(new Match.NoSuchHost("v9-iris-default.localhost"));
    }

    @Test
    void namesTheHostThatLeadsNowhere() {
        assertThat(index.find("Nobody.localhost:80", "/v1"))
                .isEqualTo(new Match.NoSuchHost("nobody.localhost"));
        assertThat(index.find("[::1]:80", "/")).isEqualTo(new Match.NoSuchHost("[::1]"));
        assertThat(index.find("[::1]", "/")).isEqualTo(new Match.NoSuchHost("[::1]"));
        assertThat(RouteIndex.EMPTY.find("", "/")).isEqualTo(new Match.NoSuchHost(""));
    }

    @Test
    void aHostThatTwoServicesClaimStaysWithTheFirst() {
        var thief =
                new Route(
                        new ServiceId("evil", "x"),
                        List.of("iris-default.localhost"),
                        List.of(),
                        0,
                        Duration.ofSeconds(1),
                        false);
        var contested = RouteIndex.of(new RouteTable(1, List.of(IRIS, thief)));
        assertThat(contested.find("iris-default.localhost", "/"))
                .isEqualTo(new Match.Found(IRIS, "/"));
    }

    private static Route route(String namespace, String name) {
        return new Route(
                new ServiceId(namespace, name),
                List.of(
                        name + "-" + namespace + ".localhost",
                        name + "." + namespace + ".localhost"),
                List.of(),
                0,
                Duration.ofSeconds(60),
                false);
    }
}
