package dev.marea.server.tensors;

import dev.marea.server.models.Refused;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The names in one list of a request: not too many, and none twice. */
public final class Names {
    public static final int MAX = 256;

    private final String list;
    private final String entry;
    private final List<String> names = new ArrayList<>(4);
    private final Set<String> seen = new HashSet<>(4);

    private Names(String list, String entry) {
        this.list = list;
        this.entry = entry;
    }

    public static Names ofInputs() {
        return new Names("inputs", "input");
    }

    public static Names ofOutputs() {
        return new Names("outputs", "output");
    }

    public void add(String name) throws Refused {
        if (names.size() == MAX) {
            throw Refused.badInput("'%s' has more than %d entries".formatted(list, MAX));
        }
        if (!seen.add(name)) {
            throw Refused.badInput(entry + " '" + name + "' comes twice");
        }
        names.add(name);
    }

    /** In the order in which they came. */
    public List<String> list() {
        return names;
    }
}
