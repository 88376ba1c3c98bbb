package dev.marea.server.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.models.ModelState.State;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RepositoryTest {
    private static final Optional<String> NEWEST = Optional.empty();

    @SuppressWarnings("NullAway.Init")
    private Library library;

    @BeforeEach
    void open(@TempDir Path home) {
        library = new Library(home);
    }

    private static void assertRefused(Refused.Why why, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> {
                            assertThat(refused.message()).contains(message);
                            assertThat(refused.why()).isEqualTo(why);
                        });
    }

    @Test
    void anEmptyRepositoryIsReady() throws Exception {
        var models = library.started(true);

        assertThat(models.isReady()).isTrue();
        assertThat(models.names()).isEmpty();
        assertRefused(
                Refused.Why.NOT_FOUND,
                "Model with name x does not exist.",
                () -> models.lease("x", NEWEST));
    }

    @Test
    void aRepositoryThatIsNotThereEndsTheStart() {
        var nowhere = new Library(library.home.resolve("nowhere"));

        assertThatThrownBy(() -> nowhere.started(true))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining("the model repository cannot be listed");
    }

    @Test
    void bothLayoutsAreServedSideBySide() throws Exception {
        library.put("triton/1/model.fake", "1")
                .put("triton/3/model.fake", "3")
                .put("triton/20/model.fake", "20")
                .put("triton/notes/x.txt", "")
                .put("agent/model.fake", "7")
                .put("agent/SUCCESS.abc", "")
                .put(".half/model.fake", "8")
                .put("stray.fake", "9");
        var models = library.started(true);

        assertThat(models.names()).containsExactly("agent", "triton");
        assertThat(Library.ask(models, "triton")).isEqualTo("20");
        assertThat(Library.ask(models, "agent")).isEqualTo("7");
        assertThat(models.versions("agent")).containsExactly("1");
        assertRefused(
                Refused.Why.NOT_FOUND,
                "has no version 3",
                () -> models.lease("triton", Optional.of("3")));
    }

    @Test
    void aVersionPolicySaysWhichVersionsMayBeAsked() throws Exception {
        library.put("m/1/model.fake", "1")
                .put("m/3/model.fake", "3")
                .put("m/20/model.fake", "20")
                .put("m/config.pbtxt", "version_policy { latest { num_versions: 2 } }");
        var models = library.started(true);

        assertThat(models.versions("m")).containsExactly("3", "20");
        assertThat(Library.ask(models, "m")).isEqualTo("20");
        assertThat(Library.ask(models, "m", Optional.of("3"))).isEqualTo("3");
        assertRefused(
                Refused.Why.NOT_FOUND, "no version 1", () -> models.lease("m", Optional.of("1")));
    }

    @Test
    void aConfigurationThatCannotBeReadDisturbsNoOther() throws Exception {
        library.put("a/model.fake", "1").put("b/model.fake", "2").put("b/config.pbtxt", "x y");
        var models = library.started(true);

        assertThat(Library.ask(models, "a")).isEqualTo("1");
        assertRefused(
                Refused.Why.UNAVAILABLE,
                "config.pbtxt: line 1: expected ':'",
                () -> models.lease("b", NEWEST));
        assertThat(models.isReady("b", NEWEST)).isFalse();
        assertThat(models.index())
                .anySatisfy(state -> {
                    assertThat(state.name()).isEqualTo("b");
                    assertThat(state.state()).isEqualTo(State.UNAVAILABLE);
                    assertThat(state.reason()).contains("line 1");
                });
    }

    @Test
    void withoutWatchingAModelIsServedOnceItIsAskedToBeLoaded() throws Exception {
        library.put("m/model.fake", "5");
        var models = library.started(false);

        assertThat(models.isReady()).isTrue();
        assertThat(models.isReady("m", NEWEST)).isFalse();
        assertThat(models.index()).containsExactly(new ModelState("m", "1", State.UNKNOWN, ""));
        assertRefused(Refused.Why.NOT_FOUND, "m is not loaded", () -> models.lease("m", NEWEST));

        models.load("m");

        assertThat(models.isReady("m", NEWEST)).isTrue();
        assertThat(models.index()).containsExactly(new ModelState("m", "1", State.READY, ""));
        assertThat(Library.ask(models, "m")).isEqualTo("5");
        assertRefused(Refused.Why.NOT_FOUND, "x does not exist", () -> models.load("x"));
        assertRefused(Refused.Why.NOT_FOUND, "does not exist", () -> models.load("../m"));
    }

    @Test
    void anUnloadedModelAnswersTheRequestsThatItHas() throws Exception {
        library.put("m/model.fake", "5");
        var models = library.started(false, "m");
        var lease = models.leaseLoading("m", NEWEST);
        var unloading =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                models.unload("m");
                            } catch (Refused refused) {
                                throw new AssertionError(refused);
                            }
                        });
        while (!models.names().isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(library.shelf.closes).isEmpty();

        lease.close();
        unloading.join();

        assertThat(library.shelf.closes).containsExactly("5");
        assertThat(models.memory().usedBytes()).isZero();
        assertThat(models.index())
                .containsExactly(new ModelState("m", "1", State.UNAVAILABLE, "unloaded"));
        assertRefused(Refused.Why.NOT_FOUND, "not loaded", () -> models.check("m", NEWEST));
        models.load("m");
        assertThat(Library.ask(models, "m")).isEqualTo("5");
    }

    @Test
    void aModelNamedForTheStartMustLoad() {
        library.put("good/model.fake", "5").put("bad/model.fake", "bad");

        assertThatThrownBy(() -> library.started(true, "bad"))
                .hasMessageContaining("byte 3: opcode 'x' is unknown; save it again");
        assertThatThrownBy(() -> library.started(true, "good", "other"))
                .hasMessageContaining("has no model other");
    }

    @Test
    void allModelsAtTheStartAreAsManyAsFit() throws Exception {
        library.memory(10).put("a/model.fake", "4").put("b/model.fake", "bad");
        library.put("c/model.fake", "bug").put("d/model.fake", "5").put("e/model.fake", "5    ");
        var models = library.started(false, "*");

        assertThat(models.isReady()).isTrue();
        assertThat(models.memory()).isEqualTo(new Models.Memory(2, 9, 10));
        assertThat(library.shelf.loads).containsExactly("4", "bad", "bug", "5");
        assertThat(models.isReady("b", NEWEST)).isFalse();
        assertRefused(
                Refused.Why.UNAVAILABLE,
                "a bug in the loader",
                () -> models.leaseLoading("c", NEWEST));
        assertThat(Library.ask(models, "e")).isEqualTo("5    ");
    }

    @Test
    void theModelThatWasNotAskedTheLongestMakesRoom() throws Exception {
        library.memory(10);
        for (var name : List.of("a", "b", "c")) {
            library.put(name + "/model.fake", "5 " + name);
        }
        var models = library.started(true);
        Library.ask(models, "a");
        library.pass(Duration.ofSeconds(1));
        Library.ask(models, "b");
        library.pass(Duration.ofSeconds(1));
        Library.ask(models, "a");
        library.pass(Duration.ofSeconds(1));

        Library.ask(models, "c");

        assertThat(library.shelf.closes).containsExactly("5 b");
        assertThat(models.memory()).isEqualTo(new Models.Memory(2, 10, 10));
        assertThat(models.isReady("b", NEWEST)).isTrue();
        assertThat(models.index())
                .contains(
                        new ModelState(
                                "b", "1", State.READY, "not in memory: loaded when it is asked"));
        assertThat(models.metadata("b", NEWEST).platform()).isEqualTo("5 b");
        assertThat(Library.ask(models, "b")).isEqualTo("5 b");
    }

    @Test
    void aModelInUseIsNeverPutOut() throws Exception {
        library.memory(10).put("a/model.fake", "6").put("b/model.fake", "5");
        var models = library.started(true);
        var lease = models.leaseLoading("a", NEWEST);

        assertRefused(
                Refused.Why.UNAVAILABLE,
                "5 bytes of memory are needed, and models in use hold 6 bytes of 10 bytes",
                () -> models.leaseLoading("b", NEWEST));
        assertThat(library.shelf.closes).containsExactly("5"); // its size is known once it is there

        lease.close();
        library.pass(Duration.ofSeconds(2));
        assertThat(Library.ask(models, "b")).isEqualTo("5");
        assertThat(library.shelf.closes).containsExactly("5", "6");
    }

    @Test
    void aModelLargerThanTheMemoryIsRefusedWithBothNumbers() throws Exception {
        library.memory(10).put("a/model.fake", "5").put("known/model.fake", "30");
        library.put("file/model.fake", "5" + " ".repeat(20));
        var models = library.started(true);
        Library.ask(models, "a");

        assertRefused(
                Refused.Why.UNAVAILABLE,
                "needs 30 bytes of memory, the models of this server may have 10 bytes",
                () -> models.leaseLoading("known", NEWEST));
        assertRefused(
                Refused.Why.UNAVAILABLE,
                "needs 21 bytes of memory",
                () -> models.leaseLoading("file", NEWEST));
        assertThat(library.shelf.loads).containsExactly("5", "30"); // not even begun
        assertThat(Library.ask(models, "a")).isEqualTo("5");
    }

    @Test
    void allWhoAskAtOnceWaitForOneLoad() throws Exception {
        library.holdingLoads().put("m/model.fake", "5");
        var models = library.started(true);
        var told = new AtomicInteger();

        for (int i = 0; i < 10; i++) {
            assertThat(models.lease("m", NEWEST)).isEmpty();
            models.whenLoaded("m", NEWEST, told::incrementAndGet);
        }
        assertThat(models.index()).first().extracting(ModelState::state).isEqualTo(State.LOADING);
        library.runLoads();

        assertThat(told).hasValue(10);
        assertThat(library.shelf.loads).hasSize(1);
        assertThat(models.lease("m", NEWEST)).isPresent();
    }

    @Test
    void aFailedLoadIsTriedAgainLaterAndLater() throws Exception {
        library.put("m/model.fake", "bad");
        var models = library.started(true);
        for (int seconds = 1; seconds <= 8; seconds *= 2) {
            int before = library.shelf.loads.size();
            assertRefused(
                    Refused.Why.UNAVAILABLE,
                    "opcode 'x' is unknown",
                    () -> models.leaseLoading("m", NEWEST));
            assertThat(library.shelf.loads).hasSize(before + 1);

            library.pass(Duration.ofSeconds(seconds).minusNanos(1));
            assertRefused(
                    Refused.Why.UNAVAILABLE,
                    "byte 3",
                    () -> models.whenLoaded("m", NEWEST, () -> {}));
            assertThat(library.shelf.loads).hasSize(before + 1);
            library.pass(Duration.ofNanos(1));
        }

        library.put("m/model.fake", "5");
        assertThat(Library.ask(models, "m")).isEqualTo("5");
    }

    @Test
    void aNewVersionIsLoadedBeforeTheOldOneGoes() throws Exception {
        library.put("m/1/model.fake", "1");
        var models = library.started(true);
        var old = models.leaseLoading("m", NEWEST);
        library.put("m/2/model.fake", "2");

        models.look();
        assertThat(Library.ask(models, "m")).isEqualTo("1"); // seen once: it may still be copied
        models.look();

        assertThat(library.shelf.loads).containsExactly("1", "2");
        assertThat(Library.ask(models, "m")).isEqualTo("2");
        assertThat(library.shelf.closes).isEmpty();
        old.close();
        assertThat(library.shelf.closes).containsExactly("1");
        assertThat(models.versions("m")).containsExactly("2");
    }

    @Test
    void aCopyThatIsStillBeingMadeIsLeftAlone() throws Exception {
        library.put("m/model.fake", "1");
        var models = library.started(true);
        Library.ask(models, "m");

        for (int i = 1; i <= 5; i++) {
            library.put("m/model.fake", "9".repeat(i) + "0");
            models.look();
        }
        assertThat(library.shelf.loads).containsExactly("1");

        library.put("m/model.fake", "7 7");
        models.look();
        models.look();
        assertThat(Library.ask(models, "m")).isEqualTo("7 7");
    }

    @Test
    void aBadNewVersionLeavesTheOldOneServing() throws Exception {
        library.put("m/1/model.fake", "1");
        var models = library.started(true);
        Library.ask(models, "m");
        library.put("m/2/model.fake", "bad");
        for (int i = 0; i < 5; i++) {
            models.look();
        }

        assertThat(Library.ask(models, "m")).isEqualTo("1");
        assertThat(library.shelf.loads).containsExactly("1", "bad"); // tried once, not in each look
        assertThat(models.index())
                .singleElement()
                .satisfies(state -> {
                    assertThat(state.version()).isEqualTo("1");
                    assertThat(state.state()).isEqualTo(State.READY);
                    assertThat(state.reason()).contains("opcode 'x' is unknown");
                });
        assertRefused(Refused.Why.UNAVAILABLE, "opcode", () -> models.load("m"));

        library.put("m/2/model.fake", "22");
        models.load("m");
        assertThat(Library.ask(models, "m")).isEqualTo("22");
        assertThat(library.shelf.closes).containsExactly("1");
    }

    @Test
    void whatIsNewIsServedAndWhatIsGoneIsNot() throws Exception {
        library.put("a/model.fake", "1");
        var models = library.started(true);
        Library.ask(models, "a");
        library.put("b/model.fake", "2");
        models.look();
        models.look();
        assertThat(Library.ask(models, "b")).isEqualTo("2");

        Files.delete(library.home.resolve("a/model.fake"));
        Files.delete(library.home.resolve("a"));
        models.look();

        assertThat(models.names()).containsExactly("b");
        assertThat(library.shelf.closes).containsExactly("1");
        assertRefused(Refused.Why.NOT_FOUND, "a does not exist", () -> models.lease("a", NEWEST));
    }

    @Test
    void loadingAgainLoadsOnlyWhatHasChanged() throws Exception {
        library.put("m/model.fake", "1");
        var models = library.started(false, "m");
        models.load("m");
        assertThat(library.shelf.loads).containsExactly("1");

        library.put("m/model.fake", "2 2");
        models.load("m");

        assertThat(library.shelf.loads).containsExactly("1", "2 2");
        assertThat(library.shelf.closes).containsExactly("1");
    }

    @Test
    void aThousandModelsShareTheMemoryOfFifty() throws Exception {
        library.memory(50 * 20);
        for (int i = 0; i < 1_000; i++) {
            library.put("m%03d/model.fake".formatted(i), "20 " + i);
        }
        var models = library.started(true);
        for (int i = 0; i < 1_000; i++) {
            library.pass(Duration.ofMillis(1));
            assertThat(Library.ask(models, "m%03d".formatted(i))).isEqualTo("20 " + i);
        }

        assertThat(models.names()).hasSize(1_000);
        assertThat(models.memory()).isEqualTo(new Models.Memory(50, 1_000, 1_000));
        assertThat(library.shelf.closes).hasSize(950);
        assertThat(Library.ask(models, "m999")).isEqualTo("20 999");
        assertThat(library.shelf.loads).hasSize(1_000);
        assertThat(Library.ask(models, "m000")).isEqualTo("20 0");
        assertThat(library.shelf.loads).hasSize(1_001);
    }

    @Test
    void aModelAnswersItsWarmUpBeforeItIsThere() throws IOException, Exception {
        library.put("zeros/model.fake", "1").put("own/1/model.fake", "2");
        library.put(
                "own/warmup.json",
                """
                [{"id": "a", "inputs": [{"name": "x", "datatype": "FP64", "shape": [1, 2],
                  "data": [[3, 4.5]]}]}]
                """);
        var models = library.started(true);
        Library.ask(models, "zeros");
        Library.ask(models, "own");

        assertThat(library.shelf.asked)
                .containsExactly(
                        Tensor.of("x", new int[] {1, 2}, 0.0, 0.0),
                        Tensor.of("x", new int[] {1, 2}, 3, 4.5));
    }

    @Test
    void aWarmUpThatFailsIsALoadFailure() throws Exception {
        library.put("m/model.fake", "1")
                .put(
                        "m/warmup.json",
                        """
                        [{"inputs": [{"name": "z", "datatype": "FP64", "shape": [1], "data": [0]}]}]
                        """)
                .put("n/model.fake", "1")
                .put("n/warmup.json", "[{\"inputs\": [{\"name\": \"z\"}]}]");
        var models = library.started(true);

        assertRefused(
                Refused.Why.UNAVAILABLE,
                "warmup.json: the model fails on request 0: 'z' is no input",
                () -> models.leaseLoading("m", NEWEST));
        assertRefused(
                Refused.Why.UNAVAILABLE,
                "warmup.json: request 0, input 0 has no 'datatype'",
                () -> models.leaseLoading("n", NEWEST));
        assertThat(library.shelf.closes).hasSize(2);
    }

    @Test
    void atTheEndModelsCloseWithTheirLastLease() throws Exception {
        library.put("a/model.fake", "1").put("b/model.fake", "2");
        var models = library.started(true);
        Library.ask(models, "a");
        var lease = models.leaseLoading("b", NEWEST);

        models.drain();
        assertThat(models.isReady()).isFalse();
        assertThat(Library.ask(models, "a")).isEqualTo("1"); // who still comes is served

        models.close();
        assertThat(library.shelf.closes).containsExactly("1");
        lease.close();
        assertThat(library.shelf.closes).containsExactly("1", "2");
    }

    @Test
    void configurationReachesTheLease() throws Exception {
        library.put("m/model.fake", "1")
                .put("m/config.pbtxt", "max_batch_size: 8 dynamic_batching {}");
        var models = library.started(true);

        assertThat(models.config("m", NEWEST).batching().rowsMax()).hasValue(8);
        try (var lease = models.leaseLoading("m", NEWEST)) {
            assertThat(lease.config().batching().rowsMax()).hasValue(8);
        }
    }
}
