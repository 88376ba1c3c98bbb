package dev.marea.local.schema;

import dev.marea.wire.json.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;

/** The shape of a value: what a structural OpenAPI schema says, for built-in kinds and CRDs. */
public sealed interface Schema {
    Facts facts();

    /**
     * An object with named fields.
     *
     * @param name the definition's name in OpenAPI, empty for one that stands in place
     * @param about what the type is, wherever it stands; the facts are about this place
     * @param keepsUnknown fields that are not named here are kept as they come
     * @param embedded the value is a whole Kubernetes object
     * @param always fields that Kubernetes' own types cannot leave out: absent means empty or null
     */
    record Struct(
            Facts facts,
            String name,
            String about,
            SequencedMap<String, Schema> fields,
            Set<String> required,
            boolean atomic,
            boolean keepsUnknown,
            boolean embedded,
            Set<String> always)
            implements Schema {
        public Struct {
            fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
            required = Set.copyOf(required);
            always = Set.copyOf(always);
        }
    }

    /** A map from any name to values of one shape. */
    record Dict(Facts facts, Schema values, boolean atomic) implements Schema {}

    record Items(Facts facts, Schema element, ListMerge merge) implements Schema {}

    record Scalar(Facts facts, ScalarType type) implements Schema {}

    /** A value of no known shape. */
    record Free(Facts facts) implements Schema {
        /** Its maps merge field by field, its lists are replaced. */
        public static final Free ANY = new Free(Facts.NONE);
    }

    enum ScalarType {
        STRING,
        INTEGER,
        NUMBER,
        BOOLEAN,
        INT_OR_STRING,
        QUANTITY
    }

    /** How server-side apply joins two lists. */
    sealed interface ListMerge {
        ListMerge ATOMIC = new Atomic();
        ListMerge SET = new ValueSet();

        record Atomic() implements ListMerge {}

        record ValueSet() implements ListMerge {}

        record ByKeys(List<String> keys) implements ListMerge {
            public ByKeys {
                keys = List.copyOf(keys);
            }
        }
    }

    /** How a strategic merge patch joins two values; the merge key is empty for primitives. */
    record Strategy(boolean merge, boolean retainKeys, String mergeKey) {
        public static final Strategy NONE = new Strategy(false, false, "");
    }

    /** What every kind of value may have besides its shape. */
    record Facts(
            String description,
            Optional<Json> fallback,
            boolean nullable,
            Strategy strategy,
            Limits limits) {
        public static final Facts NONE =
                new Facts("", Optional.empty(), false, Strategy.NONE, Limits.NONE);
    }

    /** Sizes count characters, items or fields, by the shape of the value. */
    record Limits(
            List<Json> allowed,
            Optional<Bound> minimum,
            Optional<Bound> maximum,
            OptionalInt sizeMin,
            OptionalInt sizeMax,
            Optional<Pattern> pattern,
            String format) {
        public static final Limits NONE =
                new Limits(
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        "");

        public Limits {
            allowed = List.copyOf(allowed);
        }

        public static Limits format(String format) {
            return new Limits(
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    Optional.empty(),
                    format);
        }
    }

    record Bound(Json value, boolean exclusive) {
        public double number() {
            return switch (value) {
                case Json.Int(var n) -> n;
                case Json.Dec(var n) -> n;
                case Json.Obj _, Json.Arr _, Json.Str _, Json.Bool _, Json.Null _ -> 0;
            };
        }
    }

    /** The shape of a named field, if this shape has one of that name. */
    default Optional<Schema> field(String name) {
        return switch (this) {
            case Struct struct ->
                    Optional.ofNullable(struct.fields.get(name))
                            .or(() ->
                                    struct.keepsUnknown ? Optional.of(Free.ANY) : Optional.empty());
            case Dict dict -> Optional.of(dict.values);
            case Free _ -> Optional.of(Free.ANY);
            case Items _, Scalar _ -> Optional.empty();
        };
    }
}
