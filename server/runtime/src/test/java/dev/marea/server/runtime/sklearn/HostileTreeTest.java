package dev.marea.server.runtime.sklearn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.server.runtime.Examples;
import dev.marea.server.runtime.LoadFailure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real tree whose nodes were changed so that a walk would never end or leave its arrays. */
class HostileTreeTest {
    private static final int NODE_BYTES = 64;
    private static final int RIGHT = 8;
    private static final int FEATURE = 16;

    @TempDir Path scratch;

    private final ByteBuffer bytes;
    private final int nodes;

    HostileTreeTest() throws Exception {
        var file = Examples.modelFile(Examples.ROOT.resolve("parity/tree-regressor"));
        bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        nodes = firstNode();
    }

    /** The root's left child is node 1, whose own is node 2. */
    private int firstNode() {
        for (int at = 0; at + 2 * NODE_BYTES < bytes.limit(); at++) {
            if (bytes.getLong(at) == 1
                    && bytes.getLong(at + RIGHT) > 1
                    && bytes.getLong(at + RIGHT) < 100
                    && bytes.getLong(at + NODE_BYTES) == 2) {
                return at;
            }
        }
        throw new AssertionError("no tree found");
    }

    @Test
    void unchangedItLoads() throws Exception {
        var file = Files.write(scratch.resolve("model.pkl"), bytes.array());
        try (var model = new SklearnRuntime().load(file)) {
            assertThat(model.metadata().facts())
                    .containsEntry("estimator", "DecisionTreeRegressor");
        }
    }

    @Test
    void aChildThatLeadsBackIsRefused() throws Exception {
        refuses(NODE_BYTES, 0, "the child of node 1 is 0.0, not in 2..");
        refuses(NODE_BYTES, 1, "the child of node 1 is 1.0, not in 2..");
    }

    @Test
    void aChildOutsideTheTreeIsRefused() throws Exception {
        refuses(RIGHT, 1_000_000, "the child of node 0 is 1000000.0");
        refuses(RIGHT, -5, "the child of node 0 is -5.0");
    }

    @Test
    void aFeatureThatNoRowHasIsRefused() throws Exception {
        refuses(FEATURE, 10, "feature is 10.0, not in 0..9");
        refuses(FEATURE, -2, "feature is -2.0, not in 0..9");
    }

    private void refuses(int offset, long value, String reason) throws Exception {
        var changed = bytes.array().clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(nodes + offset, value);
        var file = Files.write(scratch.resolve("model.pkl"), changed);
        assertThatThrownBy(() -> new SklearnRuntime().load(file))
                .isInstanceOf(LoadFailure.class)
                .hasMessageContaining(reason);
    }
}
