package dev.marea.check.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.local.objects.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** T09, T10, T11 and F37: too much at once, and a change of mind in the middle. */
class StormTest {
    private static final Pattern MODEL = Pattern.compile("/models/([a-z]\\d+)");
    private static final int CROWD = Integer.getInteger("marea.crowd", 60);

    private Troubled troubled;

    @BeforeEach
    void start() throws Exception {
        troubled = new Troubled();
    }

    @AfterEach
    void stop() {
        troubled.close();
    }

    @Test
    void ofAHundredEditsOnlyTheLastOneMatters() throws Exception {
        troubled.apply("iris", "m1");
        troubled.await("ready", () -> troubled.settled("iris"));
        for (int edit = 0; edit < 100; edit++) {
            troubled.patch(
                    "iris",
                    "spec: {predictor: {model: {storageUri: 'file:///models/e%d'}}}"
                            .formatted(edit));
        }
        troubled.await(
                "the last one is rolled out",
                () -> troubled.settled("iris") && deployed().contains("e99"));
        troubled.await("nothing else runs", () -> running().equals(List.of("e99")));
        assertThat(troubled.platform.names(Resource.CONTROLLER_REVISION).size())
                .as("revisions kept")
                .isLessThanOrEqualTo(11);
        assertThat(troubled.platform.names(Resource.DEPLOYMENT).size())
                .as("deployments kept")
                .isLessThanOrEqualTo(11);
    }

    private List<String> deployed() {
        return troubled.platform.names(Resource.DEPLOYMENT).stream().map(this::model).toList();
    }

    private List<String> running() {
        return troubled.platform.names(Resource.DEPLOYMENT).stream()
                .filter(name -> troubled.asked(name) > 0)
                .map(this::model)
                .toList();
    }

    private String model(String deployment) {
        var tree = troubled.platform.object(Resource.DEPLOYMENT, deployment).toString();
        var model = MODEL.matcher(tree);
        return model.find() ? model.group(1) : "";
    }

    @Test
    void aServiceDeletedInTheMiddleLeavesNothingAndItsNameIsFree() throws Exception {
        troubled.apply("iris", "m1");
        troubled.await("ready", () -> troubled.settled("iris"));
        troubled.apply("iris", "slow");
        troubled.await("it rolls out", () -> troubled.owned("iris").size() > 4);
        troubled.delete("iris");
        troubled.apply("iris", "m3");
        troubled.await("the new one is ready", () -> troubled.settled("iris"));
        troubled.await("nothing of the old one is left", () -> troubled.owned("iris").size() == 4);
        assertThat(troubled.traffic("iris")).isEqualTo("{1=100}");
        troubled.delete("iris");
        troubled.await("nothing is left", () -> troubled.owned("iris").isEmpty());
        troubled.await("no route is left", () -> troubled.platform.routes().isEmpty());
    }

    @Test
    void aCrowdThatComesAtOnceIsServed() throws Exception {
        var names = IntStream.range(0, CROWD).mapToObj(i -> "crowd-" + i).toList();
        var tasks = new ArrayList<Callable<Boolean>>();
        for (var name : names) {
            tasks.add(() -> {
                troubled.apply(name, "m1");
                return true;
            });
        }
        long since = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(16)) {
            for (var task : threads.invokeAll(tasks)) {
                assertThat(task.get()).isTrue();
            }
        }
        for (var name : names) {
            troubled.await(name + " is ready", () -> troubled.settled(name));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(60));
        assertThat(troubled.platform.names(Resource.DEPLOYMENT)).hasSize(CROWD);
    }
}
