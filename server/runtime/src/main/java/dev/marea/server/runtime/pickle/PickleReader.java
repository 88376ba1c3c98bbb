package dev.marea.server.runtime.pickle;

import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.pickle.PyValue.Bool;
import dev.marea.server.runtime.pickle.PyValue.Global;
import dev.marea.server.runtime.pickle.PyValue.Int;
import dev.marea.server.runtime.pickle.PyValue.None;
import dev.marea.server.runtime.pickle.PyValue.Real;
import dev.marea.server.runtime.pickle.PyValue.Sequence;
import dev.marea.server.runtime.pickle.PyValue.Sequence.Form;
import dev.marea.server.runtime.pickle.PyValue.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Interprets one pickle, protocols 0 to 5, joblib files among them. A table of the opcodes and
 * nothing else: {@link Constructors} says what the few known calls give.
 */
public final class PickleReader {
    private static final int PROTOCOL_MAX = 5;
    private static final String NO_CODE =
            "a model of your own classes or functions is code: export it to ONNX, or serve it with"
                    + " a container of your own";

    private final PickleInput input;
    private final Budget budget;
    private final PickleStack stack;
    private final Constructors constructors;

    private PickleReader(PickleInput input, Budget budget) {
        this.input = input;
        this.budget = budget;
        this.stack = new PickleStack(input, budget);
        this.constructors = new Constructors(input, budget);
    }

    /**
     * What a file holds.
     *
     * @param bytes of the pickle, without its compression
     */
    public record Pickled(PyValue root, long bytes) {}

    /** Reads a whole file, refusing what is too large or followed by more bytes. */
    public static Pickled open(Path file, PickleLimits limits) throws LoadFailure {
        return open(file, PickleFile.bytes(file, limits), limits);
    }

    /** As {@link #open}, for who needs the value alone. */
    public static PyValue read(Path file, PickleLimits limits) throws LoadFailure {
        return open(file, limits).root();
    }

    static Pickled open(Path file, byte[] content, PickleLimits limits) throws LoadFailure {
        var bytes = PickleFile.plain(file, content, limits);
        var input = new PickleInput(file, bytes);
        var value = new PickleReader(input, new Budget(limits)).run();
        if (input.remaining() > 0) {
            throw input.damaged(input.remaining() + " bytes follow the end of the pickle");
        }
        return new Pickled(value, bytes.length);
    }

    /** Reads the pickle that joblib puts where an array of objects is due. */
    static PyValue nested(PickleInput input, Budget budget) throws LoadFailure {
        budget.enter(input);
        var value = new PickleReader(input, budget).run();
        budget.leave();
        return value;
    }

    private PyValue run() throws LoadFailure {
        for (int opcode = input.opcode(); opcode != Opcodes.STOP; opcode = input.opcode()) {
            if (!scalar(opcode) && !container(opcode) && !memory(opcode) && !call(opcode)) {
                throw refused(opcode);
            }
        }
        return stack.result();
    }

