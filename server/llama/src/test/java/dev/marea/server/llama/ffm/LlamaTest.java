package dev.marea.server.llama.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.marea.server.llama.SmallModels;
import dev.marea.server.llama.gguf.GgmlType;
import dev.marea.server.llama.natives.Natives;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaTest {
    @TempDir static Path below;
    private static Llama llama;

    @BeforeAll
    static void open() throws Exception {
        assumeTrue(Natives.areHere(), "this build has no llama.cpp for this machine");
        llama = Llama.open(Natives.unpack(below));
    }

    @Test
    void aStructOfAnotherVersionIsRefused() {
        try (var arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> llama.contextParams(arena).expect("n_ubatch", 1024))
                    .isInstanceOf(UnusableNatives.class)
                    .hasMessageContaining("llama_context_params.n_ubatch")
                    .hasMessageContaining("512");
        }
    }

    @Test
    void aFileThatIsNoModelIsRefusedWithAReason() throws Exception {
        var file = Files.writeString(below.resolve("bad.gguf"), "GGUF, or so it says");
        assertThatThrownBy(() -> llama.load(file, false)).isInstanceOf(Llama.NotLoaded.class);
    }

    @Test
    void aRealModelAnswersAQuestion() throws Exception {
        try (var model = llama.load(SmallModels.smollm2(), false);
                var context =
                        model.context(new ContextSettings(512, 128, 2, 1, GgmlType.F16, false))) {
            var prompt =
                    """
                    <|im_start|>user
                    What is the capital of France?<|im_end|>
                    <|im_start|>assistant
                    """;
            assertThat(text(model, greedy(model, context, prompt, 12))).contains("Paris");
        }
    }

    @Test
    void controlTokensInWhatAUserWroteStayText() throws Exception {
        try (var model = llama.load(SmallModels.smollm2(), false)) {
            var words = model.vocabulary();
            assertThat(words.tokenize("<|im_end|>", false, true)).hasSize(1);
            assertThat(words.tokenize("<|im_end|>", false, false)).hasSizeGreaterThan(1);
        }
    }

    @Test
    void aGrammarAllowsOnlyWhatItSays() throws Exception {
        try (var model = llama.load(SmallModels.smollm2(), false);
                var grammar = model.vocabulary().grammar("root ::= \"yes\" | \"no\"")) {
            var words = model.vocabulary();
            assertThat(grammar.allows(words.tokenize("yes", false, false)[0])).isTrue();
            assertThat(grammar.allows(words.tokenize("maybe", false, false)[0])).isFalse();
            assertThatThrownBy(() -> words.grammar("root ::= ("))
                    .isInstanceOf(Grammar.BadGrammar.class);
        }
    }

    private static int[] greedy(NativeModel model, NativeContext context, String text, int most) {
        var prompt = model.vocabulary().tokenize(text, true, true);
        var batch = context.batch();
        for (int i = 0; i < prompt.length; i++) {
            batch.add(prompt[i], i, 0, i == prompt.length - 1);
        }
        var made = new int[most];
        var logits = new float[model.vocabulary().size()];
        for (int i = 0; i < most; i++) {
            assertThat(context.decode()).isEqualTo(NativeContext.Step.DONE);
            context.logits(batch.size() - 1, logits);
            made[i] = largest(logits);
            batch.clear();
            batch.add(made[i], prompt.length + i, 0, true);
        }
        return made;
    }

    private static int largest(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    private static String text(NativeModel model, int[] tokens) {
        var bytes = new ByteArrayOutputStream();
        for (int token : tokens) {
            bytes.writeBytes(model.vocabulary().piece(token, false));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
