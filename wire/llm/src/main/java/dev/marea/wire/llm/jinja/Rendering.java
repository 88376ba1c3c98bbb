package dev.marea.wire.llm.jinja;

import java.time.ZonedDateTime;
import java.util.List;

/** What one rendering has at hand: its meter, the time, filters and tests by name. */
record Rendering(Meter meter, ZonedDateTime now) {
    Value filter(String name, Value input, Arguments arguments) {
        meter.work(Weight.of(input));
        var filter = Filters.find(name);
        if (filter.isEmpty()) {
            throw new Trouble("there is no filter '" + name + "'");
        }
        return filter.get().apply(input, arguments, this);
    }

    boolean test(String name, Value input, Arguments arguments) {
        meter.work(Weight.of(input));
        var test = Tests.find(name);
        if (test.isEmpty()) {
            throw new Trouble("there is no test '" + name + "'");
        }
        return test.get().holds(input, arguments);
    }

    /** The items of a value, whose number is counted as work. */
    List<Value> items(Value value) {
        var items = Python.items(value);
        meter.work(items.size() * 8L);
        return items;
    }

    Value text(String text) {
        meter.text(text.length());
        return Value.of(text);
    }
}
