package dev.marea.server.runtime.sklearn;

import java.util.List;
import java.util.function.IntPredicate;

/** A regular expression, taken apart. */
sealed interface PatternPart {
    /** One character of a kind. */
    record One(IntPredicate kind) implements PatternPart {}

    record Sequence(List<PatternPart> parts) implements PatternPart {}

    /** The first of these that leads to a match. */
    record Either(List<PatternPart> parts) implements PatternPart {}

    /**
     * @param most how often; -1 for any number of times
     * @param lazy rather less often than more
     */
    record Repeat(PatternPart part, int least, int most, boolean lazy) implements PatternPart {}

    /** The part that is the token, where it is not the whole match. */
    record Group(PatternPart part) implements PatternPart {}

    /** A place between two characters. */
    enum Place implements PatternPart {
        WORD_EDGE,
        NO_WORD_EDGE,
        START,
        END
    }

    /** Whether it can match no character at all. */
    default boolean isPerhapsEmpty() {
        return switch (this) {
            case One _ -> false;
            case Sequence(var parts) -> parts.stream().allMatch(PatternPart::isPerhapsEmpty);
            case Either(var parts) -> parts.stream().anyMatch(PatternPart::isPerhapsEmpty);
            case Repeat(var part, int least, _, _) -> least == 0 || part.isPerhapsEmpty();
            case Group(var part) -> part.isPerhapsEmpty();
            case Place _ -> true;
        };
    }
}
