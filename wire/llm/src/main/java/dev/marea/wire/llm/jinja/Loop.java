package dev.marea.wire.llm.jinja;

import java.util.List;
import java.util.Optional;

/** What a loop's body can ask about where it stands. */
final class Loop implements Value.Parts {
    private final List<Value> items;
    private final int depth;
    private Optional<Value> changed = Optional.empty();
    private int at;

    Loop(List<Value> items, int depth) {
        this.items = items;
        this.depth = depth;
    }

    int depth() {
        return depth;
    }

    void at(int place) {
        at = place;
    }

    @Override
    public Value part(String name) {
        return switch (name) {
            case "index" -> Value.of(at + 1);
            case "index0" -> Value.of(at);
            case "revindex" -> Value.of(items.size() - at);
            case "revindex0" -> Value.of(items.size() - at - 1);
            case "first" -> Value.of(at == 0);
            case "last" -> Value.of(at == items.size() - 1);
            case "length" -> Value.of(items.size());
            case "depth" -> Value.of(depth + 1);
            case "depth0" -> Value.of(depth);
            case "previtem" -> neighbour(at - 1, "there is no previous item, which");
            case "nextitem" -> neighbour(at + 1, "there is no next item, which");
            case "cycle" -> new Value.Function(name, this::cycle);
            case "changed" -> new Value.Function(name, this::changed);
            default -> new Value.Undefined("loop." + name);
        };
    }

    private Value neighbour(int place, String missing) {
        return place >= 0 && place < items.size() ? items.get(place) : new Value.Undefined(missing);
    }

    private Value cycle(Arguments arguments) {
        if (arguments.positional().isEmpty()) {
            throw new Trouble("no items for cycling given");
        }
        return arguments.positional().get(at % arguments.positional().size());
    }

    private Value changed(Arguments arguments) {
        Optional<Value> now = Optional.of(Value.tuple(arguments.positional()));
        boolean differs = !now.equals(changed);
        changed = now;
        return Value.of(differs);
    }
}
