package dev.marea.check.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Watches and the informers that live on them: nothing is missed, nothing comes twice. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WatchesContractTest {
    private ApiUnderTest api;

    @BeforeAll
    void open() {
        api = ApiUnderTest.open();
    }

    @AfterAll
    void close() {
        api.close();
    }

    private String version() {
        return api.client()
                .configMaps()
                .inNamespace(api.namespace())
                .list()
                .getMetadata()
                .getResourceVersion();
    }

    private void edit(String name, Map<String, String> labels, String value) {
        api.client()
                .configMaps()
                .inNamespace(api.namespace())
                .withName(name)
                .edit(map ->
                        new ConfigMapBuilder(map)
                                .editMetadata()
                                .withLabels(labels)
                                .endMetadata()
                                .addToData("k", value)
                                .build());
    }

    private void delete(String name) {
        api.client().configMaps().inNamespace(api.namespace()).withName(name).delete();
    }

    private static ListOptions from(String version) {
        return new ListOptionsBuilder().withResourceVersion(version).build();
    }

    @Test
    void aWatchTellsWhatIsThereAndThenEveryChange() throws Exception {
        var labels = Map.of("test", "live");
        api.make("before", labels, Map.of());
        var seen = new Seen<ConfigMap>();
        try (var _ =
                api.client()
                        .configMaps()
                        .inNamespace(api.namespace())
                        .withLabels(labels)
                        .watch(seen)) {
            assertThat(seen.next()).hasToString("ADDED before");

            api.make("live", labels, Map.of());
            assertThat(seen.next()).hasToString("ADDED live");
            edit("live", labels, "1");
            assertThat(seen.next()).hasToString("MODIFIED live");
            delete("live");
            assertThat(seen.next()).hasToString("DELETED live");
        }
    }

    @Test
    void aWatchResumesWhereAnotherEnded() throws Exception {
        var labels = Map.of("test", "resume");
        api.make("resume-0", labels, Map.of());
        var from = version();
        api.make("resume-1", labels, Map.of());
        edit("resume-0", labels, "1");
        delete("resume-1");
        var seen = new Seen<ConfigMap>();

        try (var _ =
                api.client()
                        .configMaps()
                        .inNamespace(api.namespace())
                        .withLabels(labels)
                        .watch(from(from), seen)) {
            assertThat(seen.next()).hasToString("ADDED resume-1");
            assertThat(seen.next()).hasToString("MODIFIED resume-0");
            assertThat(seen.next()).hasToString("DELETED resume-1");
        }
    }

    @Test
    void toASelectorAChangeMayBeAnArrivalOrADeparture() throws Exception {
        var in = Map.of("test", "moves");
        var out = Map.of("test", "elsewhere");
        var from = version();
        api.make("moves", in, Map.of());
        edit("moves", in, "1");
        edit("moves", out, "2");
        edit("moves", out, "3");
        edit("moves", in, "4");
        delete("moves");

        var seen = new Seen<ConfigMap>();

        try (var _ =
                api.client()
                        .configMaps()
                        .inNamespace(api.namespace())
                        .withLabels(in)
                        .watch(from(from), seen)) {
            var events = seen.next(5);

            assertThat(events)
                    .extracting(Seen.Event::toString)
                    .containsExactly(
                            "ADDED moves",
                            "MODIFIED moves",
                            "DELETED moves",
                            "ADDED moves",
                            "DELETED moves");
            assertThat(events).extracting(Seen.Event::version).doesNotHaveDuplicates();
            assertThat(events.get(2).object().getMetadata().getLabels())
                    .as("a departure shows the last state that the selector chose")
                    .isEqualTo(in);
        }
    }

    @Test
    void oneObjectIsWatchedByItsName() throws Exception {
        var from = version();
        api.make("named", Map.of(), Map.of());
        api.make("not-named", Map.of(), Map.of());
        edit("named", Map.of(), "1");
        var seen = new Seen<ConfigMap>();

        try (var _ =
                api.client()
                        .configMaps()
                        .inNamespace(api.namespace())
                        .withName("named")
                        .watch(from(from), seen)) {
            assertThat(seen.next()).hasToString("ADDED named");
            assertThat(seen.next()).hasToString("MODIFIED named");
        }
    }

    /** A server sends them in its own time: a real one often none within the length of a test. */
    @Test
    void bookmarksTellHowFarAWatchIs() throws Exception {
        assumeTrue(api.isOurs());
        var from = version();
        api.make("moves-on", Map.of(), Map.of());
        var told =
                api.get(
                        api.mapsPath()
                                + "?watch=true&allowWatchBookmarks=true&timeoutSeconds=5"
                                + "&labelSelector=no%3Done&resourceVersion="
                                + from);

        assertThat(told.status()).isEqualTo(200);
        assertThat(told.text().lines())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).contains("\"BOOKMARK\""))
                .noneSatisfy(line -> assertThat(line).contains("\"" + from + "\""));
    }

    @Test
    void aVersionThatIsForgottenIsGone() throws Exception {
        var forgotten = api.forgottenVersion();

        var answer =
                api.get(
                        api.mapsPath()
                                + "?watch=true&timeoutSeconds=2&resourceVersion="
                                + forgotten);

        assumeTrue(
                !api.mayRememberAll() || answer.text().contains("410"),
                "this API is so young that it forgot nothing yet");
        // told either as the answer or, when the stream has begun, as its last line
        var told = answer.json();
        var status = answer.status() == 200 ? told.object("object") : told;
        assertThat(answer.status()).isIn(200, 410);
        assertThat(status.text("kind")).contains("Status");
        assertThat(status.integer("code")).hasValue(410);
        assertThat(status.text("reason").orElse("")).isIn("Expired", "Gone");

        var seen = new Seen<ConfigMap>();
        try (var _ =
                api.client()
                        .configMaps()
                        .inNamespace(api.namespace())
                        .watch(from(forgotten), seen)) {
            assertThat(seen.closed.get(20, TimeUnit.SECONDS).isHttpGone()).isTrue();
        }
    }

    @Test
    void anInformerSeesEverythingAlsoThroughACutCable() throws Exception {
        var labels = Map.of("test", "informed");
        api.make("informed-0", labels, Map.of());
        try (var cable = new Cable();
                var client = api.clientThrough(cable)) {
            var events = new CopyOnWriteArrayList<String>();
            try (var informer =
                    client.configMaps()
                            .inNamespace(api.namespace())
                            .withLabels(labels)
                            .inform(new Noted(events))) {
                ApiUnderTest.await("the first object", () -> events.contains("+informed-0"));

                api.make("informed-1", labels, Map.of());
                ApiUnderTest.await("a change", () -> events.contains("+informed-1"));
                assertThat(cable.cut()).isPositive();
                edit("informed-0", labels, "1");
                api.make("informed-2", labels, Map.of());
                delete("informed-1");
                ApiUnderTest.await(
                        "what happened while the cable was cut",
                        () ->
                                events.containsAll(
                                        List.of("~informed-0", "+informed-2", "-informed-1")));

                assertThat(events).doesNotHaveDuplicates();
                assertThat(informer.getStore().list())
                        .extracting(map -> map.getMetadata().getName())
                        .containsExactlyInAnyOrder("informed-0", "informed-2");
            }
        }
    }

    private record Noted(List<String> events) implements ResourceEventHandler<ConfigMap> {
        @Override
        public void onAdd(ConfigMap map) {
            events.add("+" + map.getMetadata().getName());
        }

        @Override
        public void onUpdate(ConfigMap before, ConfigMap after) {
            var versions =
                    before.getMetadata()
                            .getResourceVersion()
                            .equals(after.getMetadata().getResourceVersion());
            if (!versions) {
                events.add("~" + after.getMetadata().getName());
            }
        }

        @Override
        public void onDelete(ConfigMap map, boolean finalStateUnknown) {
            events.add("-" + map.getMetadata().getName());
        }
    }
}
