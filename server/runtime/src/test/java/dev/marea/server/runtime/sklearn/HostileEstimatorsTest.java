package dev.marea.server.runtime.sklearn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.runtime.Asked;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Examples;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.LoadedModel;
import dev.marea.server.runtime.SampleRows;
import dev.marea.server.runtime.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real models whose bytes were changed: they are refused by attribute, or they answer. */
class HostileEstimatorsTest {
    private static final Path ROOT = Examples.ROOT.resolve("estimators/1.9.1");
    private static final int CHANGES_EACH = 6;
    private static final int BYTEARRAY = 0x96;

    @TempDir Path scratch;

    /** Seeded, so that a failure can be had again: the message says which. */
    @Test
    void noDamageLeadsToAnythingButARefusalOrAnAnswer() throws Exception {
        int loaded = 0;
        int refused = 0;
        for (var directory : Examples.withModel(".pkl")) {
            if (!directory.startsWith(ROOT)) {
                continue;
            }
            var rows = SampleRows.of(directory);
            var bytes = Files.readAllBytes(Examples.modelFile(directory));
            for (int seed = 0; seed < CHANGES_EACH; seed++) {
                var random = new Random(31L * directory.getFileName().toString().hashCode() + seed);
                try (var model = load(damaged(bytes, random))) {
                    askEverything(model, rows);
                    loaded++;
                } catch (LoadFailure refusal) {
                    refused++;
                } catch (RuntimeException | Error escaped) {
                    throw new AssertionError(directory.getFileName() + ", seed " + seed, escaped);
                }
            }
        }
        assertThat(loaded).isPositive();
        assertThat(refused).isPositive();
    }

    private static void askEverything(LoadedModel model, List<Tensor> rows) {
        for (var method : model.metadata().methods()) {
            try {
                model.predict(rows, Asked.of(method));
            } catch (BadInput refusal) {
                assertThat(refusal.field()).isNotEmpty();
            }
        }
    }

    /** A byte, a small integer or an aligned number somewhere. */
    private static byte[] damaged(byte[] bytes, Random random) {
        var changed = bytes.clone();
        var numbers = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
        int at = random.nextInt(changed.length - Long.BYTES);
        switch (random.nextInt(4)) {
            case 0 -> changed[at] = (byte) random.nextInt(256);
            case 1 -> numbers.putLong(at & -Long.BYTES, random.nextInt(40) - 5L);
            case 2 -> numbers.putDouble(at & -Long.BYTES, random.nextGaussian() * 1e9);
            default -> {
                while (at < changed.length - 1 && changed[at] != 'K') {
                    at++;
                }
                changed[Math.min(at + 1, changed.length - 1)] = (byte) random.nextInt(12);
            }
        }
        return changed;
    }

    private LoadedModel load(byte[] bytes) throws Exception {
        return new SklearnRuntime().load(Files.write(scratch.resolve("model.pkl"), bytes));
    }

    private static byte[] bytes(String example) throws Exception {
        return Files.readAllBytes(Examples.modelFile(ROOT.resolve(example)));
    }

    /** Where the bytes of a text end, from where on its value is written. */
    private static int after(byte[] bytes, String text) {
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
        assertThat(at).isPositive();
        return at + text.length();
    }

    private static int next(byte[] bytes, int from, int opcode) {
        int at = from;
        while (bytes[at] != (byte) opcode) {
            at++;
        }
        return at + 1;
    }

    private void refuses(byte[] bytes, String reason) {
        assertThatThrownBy(() -> load(bytes))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining(reason);
    }

    @Test
    void moreNeighboursThanRowsAreRefused() throws Exception {
        var bytes = bytes("knr");
        bytes[next(bytes, after(bytes, "n_neighbors"), 'K')] = (byte) 200;
        refuses(bytes, "n_neighbors is 200 of 120 rows");
    }

    @Test
    void supportVectorsThatNoClassCountsAreRefused() throws Exception {
        var bytes = bytes("svc-rbf");
        int array = next(bytes, after(bytes, "_n_support"), BYTEARRAY) + Long.BYTES;
        bytes[array] = 99;
        refuses(bytes, "_n_support");
    }

    @Test
    void aChainThatAnswersOneOutputTwiceIsRefused() throws Exception {
        var bytes = bytes("classifier-chain");
        int order = next(bytes, after(bytes, "order"), 'K');
        bytes[order] = bytes[next(bytes, order, 'K')];
        refuses(bytes, "order_ must have each of 3 outputs once");
    }

    @Test
    void aBoostedTreeThatLeadsBackIsRefused() throws Exception {
        var bytes = bytes("hgb-binary");
        var nodes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        nodes.putInt(leftOfRoot(nodes), 0);
        refuses(bytes, "the child of node 0 is 0.0, not in 1..");
    }

    /** A packed node keeps its children after 29 bytes; the root's left one is node 1. */
    private static int leftOfRoot(ByteBuffer nodes) {
        int children = 29;
        for (int at = 0; at + 40 < nodes.limit(); at++) {
            boolean isRoot =
                    nodes.getInt(at + children) == 1
                            && nodes.getInt(at + children + 4) > 1
                            && nodes.getInt(at + children + 4) < 13
                            && nodes.getInt(at + 8) == 120;
            if (isRoot) {
                return at + children;
            }
        }
        throw new AssertionError("no tree found");
    }

    @Test
    void aVoteForAClassThatThereIsNotIsRefused() throws Exception {
        var bytes = bytes("voting-hard");
        var numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int classes = last(numbers, 0, 1, 2);
        numbers.putLong(classes + 16, 7);
        refuses(bytes, "an estimator answers 7.0 of 3 classes");
    }

    /** Where the last run of these three integers begins. */
    private static int last(ByteBuffer numbers, long a, long b, long c) {
        for (int at = numbers.limit() - 24; at >= 0; at--) {
            if (numbers.getLong(at) == a
                    && numbers.getLong(at + 8) == b
                    && numbers.getLong(at + 16) == c) {
                return at;
            }
        }
        throw new AssertionError("no such numbers");
    }
}
