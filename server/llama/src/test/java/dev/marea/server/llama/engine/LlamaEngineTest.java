package dev.marea.server.llama.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.llama.SmallModels;
import dev.marea.server.llama.sample.Sampling;
import dev.marea.server.llama.talk.EngineSettings;
import dev.marea.server.llama.talk.ModelFacts;
import dev.marea.server.llama.talk.News;
import dev.marea.server.llama.talk.Prompt;
import dev.marea.server.llama.talk.Wanted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaEngineTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    @TempDir static Path directory;
    private static LlamaEngine engine;
    private static ModelFacts facts;

    @BeforeAll
    static void start() throws Exception {
        var settings =
                EngineSettings.of(SmallModels.smollm2().toString(), 1)
                        .withLength(1024, 4096)
                        .withLoad(4, 8);
        engine =
                LlamaEngine.start(
                        settings,
                        Launch.asThisProcess(directory, directory.resolve("natives"), List.of()));
        facts = engine.awaitReady();
    }

    @AfterAll
    static void stop() {
        if (engine != null) {
            engine.close();
        }
    }

    /** All that came of one order. */
    private record Said(String text, List<News.Of> news) {
        News.Of last() {
            return news.getLast();
        }

        int tokens() {
            return (int) news.stream().filter(News.Made.class::isInstance).count();
        }
    }

    private static Said say(Prompt prompt, Wanted wanted) throws Exception {
        try (var making = engine.generate(prompt, wanted)) {
            return heard(making);
        }
    }

    private static Said heard(Making making) throws Exception {
        var text = new StringBuilder();
        var all = new ArrayList<News.Of>();
        while (!making.isDone()) {
            var news = making.next(LONG).orElseThrow();
            all.add(news);
            if (news instanceof News.Made made && made.choice() == 0) {
                text.append(made.text());
            } else if (news instanceof News.Ended ended && ended.choice() == 0) {
                text.append(ended.text());
            }
        }
        return new Said(text.toString(), all);
    }

    private static Prompt chat(String question) {
        return new Prompt.Text(
                List.of(
                        new Prompt.Part("<|im_start|>user\n", true),
                        new Prompt.Part(question, false),
                        new Prompt.Part("<|im_end|>\n<|im_start|>assistant\n", true)),
                false);
    }

    private static Wanted greedy(int tokens) {
        return Wanted.of(Sampling.greedy(), tokens);
    }

    @Test
    void tellsWhatItsModelIs() {
        assertThat(facts.kind()).isEqualTo(ModelFacts.Kind.GENERATES);
        assertThat(facts.lengthMax()).isEqualTo(1024);
        assertThat(facts.chatTemplate()).contains("im_start");
        assertThat(facts.eos()).isEqualTo("<|im_end|>");
    }

    @Test
    void answersAQuestion() throws Exception {
        var said = say(chat("What is the capital of France?"), greedy(40));
        assertThat(said.text()).contains("Paris").doesNotContain("im_end");
        assertThat(said.last()).isInstanceOf(News.Ended.class);
    }

    @Test
    void endsAtTheLimitAndSaysSo() throws Exception {
        var said = say(chat("Tell me a long story."), greedy(7));
        assertThat(((News.Ended) said.last()).end()).isEqualTo(News.End.LENGTH);
        assertThat(((News.Ended) said.last()).tokens()).isEqualTo(7);
    }

    @Test
    void endsBeforeAStopString() throws Exception {
        var said =
                say(
                        chat("What is the capital of France?"),
                        greedy(40).withStops(List.of("is Paris")));
        assertThat(said.text()).doesNotContain("is Paris").contains("France");
        assertThat(((News.Ended) said.last()).stop()).isEqualTo("is Paris");
    }

    @Test
    void theSameSeedSaysTheSameAndAnotherSomethingElse() throws Exception {
        var how = new Sampling(1, 0, 1, 0, 0, 0, 1, 7, Map.of(), 0, false);
        var one = say(chat("Invent a name for a ship."), Wanted.of(how, 24));
        assertThat(say(chat("Invent a name for a ship."), Wanted.of(how, 24)).text())
                .isEqualTo(one.text());
        assertThat(say(chat("Invent a name for a ship."), Wanted.of(how.withSeed(8), 24)).text())
                .isNotEqualTo(one.text());
    }

    @Test
    void whatAPromptBeginsWithIsReadOnce() throws Exception {
        var story = "The lighthouse keeper counted ships. ".repeat(20);
        say(chat(story + "How many?"), greedy(2));
        var read = (News.Read) say(chat(story + "Which ones?"), greedy(2)).news().getFirst();
        assertThat(read.cached()).isGreaterThan(100).isLessThan(read.prompt());
    }

    @Test
    void severalChoicesShareOnePromptAndDiffer() throws Exception {
        var how = new Sampling(1.5, 0, 1, 0, 0, 0, 1, 3, Map.of(), 0, false);
        var said = say(chat("Invent a name for a ship."), Wanted.of(how, 12).withChoices(3));
        assertThat(said.news().stream().filter(News.Ended.class::isInstance)).hasSize(3);
        assertThat(said.news().stream().filter(News.Read.class::isInstance)).hasSize(1);
    }

    @Test
    void manyAtOnceAreAllAnswered() throws Exception {
        var makings = new ArrayList<Making>();
        for (int i = 0; i < 8; i++) {
            makings.add(engine.generate(chat("Count to " + (10 + i)), greedy(16)));
        }
        for (var making : makings) {
            assertThat(heard(making).last()).isInstanceOf(News.Ended.class);
        }
    }

    @Test
    void oneTooManyIsRefused() throws Exception {
        var makings = new ArrayList<Making>();
        for (int i = 0; i < 24; i++) {
            makings.add(engine.generate(chat("Count to " + (1000 + i)), greedy(200)));
        }
        var last = makings.removeLast();
        assertThat(heard(last).last())
                .isInstanceOfSatisfying(
                        News.Failed.class, f -> assertThat(f.why()).isEqualTo(News.Why.BUSY));
        makings.forEach(engine::forget);
        assertThat(say(chat("Are you there?"), greedy(2)).tokens()).isPositive();
    }

    @Test
    void aPromptBeyondTheContextIsRefusedWithItsLength() throws Exception {
        var said = say(chat("word ".repeat(1100)), greedy(10));
        assertThat(said.last())
                .isInstanceOfSatisfying(
                        News.Failed.class,
                        f -> {
                            assertThat(f.why()).isEqualTo(News.Why.TOO_LONG);
                            assertThat(f.message()).contains("1024 tokens");
                        });
    }

    @Test
    void tenMegabytesAreRefusedAndTheNextIsAnswered() throws Exception {
        assertThat(say(chat("a".repeat(10 << 20)), greedy(1)).last())
                .isInstanceOf(News.Failed.class);
        assertThat(say(chat("a".repeat(400_000)), greedy(1)).last())
                .isInstanceOf(News.Failed.class);
        assertThat(say(chat("Hello"), greedy(2)).tokens()).isPositive();
    }

    @Test
    void aGrammarIsKept() throws Exception {
        var said =
                say(
                        chat("Is Paris in France?"),
                        greedy(9).withGrammar("root ::= \"yes!\" | \"no!\""));
        assertThat(said.text()).isIn("yes!", "no!");
        assertThat(say(chat("Hello"), greedy(9).withGrammar("root ::= (")).last())
                .isInstanceOf(News.Failed.class);
    }

    @Test
    void oddsAreToldOfEachToken() throws Exception {
        var said = say(chat("Is Paris in France?"), greedy(3).withOdds(4));
        var odds = ((News.Made) said.news().get(1)).odds().orElseThrow().odds();
        assertThat(odds.top()).hasSize(4);
        assertThat(odds.top().getFirst().token()).isEqualTo(odds.token());
        assertThat(odds.logprob()).isNegative().isEqualTo(odds.top().getFirst().logprob());
    }

    @Test
    void textBecomesTokensAndTextAgain() throws Exception {
        var tokens = engine.tokenize(Prompt.Text.of("Grüße, 世界 🌊"));
        assertThat(engine.detokenize(tokens)).isEqualTo("Grüße, 世界 🌊");
        assertThatThrownBy(() -> engine.detokenize(new int[] {1 << 30}))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("vocabulary");
    }

    @Test
    void aProcessThatDiesFailsItsAnswersAndComesBack() throws Exception {
        var making = engine.generate(chat("Tell me a long story."), greedy(500));
        making.next(LONG);
        making.next(LONG);
        long pid = engine.pid().orElseThrow();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        assertThat(heard(making).last())
                .isInstanceOfSatisfying(
                        News.Failed.class, f -> assertThat(f.why()).isEqualTo(News.Why.ENGINE));
        assertThat(say(chat("What is the capital of France?"), greedy(20)).text())
                .contains("Paris");
        assertThat(engine.pid().orElseThrow()).isNotEqualTo(pid);
    }

    @Test
    void aFileThatIsNoModelIsNotLoaded() throws Exception {
        var file = Files.writeString(directory.resolve("no.gguf"), "no model");
        try (var bad =
                LlamaEngine.start(
                        EngineSettings.of(file.toString(), 1),
                        Launch.asThisProcess(directory, directory.resolve("natives"), List.of()))) {
            assertThatThrownBy(bad::awaitReady).isInstanceOf(LlamaEngine.NotLoaded.class);
        }
    }
}
