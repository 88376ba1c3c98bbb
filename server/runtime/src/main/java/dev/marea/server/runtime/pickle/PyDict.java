package dev.marea.server.runtime.pickle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A dict. Text keys are found by hash; other keys are kept in order and never hashed, because a
 * hostile key could make hashing endless.
 */
public final class PyDict implements PyValue {
    /** An entry whose key is no text. */
    public record Entry(PyValue key, PyValue value) {}

    private final Map<String, PyValue> named = new LinkedHashMap<>();
    private final List<Entry> others = new ArrayList<>(0);

    PyDict() {}

    void put(PyValue key, PyValue value) {
        if (key instanceof Text(var name)) {
            named.put(name, value);
        } else if (key instanceof Blob blob) {
            named.put(Texts.latin1(blob), value);
        } else {
            others.add(new Entry(key, value));
        }
    }

    void putAll(PyDict more) {
        named.putAll(more.named);
        others.addAll(more.others);
    }

    public Optional<PyValue> get(String name) {
        return Optional.ofNullable(named.get(name));
    }

    /** The text-keyed entries in the pickle's order; not to be changed. */
    public Map<String, PyValue> named() {
        return named;
    }

    /** The entries with other keys; not to be changed. */
    public List<Entry> others() {
        return others;
    }

    public int size() {
        return named.size() + others.size();
    }

    @Override
    public String kind() {
        return "a dict of " + size();
    }
}
