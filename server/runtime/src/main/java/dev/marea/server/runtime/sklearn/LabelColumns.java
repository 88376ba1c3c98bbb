package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.Elements.Bools;
import dev.marea.server.runtime.Elements.Doubles;
import dev.marea.server.runtime.Elements.Longs;
import dev.marea.server.runtime.Elements.Texts;
import java.util.List;

/** Columns of labels of one type, row by row. */
final class LabelColumns {
    private LabelColumns() {}

    static Elements interleaved(List<Elements> columns, int rows) {
        int width = columns.size();
        return switch (columns.getFirst()) {
            case Longs _ -> {
                var all = new long[rows * width];
                for (int i = 0; i < all.length; i++) {
                    all[i] = ((Longs) columns.get(i % width)).values()[i / width];
                }
                yield new Longs(all);
            }
            case Doubles _ -> {
                var all = new double[rows * width];
                for (int i = 0; i < all.length; i++) {
                    all[i] = ((Doubles) columns.get(i % width)).values()[i / width];
                }
                yield new Doubles(all);
            }
            case Texts _ -> {
                var all = new String[rows * width];
                for (int i = 0; i < all.length; i++) {
                    all[i] = ((Texts) columns.get(i % width)).values()[i / width];
                }
                yield new Texts(all);
            }
            case Bools _ -> {
                var all = new boolean[rows * width];
                for (int i = 0; i < all.length; i++) {
                    all[i] = ((Bools) columns.get(i % width)).values()[i / width];
                }
                yield new Bools(all);
            }
            case Elements.Bytes _,
                    Elements.Blobs _,
                    Elements.Shorts _,
                    Elements.Ints _,
                    Elements.Floats _ ->
                    throw new IllegalStateException("labels are never kept so");
        };
    }
}