    private boolean scalar(int opcode) throws LoadFailure {
        switch (opcode) {
            case Opcodes.NONE -> stack.push(None.NONE);
            case Opcodes.NEWTRUE -> stack.push(Bool.TRUE);
            case Opcodes.NEWFALSE -> stack.push(Bool.FALSE);
            case Opcodes.BININT -> stack.push(new Int(input.i4()));
            case Opcodes.BININT1 -> stack.push(new Int(input.u1()));
            case Opcodes.BININT2 -> stack.push(new Int(input.u2()));
            case Opcodes.LONG1 -> stack.push(input.integer(input.u1()));
            case Opcodes.LONG4 -> stack.push(input.integer(input.u4()));
            case Opcodes.INT -> stack.push(intOrBool(input.shortLine()));
            case Opcodes.LONG -> stack.push(input.integer(withoutL(input.shortLine())));
            case Opcodes.FLOAT -> stack.push(new Real(input.real(input.shortLine())));
            case Opcodes.BINFLOAT -> stack.push(new Real(input.bigEndianDouble()));
            case Opcodes.STRING -> stack.push(quoted(input.line()));
            case Opcodes.UNICODE -> stack.push(rawUnicode(input.line()));
            case Opcodes.BINSTRING, Opcodes.BINBYTES -> stack.push(input.blob(input.u4()));
            case Opcodes.SHORT_BINSTRING, Opcodes.SHORT_BINBYTES ->
                    stack.push(input.blob(input.u1()));
            case Opcodes.BINBYTES8, Opcodes.BYTEARRAY8 -> stack.push(input.blob(input.i8()));
            case Opcodes.SHORT_BINUNICODE -> stack.push(text(input.u1()));
            case Opcodes.BINUNICODE -> stack.push(text(input.u4()));
            case Opcodes.BINUNICODE8 -> stack.push(text(input.i8()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean container(int opcode) throws LoadFailure {
        switch (opcode) {
            case Opcodes.EMPTY_TUPLE -> stack.push(tuple(List.of()));
            case Opcodes.TUPLE1 -> stack.push(tuple(stack.pop(1)));
            case Opcodes.TUPLE2 -> stack.push(tuple(stack.pop(2)));
            case Opcodes.TUPLE3 -> stack.push(tuple(stack.pop(3)));
            case Opcodes.TUPLE -> stack.push(tuple(stack.popToMark()));
            case Opcodes.EMPTY_LIST -> stack.push(Sequence.emptyList());
            case Opcodes.LIST -> stack.push(new Sequence(Form.LIST, stack.popToMark()));
            case Opcodes.EMPTY_SET -> stack.push(new Sequence(Form.SET, new ArrayList<>(0)));
            case Opcodes.FROZENSET -> stack.push(new Sequence(Form.SET, stack.popToMark()));
            case Opcodes.EMPTY_DICT -> stack.push(new PyDict());
            case Opcodes.DICT -> stack.push(put(new PyDict(), stack.popToMark()));
            case Opcodes.APPEND -> append(stack.pop(1));
            case Opcodes.APPENDS, Opcodes.ADDITEMS -> append(stack.popToMark());
            case Opcodes.SETITEM -> setItems(stack.pop(2));
            case Opcodes.SETITEMS -> setItems(stack.popToMark());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean memory(int opcode) throws LoadFailure {
        switch (opcode) {
            case Opcodes.MARK -> stack.mark();
            case Opcodes.POP -> stack.drop();
            case Opcodes.POP_MARK -> stack.popToMark();
            case Opcodes.DUP -> stack.push(stack.top());
            case Opcodes.MEMOIZE -> stack.rememberNext();
            case Opcodes.BINPUT -> stack.remember(input.u1());
            case Opcodes.LONG_BINPUT -> stack.remember(input.u4());
            case Opcodes.PUT -> stack.remember(index(input.shortLine()));
            case Opcodes.BINGET -> stack.recall(input.u1());
            case Opcodes.LONG_BINGET -> stack.recall(input.u4());
            case Opcodes.GET -> stack.recall(index(input.shortLine()));
            case Opcodes.FRAME -> input.i8(); // a hint for buffered readers
            case Opcodes.PROTO -> protocol(input.u1());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean call(int opcode) throws LoadFailure {
        switch (opcode) {
            case Opcodes.GLOBAL -> stack.push(global(input.shortLine(), input.shortLine()));
            case Opcodes.STACK_GLOBAL -> {
                var name = stack.pop(Text.class, "a name").value();
                stack.push(global(stack.pop(Text.class, "a module").value(), name));
            }
            case Opcodes.REDUCE -> {
                var arguments = arguments();
                stack.push(constructors.call(callee(), arguments));
            }
            case Opcodes.NEWOBJ -> {
                var arguments = arguments();
                stack.push(constructors.instance(callee(), arguments));
            }
            case Opcodes.NEWOBJ_EX -> {
                stack.pop(PyDict.class, "a dict of arguments");
                var arguments = arguments();
                stack.push(constructors.instance(callee(), arguments));
            }
            case Opcodes.INST -> {
                var type = global(input.shortLine(), input.shortLine());
                stack.push(constructors.instance(type, stack.popToMark()));
            }
            case Opcodes.OBJ -> stack.push(oldStyle(stack.popToMark()));
            case Opcodes.BUILD -> {
                var state = stack.pop();
                var built = constructors.build(stack.top(), state);
                stack.pop();
                stack.push(built);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private Global callee() throws LoadFailure {
        return stack.pop(Global.class, "a class to call");
    }

    private List<PyValue> arguments() throws LoadFailure {
        var arguments = stack.pop(Sequence.class, "a tuple of arguments");
        if (arguments.form() != Form.TUPLE) {
            throw input.damaged("needs a tuple of arguments, found " + arguments.kind());
        }
        return arguments.items();
    }

    private PyValue oldStyle(List<PyValue> classAndArguments) throws LoadFailure {
        if (classAndArguments.isEmpty() || !(classAndArguments.getFirst() instanceof Global type)) {
            throw input.damaged("needs a class and its arguments above the mark");
        }
        return constructors.instance(
                type, List.copyOf(classAndArguments.subList(1, classAndArguments.size())));
    }

    private Global global(String module, String name) throws LoadFailure {
        var global = Names.canonical(module, name);
        if (!Names.isData(global)) {
            throw input.refusal(
                    "refused: the pickle refers to %s, which is not data"
                            .formatted(PickleInput.shown(module + "." + name)),
                    NO_CODE);
        }
        return global;
    }

    private void append(List<PyValue> items) throws LoadFailure {
        var target = stack.top(Sequence.class, "a list or set");
        if (target.form() == Form.TUPLE) {
            throw input.damaged("a tuple takes no more items");
        }
        target.items().addAll(items);
    }

    private void setItems(List<PyValue> keysAndValues) throws LoadFailure {
        put(stack.top(PyDict.class, "a dict"), keysAndValues);
    }

    private PyDict put(PyDict dict, List<PyValue> keysAndValues) throws LoadFailure {
        if (keysAndValues.size() % 2 != 0) {
            throw input.damaged("a key without a value");
        }
        budget.objects(input, keysAndValues.size());
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            dict.put(keysAndValues.get(i), keysAndValues.get(i + 1));
        }
        return dict;
    }

    private static Sequence tuple(List<PyValue> items) {
        return new Sequence(Form.TUPLE, items);
    }

    private Text text(long length) throws LoadFailure {
        var blob = input.blob(length);
        budget.copied(input, length);
        return new Text(
                Texts.utf8(blob).orElseThrow(() -> input.damaged("a string that is not UTF-8")));
    }

    private PyValue quoted(String line) throws LoadFailure {
        budget.copied(input, line.length());
        return PyValue.Blob.of(
                Texts.unquoted(line).orElseThrow(() -> input.damaged("a malformed string")));
    }

    private Text rawUnicode(String line) throws LoadFailure {
        budget.copied(input, line.length());
        return new Text(
                Texts.rawUnicode(line).orElseThrow(() -> input.damaged("a malformed string")));
    }

    private PyValue intOrBool(String line) throws LoadFailure {
        return switch (line) {
            case "01" -> Bool.TRUE;
            case "00" -> Bool.FALSE;
            default -> input.integer(line);
        };
    }

    private static String withoutL(String line) {
        return line.endsWith("L") ? line.substring(0, line.length() - 1) : line;
    }

    private long index(String line) throws LoadFailure {
        return input.integer(line) instanceof Int(var index) ? index : -1;
    }

    private void protocol(int version) throws LoadFailure {
        if (version > PROTOCOL_MAX) {
            throw input.refusal(
                    "pickle protocol %d, newer than %d".formatted(version, PROTOCOL_MAX),
                    "save it with protocol=5");
        }
    }

    private LoadFailure refused(int opcode) {
        return switch (opcode) {
            case Opcodes.PERSID, Opcodes.BINPERSID ->
                    input.refusal(
                            "refused: a persistent id points outside the file",
                            "save the whole model in one file");
            case Opcodes.EXT1, Opcodes.EXT2, Opcodes.EXT4 ->
                    input.refusal(
                            "refused: an extension code stands for a class that only its writer"
                                    + " knows",
                            NO_CODE);
            case Opcodes.NEXT_BUFFER, Opcodes.READONLY_BUFFER ->
                    input.refusal(
                            "refused: the arrays were saved outside the pickle",
                            "save without buffer_callback");
            default -> input.damaged("this is no opcode of a pickle");
        };
    }
}
