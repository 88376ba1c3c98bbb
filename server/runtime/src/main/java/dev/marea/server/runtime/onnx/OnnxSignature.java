package dev.marea.server.runtime.onnx;

import ai.onnxruntime.MapInfo;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import dev.marea.server.runtime.BadInput;
import dev.marea.server.runtime.Datatype;
import dev.marea.server.runtime.LoadFailure;
import dev.marea.server.runtime.Tensor;
import dev.marea.server.runtime.TensorSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a graph takes and gives, and the check of a request against it.
 *
 * @param dimensionNames for each input the names of its dimensions; one name is one size
 */
record OnnxSignature(
        List<TensorSpec> inputs, List<TensorSpec> outputs, List<List<String>> dimensionNames) {
    private static final String CHANGE = "change the graph's type with a Cast and export it again";

    static OnnxSignature of(OrtSession session, Path file) throws OrtException, LoadFailure {
        var inputs = new ArrayList<TensorSpec>();
        var names = new ArrayList<List<String>>();
        for (var node : session.getInputInfo().values()) {
            if (!(node.getInfo() instanceof TensorInfo info)) {
                throw new LoadFailure(
                        file, "the input '" + node.getName() + "' is no tensor", CHANGE);
            }
            inputs.add(spec(node.getName(), info, file));
            names.add(List.of(info.getDimensionNames()));
        }
        var outputs = new ArrayList<TensorSpec>();
        for (var node : session.getOutputInfo().values()) {
            outputs.add(output(node, file));
        }
        return new OnnxSignature(inputs, outputs, names);
    }

    private static TensorSpec output(NodeInfo node, Path file) throws LoadFailure {
        return switch (node.getInfo()) {
            case TensorInfo info -> spec(node.getName(), info, file);
            case SequenceInfo sequence when isZipMap(sequence) ->
                    TensorSpec.of(node.getName(), Datatype.FP32, -1, -1);
            case SequenceInfo sequence when !sequence.isSequenceOfMaps() ->
                    TensorSpec.of(node.getName(), listed(node.getName(), sequence, file), -1);
            case MapInfo map when map.valueType == OnnxJavaType.FLOAT ->
                    TensorSpec.of(node.getName(), Datatype.FP32, -1);
            default ->
                    throw new LoadFailure(
                            file,
                            "the output '%s' is %s, which the protocol cannot carry"
                                    .formatted(node.getName(), node.getInfo()),
                            "export the model with tensors as outputs");
        };
    }

    /** A list of tensors of one shape is answered as one tensor with one dimension more. */
    private static Datatype listed(String name, SequenceInfo sequence, Path file)
            throws LoadFailure {
        return switch (sequence.sequenceType) {
            case FLOAT -> Datatype.FP32;
            case DOUBLE -> Datatype.FP64;
            case INT8 -> Datatype.INT8;
            case INT16 -> Datatype.INT16;
            case INT32 -> Datatype.INT32;
            case INT64 -> Datatype.INT64;
            case BOOL -> Datatype.BOOL;
            case UINT8 -> Datatype.UINT8;
            case FLOAT16 -> Datatype.FP16;
            case BFLOAT16 -> Datatype.BF16;
            case STRING -> Datatype.BYTES;
            case UNKNOWN ->
                    throw new LoadFailure(
                            file, "'" + name + "' lists what the protocol lacks", CHANGE);
        };
    }

    private static boolean isZipMap(SequenceInfo sequence) {
        MapInfo map = sequence.mapInfo;
        return sequence.isSequenceOfMaps() && map != null && map.valueType == OnnxJavaType.FLOAT;
    }

    private static TensorSpec spec(String name, TensorInfo info, Path file) throws LoadFailure {
        var datatype =
                OnnxValues.datatype(info.onnxType)
                        .orElseThrow(() ->
                                new LoadFailure(
                                        file,
                                        "'%s' has the type %s, which the protocol lacks"
                                                .formatted(name, info.onnxType),
                                        CHANGE));
        var shape = Arrays.stream(info.getShape()).mapToInt(Math::toIntExact).toArray();
        return TensorSpec.of(name, datatype, shape);
    }

    List<String> outputNames() {
        return outputs.stream().map(TensorSpec::name).toList();
    }

    /** The request's tensors by the graph's names, in the graph's order. */
    Map<String, Tensor> arranged(List<Tensor> given) throws BadInput {
        var arranged = new LinkedHashMap<String, Tensor>();
        var sizes = new HashMap<String, Integer>();
        for (int i = 0; i < inputs.size(); i++) {
            var input = inputs.get(i);
            var tensor = find(input, given);
            check(tensor, input);
            checkNamedDimensions(tensor, dimensionNames.get(i), sizes);
            arranged.put(input.name(), tensor);
        }
        refuseMore(given);
        return arranged;
    }

    private Tensor find(TensorSpec input, List<Tensor> given) throws BadInput {
        if (inputs.size() == 1 && given.size() == 1) {
            return given.getFirst(); // a single input goes by any name
        }
        return given.stream()
                .filter(tensor -> tensor.name().equals(input.name()))
                .findFirst()
                .orElseThrow(
                        () -> new BadInput(input.name(), "is missing; the model takes " + takes()));
    }

    private void refuseMore(List<Tensor> given) throws BadInput {
        if (given.size() > inputs.size()) {
            var names = inputs.stream().map(TensorSpec::name).collect(Collectors.toSet());
            var extra =
                    given.stream()
                            .map(Tensor::name)
                            .filter(name -> !names.contains(name))
                            .findFirst()
                            .orElse("inputs");
            throw new BadInput(extra, "is not taken or given twice; the model takes " + takes());
        }
    }

    private String takes() {
        return inputs.stream().map(TensorSpec::name).collect(Collectors.joining(", "));
    }

    private static void check(Tensor tensor, TensorSpec input) throws BadInput {
        if (tensor.datatype() != input.datatype()) {
            throw new BadInput(
                    tensor.name(),
                    "must be %s, is %s".formatted(input.datatype(), tensor.datatype()));
        }
        var shape = tensor.shape();
        boolean known = !input.shape().isEmpty(); // an unknown rank looks like a scalar
        boolean fits = !known || shape.length == input.shape().size();
        for (int i = 0; fits && known && i < shape.length; i++) {
            int wanted = input.shape().get(i);
            fits = wanted < 0 || shape[i] == wanted;
        }
        if (!fits) {
            throw new BadInput(
                    tensor.name(),
                    "must have the shape %s, has %s"
                            .formatted(input.shape(), Arrays.toString(shape)));
        }
        if (tensor.elements().length() == 0) {
            throw new BadInput(tensor.name(), "must hold at least one element");
        }
    }

    private static void checkNamedDimensions(
            Tensor tensor, List<String> names, Map<String, Integer> sizes) throws BadInput {
        for (int i = 0; i < Math.min(names.size(), tensor.rank()); i++) {
            var name = names.get(i);
            int size = tensor.shape()[i];
            var before = name.isEmpty() ? Optional.<Integer>empty() : known(sizes, name, size);
            if (before.isPresent() && before.get() != size) {
                throw new BadInput(
                        tensor.name(),
                        "has %d for the dimension '%s', another input has %d"
                                .formatted(size, name, before.get()));
            }
        }
    }

    private static Optional<Integer> known(Map<String, Integer> sizes, String name, int size) {
        return Optional.ofNullable(sizes.putIfAbsent(name, size));
    }
}
