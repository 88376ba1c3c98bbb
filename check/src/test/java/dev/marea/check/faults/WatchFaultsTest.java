package dev.marea.check.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.marea.check.faults.Middlebox.Ending;
import dev.marea.local.objects.Resource;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** K01 and F12: watches that end in every way there is. */
class WatchFaultsTest {
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

    private void seesWhatComesNext(String model, String traffic) throws Exception {
        troubled.apply("iris", model);
        troubled.await("the change is seen", () -> troubled.traffic("iris").equals(traffic));
        troubled.await("all is well", () -> troubled.settled("iris"));
    }

    @ParameterizedTest
    @EnumSource
    void noChangeIsMissedHoweverAWatchEnds(Ending ending) throws Exception {
        var made = troubled.owned("iris");
        assertThat(troubled.wire.endWatches(ending)).isGreaterThan(5);
        seesWhatComesNext("m2", "{2=100}");
        assertThat(troubled.owned("iris")).containsAll(made).hasSize(made.size() + 3);
    }

    @Test
    void aWatchThatIsRefusedAsTooOldListsAnew() throws Exception {
        var refused = ConcurrentHashMap.<String>newKeySet();
        troubled.wire.script(call ->
                call.isWatch() && refused.add(call.plural())
                        ? Move.refuse(410, "Expired", "too old resource version")
                        : Move.PASS);
        troubled.wire.endWatches(Ending.ABRUPTLY);
        seesWhatComesNext("m2", "{2=100}");
        assertThat(refused).contains("inferenceservices", "deployments", "endpointslices");
    }

    /** Half a minute of endings, which a busy machine cannot follow: on demand. */
    @Test
    @EnabledIfSystemProperty(named = "marea.storm", matches = "true")
    void aStormOfThemIsWeathered() throws Exception {
        troubled.wire.forget();
        for (int storm = 0; storm < 10; storm++) {
            int left = 10 - storm;
            troubled.apply("iris", "m" + (2 + storm % 2));
            troubled.await(
                    "watches are there again, " + left + " times to go",
                    () -> troubled.wire.endWatches(Ending.GONE) > 5);
        }
        seesWhatComesNext("m2", "{2=100}");
        long lists = troubled.wire.calls().stream().filter(Call::isList).count();
        assertThat(lists).as("lists for 10 storms over about 15 watches").isLessThan(600);
        assertThat(troubled.owned("iris"))
                .allMatch(name -> name.matches(".*(predictor|0000[123])"));
    }

    @Test
    void lettersAreWholeHoweverTheStreamIsCut() throws Exception {
        var words = "模型服务".repeat(6_000);
        troubled.patch(
                "iris",
                "spec: {predictor: {model: {env: [{name: WORDS, value: '" + words + "'}]}}}");
        troubled.await("rolled out", () -> troubled.traffic("iris").equals("{2=100}"));
        assertThat(troubled.platform.object(Resource.DEPLOYMENT, "iris-predictor-00002").toString())
                .contains(words);
    }
}
