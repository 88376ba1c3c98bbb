package dev.marea.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A message of protobuf's text format, as read: fields in their order, a list as fields of one
 * name. What a field must be is asked when it is used; what nobody asks for is not looked at.
 */
record Block(List<Field> fields) {
    Block {
        fields = List.copyOf(fields);
    }

    /** What stands behind a name. */
    sealed interface Value {
        /** A number, an identifier or a string, without its quotes. */
        record Word(String text, boolean quoted) implements Value {}

        record Inner(Block block) implements Value {}
    }

    record Field(String name, int line, Value value) {
        String text() throws BadConfig {
            return switch (value) {
                case Value.Word(var text, _) -> text;
                case Value.Inner _ -> throw new BadConfig(line, name + " must be a value, not {…}");
            };
        }

        Block block() throws BadConfig {
            return switch (value) {
                case Value.Inner(var block) -> block;
                case Value.Word(var text, _) ->
                        throw new BadConfig(line, name + " must be {…}, not " + text);
            };
        }

        long number(long least, long most) throws BadConfig {
            var text = text();
            try {
                long number = Long.decode(text);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException _) {
                // said below
            }
            throw new BadConfig(
                    line,
                    "%s must be a whole number %d..%d, was %s".formatted(name, least, most, text));
        }
    }

    /** The last one of this name, as protobuf takes it. */
    Optional<Field> field(String name) {
        for (int i = fields.size() - 1; i >= 0; i--) {
            if (fields.get(i).name.equals(name)) {
                return Optional.of(fields.get(i));
            }
        }
        return Optional.empty();
    }

    List<Field> all(String name) {
        var found = new ArrayList<Field>();
        for (var field : fields) {
            if (field.name.equals(name)) {
                found.add(field);
            }
        }
        return found;
    }
}
