package dev.marea.server.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.marea.server.models.Refused;
import dev.marea.server.tensors.Shapes;
import java.io.IOException;
import java.util.Arrays;

/** Reads nested lists into a column and learns their shape; ragged lists are refused. */
final class Nested {
    private static final int UNKNOWN = -1;

    private final Column column;
    private final int[] dimensions = new int[Shapes.RANK_MAX];
    private int rank = UNKNOWN;

    Nested(Column column) {
        this.column = column;
        Arrays.fill(dimensions, UNKNOWN);
    }

    /** Reads the value that the parser stands on; several calls with depth 1 fill one batch. */
    void read(JsonParser json, int depth) throws IOException, Refused {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            scalar(json, depth);
            return;
        }
        if (depth == Shapes.RANK_MAX) {
            throw Refused.badInput(
                    "input '%s' is nested deeper than %d lists"
                            .formatted(column.tensor, Shapes.RANK_MAX));
        }
        int length = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            read(json, depth + 1);
            length++;
        }
        if (length == 0 && rank == UNKNOWN) {
            rank = depth + 1;
        }
        close(depth, length);
    }

    private void scalar(JsonParser json, int depth) throws IOException, Refused {
        if (rank != depth) {
            if (rank != UNKNOWN) {
                throw ragged();
            }
            rank = depth;
        }
        column.add(json);
    }

    private void close(int depth, int length) throws Refused {
        if (depth >= rank) {
            throw ragged();
        }
        if (dimensions[depth] == UNKNOWN) {
            dimensions[depth] = length;
        } else if (dimensions[depth] != length) {
            throw ragged();
        }
    }

    private Refused ragged() {
        return Refused.badInput(
                "input '%s' is ragged: its lists differ in length or depth near element %d"
                        .formatted(column.tensor, column.size));
    }

    /** Whether the lists were flat, or nested along this shape. */
    boolean fits(int[] wanted) {
        return rank == 1 || (rank == wanted.length && Arrays.equals(shape(), wanted));
    }

    int[] shape() {
        return Arrays.copyOf(dimensions, Math.max(rank, 0));
    }

    /** The shape of a batch whose rows were read one by one. */
    int[] shape(int rows) {
        dimensions[0] = rows;
        return shape();
    }
}
