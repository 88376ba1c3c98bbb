package dev.marea.server.models;

import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.Elements;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Tensor;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A model's {@code warmup.json}: a list of requests as the V2 protocol has them, of which {@code
 * inputs} and {@code outputs} count.
 */
final class WarmUpFile {
    private static final long BYTES_MAX = 4 << 20;
    private static final int REQUESTS_MAX = 100;

    private WarmUpFile() {}

    record Request(List<Tensor> inputs, List<String> outputs) {}

    /** What is wrong, and where in the file. */
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String reason) {
            super(reason, null, false, false);
        }
    }

    static List<Request> read(Path file) throws LoadFailure {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new Wrong("is larger than " + BYTES_MAX + " bytes");
            }
            return requests(JsonReader.read(Files.readAllBytes(file)));
        } catch (IOException | Wrong bad) {
            throw new LoadFailure(
                            file,
                            String.valueOf(bad.getMessage()),
                            "a list of requests as in the V2 protocol is needed")
                    .causedBy(bad);
        }
    }

    private static List<Request> requests(Json file) throws Wrong {
        var requests = new ArrayList<Request>();
        for (var item : list(file, "the file")) {
            var where = "request " + requests.size();
            if (requests.size() == REQUESTS_MAX) {
                throw new Wrong("has more than " + REQUESTS_MAX + " requests");
            }
            requests.add(new Request(inputs(item, where), outputs(item, where)));
        }
        return requests;
    }

    private static List<Tensor> inputs(Json request, String where) throws Wrong {
        var inputs = new ArrayList<Tensor>();
        for (var input : list(field(request, "inputs", where), where + ": inputs")) {
            inputs.add(tensor(input, where + ", input " + inputs.size()));
        }
        return inputs;
    }

    private static List<String> outputs(Json request, String where) throws Wrong {
        var names = new ArrayList<String>();
        if (request instanceof Json.Obj object && object.has("outputs")) {
            for (var output : list(field(request, "outputs", where), where + ": outputs")) {
                names.add(text(field(output, "name", where), where + ": an output's name"));
            }
        }
        return names;
    }

    private static Tensor tensor(Json input, String where) throws Wrong {
        var name = text(field(input, "name", where), where + ": name");
        var typeName = text(field(input, "datatype", where), where + ": datatype");
        var type =
                Datatype.named(typeName)
                        .orElseThrow(() -> new Wrong(where + ": unknown datatype " + typeName));
        var dimensions = list(field(input, "shape", where), where + ": shape");
        var shape = new int[dimensions.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = (int) whole(dimensions.get(i), 0, Integer.MAX_VALUE, where + ": shape");
        }
        var values = new ArrayList<Json>();
        flatten(field(input, "data", where), values);
        try {
            return new Tensor(name, type, shape, elements(type, values, where + ": data"));
        } catch (IllegalArgumentException | ArithmeticException bad) {
            throw new Wrong(where + ": " + bad.getMessage());
        }
    }

    private static void flatten(Json data, List<Json> values) {
        if (data instanceof Json.Arr(var items)) {
            for (var item : items) {
                flatten(item, values);
            }
        } else {
            values.add(data);
        }
    }

    private static Elements elements(Datatype type, List<Json> values, String where) throws Wrong {
        return switch (type) {
            case BOOL -> truths(values, where);
            case INT8, UINT8 -> {
                var wholes = wholes(values, Byte.MIN_VALUE, 0xff, where);
                var array = new byte[wholes.length];
                for (int i = 0; i < array.length; i++) {
                    array[i] = (byte) wholes[i];
                }
                yield new Elements.Bytes(array);
            }
            case INT16, UINT16 -> {
                var wholes = wholes(values, Short.MIN_VALUE, 0xffff, where);
                var array = new short[wholes.length];
                for (int i = 0; i < array.length; i++) {
                    array[i] = (short) wholes[i];
                }
                yield new Elements.Shorts(array);
            }
            case INT32, UINT32 -> {
                var wholes = wholes(values, Integer.MIN_VALUE, 0xffff_ffffL, where);
                var array = new int[wholes.length];
                for (int i = 0; i < array.length; i++) {
                    array[i] = (int) wholes[i];
                }
                yield new Elements.Ints(array);
            }
            case INT64, UINT64 ->
                    new Elements.Longs(wholes(values, Long.MIN_VALUE, Long.MAX_VALUE, where));
            case FP32 -> {
                var numbers = numbers(values, where);
                var array = new float[numbers.length];
                for (int i = 0; i < array.length; i++) {
                    array[i] = (float) numbers[i];
                }
                yield new Elements.Floats(array);
            }
            case FP64 -> new Elements.Doubles(numbers(values, where));
            case BYTES -> texts(values, where);
            case FP16, BF16 -> throw new Wrong(where + " of " + type + " cannot be given in JSON");
        };
    }

    private static Elements truths(List<Json> values, String where) throws Wrong {
        var array = new boolean[values.size()];
        for (int i = 0; i < array.length; i++) {
            if (!(values.get(i) instanceof Json.Bool(var truth))) {
                throw new Wrong(where + " must be true or false");
            }
            array[i] = truth;
        }
        return new Elements.Bools(array);
    }

    private static Elements texts(List<Json> values, String where) throws Wrong {
        var array = new String[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = text(values.get(i), where);
        }
        return new Elements.Texts(array);
    }

    private static long[] wholes(List<Json> values, long least, long most, String where)
            throws Wrong {
        var array = new long[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = whole(values.get(i), least, most, where);
        }
        return array;
    }

    private static double[] numbers(List<Json> values, String where) throws Wrong {
        var array = new double[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] =
                    switch (values.get(i)) {
                        case Json.Int(long number) -> number;
                        case Json.Dec(double number) -> number;
                        case Json.Obj _, Json.Arr _, Json.Str _, Json.Bool _, Json.Null _ ->
                                throw new Wrong(where + " must be numbers");
                    };
        }
        return array;
    }

    private static Json field(Json of, String name, String where) throws Wrong {
        if (of instanceof Json.Obj(var fields)) {
            var value = fields.get(name);
            if (value != null) {
                return value;
            }
        }
        throw new Wrong(where + " has no '" + name + "'");
    }

    private static List<Json> list(Json value, String where) throws Wrong {
        if (value instanceof Json.Arr(var items)) {
            return items;
        }
        throw new Wrong(where + " must be a list");
    }

    private static String text(Json value, String where) throws Wrong {
        if (value instanceof Json.Str(var text)) {
            return text;
        }
        throw new Wrong(where + " must be a string");
    }

    private static long whole(Json value, long least, long most, String where) throws Wrong {
        if (value instanceof Json.Int(long number) && number >= least && number <= most) {
            return number;
        }
        throw new Wrong("%s must be whole numbers %d..%d".formatted(where, least, most));
    }
}
