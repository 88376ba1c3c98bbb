package dev.marea.check.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.check.faults.Middlebox.Ending;
import dev.marea.local.objects.Resource;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** K07 and K08: what the operator is let do changes under its hands. */
class PermissionsTest {
    private Troubled troubled;

    @BeforeEach
    void start() throws Exception {
        troubled = new Troubled();
        troubled.apply("iris", "m1");
        troubled.await("ready", () -> troubled.settled("iris"));
    }

    @AfterEach
    void stop() {
        troubled.close();
    }

    private static Move forbidden(Call call) {
        return Move.refuse(
                403,
                "Forbidden",
                "%s is forbidden: User \"marea-operator\" cannot %s"
                        .formatted(call.plural(), call.method()));
    }

    private boolean told(String reason) {
        return troubled.platform.names(Resource.EVENT).stream()
                .map(name -> troubled.platform.object(Resource.EVENT, name))
                .anyMatch(e -> e.text("reason").filter(reason::equals).isPresent());
    }

    @Test
    void aWriteThatIsForbiddenIsNamedAndDoneOnceItIsAllowed() throws Exception {
        troubled.wire.script(call ->
                call.isWrite() && call.plural().equals("deployments")
                        ? forbidden(call)
                        : Move.PASS);
        troubled.apply("iris", "m2");
        troubled.await(
                "the condition says it",
                () -> troubled.condition("iris", "Ready").equals("False/PermissionDenied"));
        assertThat(troubled.service("iris").toString()).contains("deployments is forbidden");
        assertThat(troubled.traffic("iris")).isEqualTo("{1=100}");
        troubled.await("an event says it", () -> told("PermissionDenied"));
        troubled.wire.script(Middlebox.Script.NOTHING);
        troubled.await("done", () -> troubled.traffic("iris").equals("{2=100}"));
        troubled.await("ready", () -> troubled.settled("iris"));
    }

    @Test
    void aKindThatMayNotBeSeenStopsNoOther() throws Exception {
        troubled.platform.stopOperator();
        troubled.wire.script(
                call -> call.plural().equals("trainedmodels") ? forbidden(call) : Move.PASS);
        troubled.platform.resumeOperator();
        troubled.apply("iris", "m2");
        troubled.await("rolled out", () -> troubled.traffic("iris").equals("{2=100}"));
        troubled.await("ready", () -> troubled.settled("iris"));
    }

    @Test
    void withoutSightOfItsDeploymentsAServiceSaysSoAndNothingIsTouched() throws Exception {
        troubled.platform.stopOperator();
        troubled.wire.script(call ->
                call.plural().equals("deployments") && !call.isWrite()
                        ? forbidden(call)
                        : Move.PASS);
        troubled.wire.forget();
        troubled.platform.resumeOperator();
        troubled.await(
                "the condition says it",
                () -> troubled.condition("iris", "Ready").equals("False/PermissionDenied"));
        assertThat(troubled.wire.written()).noneMatch(c -> c.plural().equals("deployments"));
        troubled.wire.script(Middlebox.Script.NOTHING);
        troubled.await("ready again", () -> troubled.settled("iris"));
        assertThat(troubled.traffic("iris")).isEqualTo("{1=100}");
    }

    @Test
    void aTokenThatIsReplacedIsReadAgain() throws Exception {
        var old = ConcurrentHashMap.<String>newKeySet();
        troubled.wire.calls().forEach(call -> old.add(call.authorization()));
        troubled.wire.acceptAnyToken();
        troubled.wire.replaceToken("rotated");
        troubled.wire.script(call ->
                old.contains(call.authorization())
                        ? Move.refuse(401, "Unauthorized", "Unauthorized")
                        : Move.PASS);
        troubled.wire.endWatches(Ending.ABRUPTLY);
        troubled.apply("iris", "m2");
        troubled.await("rolled out", () -> troubled.traffic("iris").equals("{2=100}"));
        assertThat(troubled.wire.calls()).anyMatch(c -> c.authorization().equals("Bearer rotated"));
    }
}
