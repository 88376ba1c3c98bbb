package dev.marea.server.runtime.pickle;

import dev.marea.server.runtime.LoadFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The pickle machine's memory: a stack with marks, and a memo. Every misuse is a failure. */
final class PickleStack {
    private final PickleInput input;
    private final Budget budget;
    private final List<PyValue> values = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Long, PyValue> memo = new HashMap<>();

    PickleStack(PickleInput input, Budget budget) {
        this.input = input;
        this.budget = budget;
    }

    void push(PyValue value) throws LoadFailure {
        budget.objects(input, 1);
        if (values.size() >= budget.limits().stackMax()) {
            throw input.damaged("more than " + budget.limits().stackMax() + " values at once");
        }
        values.add(value);
    }

    void mark() throws LoadFailure {
        budget.objects(input, 1);
        if (marks.size() >= budget.limits().stackMax()) {
            throw input.damaged("more than " + budget.limits().stackMax() + " open marks");
        }
        marks.add(values.size());
    }

    PyValue top() throws LoadFailure {
        if (values.size() <= floor()) {
            throw input.damaged("the stack is empty");
        }
        return values.getLast();
    }

    PyValue pop() throws LoadFailure {
        var value = top();
        values.removeLast();
        return value;
    }

    /** Python's POP drops an open mark too, when nothing lies above it. */
    void drop() throws LoadFailure {
        if (!marks.isEmpty() && marks.getLast() == values.size()) {
            marks.removeLast();
        } else {
            pop();
        }
    }

    /** Takes the last values, oldest first. */
    List<PyValue> pop(int count) throws LoadFailure {
        if (values.size() - floor() < count) {
            throw input.damaged("needs " + count + " values on the stack");
        }
        return cut(values.size() - count);
    }

    /** Takes everything above the last mark, and the mark. */
    List<PyValue> popToMark() throws LoadFailure {
        if (marks.isEmpty()) {
            throw input.damaged("no mark is open");
        }
        return cut(marks.removeLast());
    }

    private List<PyValue> cut(int from) {
        var tail = values.subList(from, values.size());
        var taken = new ArrayList<>(tail);
        tail.clear();
        return taken;
    }

    private int floor() {
        return marks.isEmpty() ? 0 : marks.getLast();
    }

    /** Takes the top if it is of a kind, else fails naming what was expected. */
    <T extends PyValue> T pop(Class<T> kind, String expected) throws LoadFailure {
        return cast(pop(), kind, expected);
    }

    <T extends PyValue> T top(Class<T> kind, String expected) throws LoadFailure {
        return cast(top(), kind, expected);
    }

    private <T extends PyValue> T cast(PyValue value, Class<T> kind, String expected)
            throws LoadFailure {
        if (!kind.isInstance(value)) {
            throw input.damaged("needs " + expected + ", found " + value.kind());
        }
        return kind.cast(value);
    }

    void remember(long index) throws LoadFailure {
        budget.objects(input, 1);
        if (index < 0) {
            throw input.damaged("a negative memo index");
        }
        memo.put(index, top());
    }

    void rememberNext() throws LoadFailure {
        remember(memo.size());
    }

    void recall(long index) throws LoadFailure {
        var value = memo.get(index);
        if (value == null) {
            throw input.damaged("nothing is remembered as " + index);
        }
        push(value);
    }

    /** The value that STOP hands over. */
    PyValue result() throws LoadFailure {
        if (!marks.isEmpty()) {
            throw input.damaged(marks.size() + " marks are still open at the end");
        }
        return pop();
    }
}
