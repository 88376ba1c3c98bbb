package dev.marea.server.runtime.xgboost;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.xgboost.Value.Group;
import dev.marea.server.runtime.xgboost.Value.Scalar;
import dev.marea.server.runtime.xgboost.Value.Text;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Reads JSON as XGBoost writes it, with bare NaN and Infinity where a split is of categories. */
final class JsonModelReader {
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(ValueBudget.DEPTH_MAX)
                                    .maxNumberLength(100)
                                    .maxNameLength(10_000)
                                    .maxStringLength(64 << 20)
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build();

    private final ModelBytes source;
    private final JsonParser parser;
    private final ValueBudget budget;
    private final Set<String> skipped;

    private JsonModelReader(ModelBytes source, JsonParser parser, Set<String> skipped) {
        this.source = source;
        this.parser = parser;
        this.budget = new ValueBudget(source);
        this.skipped = skipped;
    }

    /** Reads one value, which must be all there is; see {@link UbjReader#read}. */
    static Value read(ModelBytes source, Set<String> skipped) throws LoadFailure {
        try (var parser = FACTORY.createParser(source.bytes(), source.from(), source.length())) {
            var reader = new JsonModelReader(source, parser, skipped);
            parser.nextToken();
            var value = reader.value(0);
            if (parser.nextToken() != null) {
                throw reader.failure("something follows the model");
            }
            return value;
        } catch (JsonProcessingException malformed) {
            var place = malformed.getLocation();
            throw source.failure(
                            source.from() + (place == null ? 0 : place.getByteOffset()),
                            "damaged JSON: " + malformed.getOriginalMessage())
                    .causedBy(malformed);
        } catch (IOException impossible) {
            throw source.failure(source.from(), "cannot be read: " + impossible)
                    .causedBy(impossible);
        }
    }

    private Value value(int depth) throws IOException, LoadFailure {
        budget.value(offset(), depth);
        return switch (parser.currentToken()) {
            case START_OBJECT -> group(depth);
            case START_ARRAY -> list(depth);
            case VALUE_STRING -> new Text(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Scalar(parser.getDoubleValue());
            case VALUE_TRUE -> new Scalar(1);
            case VALUE_FALSE -> new Scalar(0);
            case VALUE_NULL -> Value.Nothing.NULL;
            case null, default -> throw failure("a value is missing");
        };
    }

    private Group group(int depth) throws IOException, LoadFailure {
        Map<String, Value> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            parser.nextToken();
            if (skipped.contains(name)) {
                parser.skipChildren();
            } else {
                members.put(name, value(depth + 1));
            }
        }
        return new Group(members);
    }

    private Value list(int depth) throws IOException, LoadFailure {
        var list = new ListReader();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            switch (parser.currentToken()) {
                case VALUE_NUMBER_INT -> whole(list);
                case VALUE_NUMBER_FLOAT -> list.real(parser.getFloatValue());
                case VALUE_TRUE -> list.whole(1);
                case VALUE_FALSE -> list.whole(0);
                case null, default -> list.other(value(depth + 1));
            }
        }
        return list.done();
    }

    private void whole(ListReader list) throws IOException {
        switch (parser.getNumberType()) {
            case INT, LONG -> list.whole(parser.getLongValue());
            default -> list.real(parser.getFloatValue());
        }
    }

    private long offset() {
        return source.from() + parser.currentTokenLocation().getByteOffset();
    }

    private LoadFailure failure(String reason) {
        return source.failure(offset(), "damaged JSON: " + reason);
    }
}
