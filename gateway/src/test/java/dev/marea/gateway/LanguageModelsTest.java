package dev.marea.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.core.route.RouteTable.Revision;
import dev.marea.core.route.RouteTable.Route;
import dev.marea.core.spec.ServiceId;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LanguageModelsTest {
    private final Rig rig = new Rig();
    private final Replica chat = Replica.polite("chat-a");
    private final Replica other = Replica.polite("other");

    @AfterEach
    void close() {
        rig.close();
        chat.close();
        other.close();
    }

    private static Route model(String namespace, String name, Revision... revisions) {
        return new Route(
                new ServiceId(namespace, name),
                List.of(name + "-" + namespace + ".localhost"),
                List.of(revisions),
                0,
                Duration.ofSeconds(5),
                false,
                List.of(name));
    }

    private void serve() {
        rig.tell(
                model("default", "chat", Rig.revision("r1", 100, chat)),
                model("default", "twin", Rig.revision("r2", 100, other)),
                model("team", "twin", Rig.revision("r3", 100)),
                Rig.route(Rig.revision("r4", 100, other)));
    }

    @Test
    void onTheBareHostTheBodyNamesTheModelAndGoesOnAsItCame() {
        serve();
        var body =
                "{ \"messages\":[{\"role\":\"user\",\"content\":\"ä\"}],\"model\" : \"chat\",\"strange\":1.50 }";
        for (var path :
                List.of(
                        "/v1/chat/completions",
                        "/openai/v1/chat/completions?a=b",
                        "/v1/messages",
                        "/v1/embeddings")) {
            assertThat(rig.post(path, body).body()).as(path).isEqualTo("chat-a");
        }
        assertThat(chat.seen).allSatisfy(seen -> assertThat(seen.text()).isEqualTo(body));
        assertThat(chat.seen.get(1).line()).isEqualTo("POST /v1/chat/completions?a=b HTTP/1.1");
    }

    @Test
    void aLongBodyIsReadUntilItsModelAndNothingOfItIsLost() {
        serve();
        var body =
                "{\"messages\":\""
                        + "x".repeat(3_000_000)
                        + "\",\"model\":\"chat\",\"tail\":\""
                        + "y".repeat(1_000_000)
                        + "\"}";
        assertThat(rig.post("/v1/chat/completions", body).body()).isEqualTo("chat-a");
        assertThat(chat.seen.getFirst().text()).isEqualTo(body);
    }

    @Test
    void aModelOfANamespaceIsNamedAsItsEngineKnowsItAndTheRestStays() {
        serve();
        var answer =
                rig.post(
                        "/v1/completions", "{\"prompt\":\"é\",\"model\":\"default/twin\",\"n\":1}");
        assertThat(answer.body()).isEqualTo("other");
        assertThat(other.seen.getFirst().text())
                .isEqualTo("{\"prompt\":\"é\",\"model\":\"twin\",\"n\":1}");
    }

    @Test
    void aFormNamesItsModelBeforeItsFile() {
        serve();
        var form =
                "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nchat\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n"
                        + "\u0001".repeat(2_000_000)
                        + "\r\n--b--\r\n";
        var request =
                rig.request("/v1/audio/transcriptions")
                        .header("content-type", "multipart/form-data; boundary=b")
                        .POST(BodyPublishers.ofString(form));
        assertThat(Rig.join(rig.send(request)).body()).isEqualTo("chat-a");
        assertThat(chat.seen.getFirst().text()).isEqualTo(form);
    }

    @Test
    void unknownAndAmbiguousModelsAreRefusedInTheDialectOfThePath() {
        serve();
        var unknown = rig.post("/v1/chat/completions", "{\"model\":\"gpt-5\"}");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body())
                .isEqualTo(
                        "{\"error\":{\"message\":\"The model `gpt-5` does not exist.\",\"type\":\"NotFoundError\",\"param\":\"model\",\"code\":\"model_not_found\"}}");
        assertThat(rig.post("/v1/messages", "{\"model\":\"gpt-5\"}").body())
                .isEqualTo(
                        "{\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"The model `gpt-5` does not exist.\"}}");
        var several = rig.post("/v1/chat/completions", "{\"model\":\"twin\"}");
        assertThat(several.statusCode()).isEqualTo(400);
        assertThat(several.body()).contains("default/twin or team/twin");
        assertThat(rig.post("/v1/chat/completions", "{\"model\":\"iris\"}").statusCode())
                .isEqualTo(404);
        assertThat(rig.post("/v1/chat/completions", "{\"messages\":[]}").body())
                .contains("model is required");
        assertThat(rig.post("/v1/chat/completions", "").statusCode()).isEqualTo(400);
        assertThat(rig.post("/v1/chat/completions", "{\"model\":\"chat\"}").body())
                .isEqualTo("chat-a");
    }

    @Test
    void allModelsAreListedAlsoThoseThatAreAsleep() {
        serve();
        var list = rig.get("/v1/models");
        assertThat(list.statusCode()).isEqualTo(200);
        assertThat(list.body())
                .startsWith("{\"object\":\"list\",\"data\":[{\"id\":\"chat\",\"object\":\"model\"")
                .contains("\"id\":\"default/twin\"", "\"id\":\"team/twin\"")
                .doesNotContain("iris");
        assertThat(rig.get("/v1/models/team%2Ftwin").body()).startsWith("{\"id\":\"team/twin\"");
        assertThat(rig.get("/openai/v1/models/chat").statusCode()).isEqualTo(200);
        assertThat(rig.get("/v1/models/none").statusCode()).isEqualTo(404);
        assertThat(rig.get("/serving/team/twin/v1/models").body()).contains("\"id\":\"twin\"");
        assertThat(rig.get("/serving/default/chat/v1/models").body()).isEqualTo("chat-a");
    }

    @Test
    void aModelIsReachedByItsNamespaceAndNameAndByEitherPrefix() {
        serve();
        for (var path :
                List.of(
                        "/default/chat/v1/chat/completions",
                        "/default/chat/openai/v1/chat/completions",
                        "/serving/default/chat/openai/v1/chat/completions")) {
            assertThat(rig.post(path, "{}").body()).as(path).isEqualTo("chat-a");
        }
        assertThat(chat.seen)
                .allSatisfy(seen ->
                        assertThat(seen.line()).isEqualTo("POST /v1/chat/completions HTTP/1.1"));
        assertThat(rig.post("/default/iris/v1/chat/completions", "{}").statusCode()).isEqualTo(404);
    }

    @Test
    void aRequestThatWaitsIsServedWhenAReplicaComes() {
        serve();
        var waiting =
                rig.send(
                        rig.request("/v1/completions")
                                .POST(
                                        BodyPublishers.ofString(
                                                "{\"model\":\"team/twin\",\"prompt\":\"x\"}")));
        Rig.await("it waits", () -> rig.loads("r3").stream().anyMatch(load -> load.waiting() > 0));
        rig.tell(model("team", "twin", Rig.revision("r3", 100, chat)));
        assertThat(Rig.join(waiting).body()).isEqualTo("chat-a");
        assertThat(chat.seen.getFirst().text()).isEqualTo("{\"model\":\"twin\",\"prompt\":\"x\"}");
    }

    @Test
    void aWaitingRequestFollowsItsModelToAnotherRevision() {
        serve();
        var waiting =
                rig.send(
                        rig.request("/v1/completions")
                                .POST(BodyPublishers.ofString("{\"model\":\"team/twin\"}")));
        Rig.await("it waits", () -> rig.loads("r3").stream().anyMatch(load -> load.waiting() > 0));
        rig.tell(model("team", "twin", Rig.revision("r5", 100, chat)));
        assertThat(Rig.join(waiting).body()).isEqualTo("chat-a");
        assertThat(chat.seen.getFirst().text()).isEqualTo("{\"model\":\"twin\"}");
    }
}
