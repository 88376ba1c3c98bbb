package dev.marea.server.runtime.xgboost;

import dev.marea.server.runtime.LoadFailure;
import java.util.Set;

/** The formats that XGBoost has saved boosters in, told apart by their first bytes. */
enum FileFormat {
    JSON {
        @Override
        BoosterParts read(ModelBytes source) throws LoadFailure {
            return ModelDocument.parts(
                    new Section(source.file(), "", JsonModelReader.read(source, UNUSED)), source);
        }
    },
    UBJSON {
        @Override
        BoosterParts read(ModelBytes source) throws LoadFailure {
            return ModelDocument.parts(
                    new Section(source.file(), "", UbjReader.read(source, UNUSED)), source);
        }
    },
    /** Structures of C, little-endian, as the versions before 3.1 could write. */
    BINARY {
        @Override
        BoosterParts read(ModelBytes source) throws LoadFailure {
            return BinaryModel.read(source, source.from());
        }
    },
    /** The same with its maker's name before it. */
    NAMED_BINARY {
        @Override
        BoosterParts read(ModelBytes source) throws LoadFailure {
            return BinaryModel.read(source, source.from() + BinaryModel.NAME.length());
        }
    },
    /** A binary model with its training's settings behind it, as pickles of 1.0 to 1.2 have it. */
    SNAPSHOT {
        @Override
        BoosterParts read(ModelBytes source) throws LoadFailure {
            return BinaryModel.snapshot(source, source.from() + SNAPSHOT_NAME.length());
        }
    };

    private static final String SNAPSHOT_NAME = "CONFIG-offset:";

    /** What a prediction does not ask for, and is most of a file. */
    private static final Set<String> UNUSED =
            Set.of("loss_changes", "sum_hessian", "parents", "Config");

    /** Whether the beginning of a file is that of a model. */
    static boolean begins(ModelBytes head) {
        int first = textAt(head, head.from());
        boolean document = first < head.to() && head.bytes()[first] == '{';
        // A document's first member is learner, or version, or in a pickle's snapshot Config.
        return document
                ? head.contains("learner")
                : head.begin(BinaryModel.NAME)
                        || head.begin(SNAPSHOT_NAME)
                        || BinaryModel.isLikely(head);
    }

    abstract BoosterParts read(ModelBytes source) throws LoadFailure;

    static FileFormat of(ModelBytes source) throws LoadFailure {
        if (source.length() == 0) {
            throw source.failure(source.from(), "the file is empty");
        }
        if (source.begin(BinaryModel.NAME)) {
            return NAMED_BINARY;
        }
        if (source.begin(SNAPSHOT_NAME)) {
            return SNAPSHOT;
        }
        if (source.begin("bs64")) {
            throw source.failure(
                    source.from(),
                    "this is XGBoost's base64 format, which it gave up in 0.7",
                    "save the model again with a newer version");
        }
        int first = textAt(source, source.from());
        if (first < source.to() && source.bytes()[first] == '{') {
            int next = textAt(source, first + 1);
            boolean named = next < source.to() && source.bytes()[next] != '"';
            return named && source.bytes()[next] != '}' ? UBJSON : JSON;
        }
        if (BinaryModel.isLikely(source)) {
            return BINARY;
        }
        throw source.failure(
                source.from(),
                "this is no XGBoost model",
                "save it with Booster.save_model as model.ubj or model.json");
    }

    /** The next byte that is no white space. */
    private static int textAt(ModelBytes source, int from) {
        int at = from;
        while (at < source.to() && " \t\r\n".indexOf(source.bytes()[at]) >= 0) {
            at++;
        }
        return at;
    }
}
