package dev.marea.server.runtime.sklearn;

import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.sklearn.PatternPart.Either;
import dev.marea.server.runtime.sklearn.PatternPart.Group;
import dev.marea.server.runtime.sklearn.PatternPart.One;
import dev.marea.server.runtime.sklearn.PatternPart.Place;
import dev.marea.server.runtime.sklearn.PatternPart.Repeat;
import dev.marea.server.runtime.sklearn.PatternPart.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * A regular expression as steps that are walked side by side, all at once: it finds what trying one
 * way after another would find, and no text can make it try for ever.
 */
final class TokenPattern implements Analyzer.Tokens {
    /** Steps of one pattern; repetitions are written out. */
    static final int STEPS_MAX = 256;

    private sealed interface Instruction {}

    private record Take(IntPredicate kind) implements Instruction {}

    /** Goes on in two places, and rather in the first. */
    private record Fork(int first, int second) implements Instruction {}

    private record Jump(int to) implements Instruction {}

    private record Mark(int slot) implements Instruction {}

    private record At(Place place) implements Instruction {}

    private record Found() implements Instruction {}

    /** Where the match and the group begin and end. */
    private static final int SLOTS = 4;

    private final Instruction[] program;
    private final boolean grouped;

    private TokenPattern(Instruction[] program, boolean grouped) {
        this.program = program;
        this.grouped = grouped;
    }

    /** Empty if it would be too long. */
    static Optional<TokenPattern> of(PatternPart part, boolean grouped) {
        var writer = new Writer();
        writer.write(part);
        writer.program.add(new Found());
        return writer.program.size() > STEPS_MAX
                ? Optional.empty()
                : Optional.of(
                        new TokenPattern(writer.program.toArray(Instruction[]::new), grouped));
    }

    private static final class Writer {
        final List<Instruction> program = new ArrayList<>();

        void write(PatternPart part) {
            if (program.size() > STEPS_MAX) {
                return;
            }
            switch (part) {
                case One(var kind) -> program.add(new Take(kind));
                case Sequence(var parts) -> parts.forEach(this::write);
                case Either(var parts) -> either(parts);
                case Repeat(var inside, int least, int most, boolean lazy) -> {
                    for (int i = 0; i < least; i++) {
                        write(inside);
                    }
                    if (most < 0) {
                        endless(inside, lazy);
                    }
                    for (int i = least; i < most; i++) {
                        perhaps(inside, lazy);
                    }
                }
                case Group(var inside) -> {
                    program.add(new Mark(2));
                    write(inside);
                    program.add(new Mark(3));
                }
                case Place place -> program.add(new At(place));
            }
        }

        private void either(List<PatternPart> parts) {
            var ends = new ArrayList<Integer>();
            for (int i = 0; i < parts.size() - 1; i++) {
                int fork = hole();
                write(parts.get(i));
                ends.add(hole());
                program.set(fork, new Fork(fork + 1, program.size()));
            }
            write(parts.getLast());
            for (int end : ends) {
                program.set(end, new Jump(program.size()));
            }
        }

        private void endless(PatternPart inside, boolean lazy) {
            int fork = hole();
            write(inside);
            program.add(new Jump(fork));
            program.set(fork, fork(fork + 1, program.size(), lazy));
        }

        private void perhaps(PatternPart inside, boolean lazy) {
            int fork = hole();
            write(inside);
            program.set(fork, fork(fork + 1, program.size(), lazy));
        }

        private int hole() {
            program.add(new Jump(0));
            return program.size() - 1;
        }

        private static Fork fork(int inside, int behind, boolean lazy) {
            return lazy ? new Fork(behind, inside) : new Fork(inside, behind);
        }
    }

    @Override
    public List<String> of(String text, Effort effort) throws BadInput {
        var characters = text.codePoints().toArray();
        var walk = new Walk(characters, effort);
        var found = new ArrayList<String>();
        int at = 0;
        while (at < characters.length) {
            var match = walk.from(at);
            if (match.length == 0) {
                break;
            }
            int from = grouped ? match[2] : match[0];
            int to = grouped ? match[3] : match[1];
            found.add(from < 0 || to < 0 ? "" : new String(characters, from, to - from));
            at = match[1];
        }
        return found;
    }

    /** All ways that are open at one character, the better ones first. */
    private final class Ways {
        final int[] places = new int[program.length];
        final int[][] slots = new int[program.length][];
        final boolean[] seen = new boolean[program.length];
        int count;

        void clear() {
            Arrays.fill(seen, false);
            count = 0;
        }
    }

    private final class Walk {
        private final int[] text;
        private final Effort effort;
        private Ways now = new Ways();
        private Ways next = new Ways();

        Walk(int[] text, Effort effort) {
            this.text = text;
            this.effort = effort;
        }

        /** The slots of the first match from here on; empty if there is none. */
        int[] from(int start) throws BadInput {
            int[] best = {};
            now.clear();
            for (int at = start; at <= text.length; at++) {
                if (best.length == 0) {
                    var fresh = new int[] {at, -1, -1, -1};
                    open(now, 0, at, fresh);
                }
                if (now.count == 0 && best.length > 0) {
                    break;
                }
                effort.steps(now.count + 1);
                next.clear();
                for (int i = 0; i < now.count; i++) {
                    int place = now.places[i];
                    if (program[place] instanceof Found) {
                        best = now.slots[i].clone();
                        best[1] = at;
                        break; // whatever comes later is a worse match
                    }
                    if (program[place] instanceof Take(var kind)
                            && at < text.length
                            && kind.test(text[at])) {
                        open(next, place + 1, at + 1, now.slots[i]);
                    }
                }
                var done = now;
                now = next;
                next = done;
            }
            return best;
        }

        /** Follows what takes no character. A pattern's length bounds the depth. */
        private void open(Ways ways, int place, int at, int[] slots) {
            if (ways.seen[place]) {
                return;
            }
            ways.seen[place] = true;
            switch (program[place]) {
                case Jump(int to) -> open(ways, to, at, slots);
                case Fork(int first, int second) -> {
                    open(ways, first, at, slots);
                    open(ways, second, at, slots);
                }
                case Mark(int slot) -> {
                    var marked = Arrays.copyOf(slots, SLOTS);
                    marked[slot] = at;
                    open(ways, place + 1, at, marked);
                }
                case At(var edge) -> {
                    if (holds(edge, at)) {
                        open(ways, place + 1, at, slots);
                    }
                }
                case Take _, Found _ -> {
                    ways.places[ways.count] = place;
                    ways.slots[ways.count++] = slots;
                }
            }
        }

        private boolean holds(Place place, int at) {
            return switch (place) {
                case WORD_EDGE -> isWord(at - 1) != isWord(at);
                case NO_WORD_EDGE -> isWord(at - 1) == isWord(at);
                case START -> at == 0;
                case END -> at == text.length || (at == text.length - 1 && text[at] == '\n');
            };
        }

        private boolean isWord(int at) {
            return at >= 0 && at < text.length && PythonText.isWord(text[at]);
        }
    }
}
