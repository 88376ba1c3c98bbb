package dev.marea.server.runtime.pickle;

import java.util.List;
import java.util.Optional;

/** An instance that Python would have made: its class by name, its arguments and its state. */
public final class PyObject implements PyValue {
    private final Global type;
    private final List<PyValue> arguments;
    private final long offset;
    private PyDict attributes = new PyDict();

    PyObject(Global type, List<PyValue> arguments, long offset) {
        this.type = type;
        this.arguments = arguments;
        this.offset = offset;
    }

    public Global type() {
        return type;
    }

    public List<PyValue> arguments() {
        return arguments;
    }

    /** Where in the file it was made. */
    public long offset() {
        return offset;
    }

    public Optional<PyValue> attribute(String name) {
        return attributes.get(name);
    }

    PyDict attributes() {
        return attributes;
    }

    /** Takes a whole state without a copy, when it is the first one. */
    void become(PyDict state) {
        if (attributes.size() == 0) {
            attributes = state;
        } else {
            var merged = new PyDict();
            merged.putAll(attributes);
            merged.putAll(state);
            attributes = merged;
        }
    }

    @Override
    public String kind() {
        return "an object of " + type.full();
    }
}
