"""Makes the ONNX samples with onnx and skl2onnx; the expected answers are onnxruntime's own. See README.md."""

import json
import pathlib
import shutil

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import StringTensorType
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from make import data, plain, sample

HERE = pathlib.Path(__file__).parent / "onnx"
OPSETS = [helper.make_opsetid("", 17)]
VERSIONS = {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__}


def fresh(name):
    directory = HERE / name
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    return directory


def expect(directory, feeds, session=None):
    session = session or onnxruntime.InferenceSession(str(directory / "model.onnx"))
    answers = {}
    for spec, value in zip(session.get_outputs(), session.run(None, feeds)):
        if isinstance(value, list):
            value = np.stack(value)  # a sequence of tensors of one shape: one more dimension
        answers[spec.name] = plain(value)
    text = json.dumps({"made_with": VERSIONS, "inputs": {k: plain(v) for k, v in feeds.items()}, "answers": answers})
    (directory / "expected.json").write_text(text + "\n")


def graph(nodes, inputs, outputs, initializers=(), name="g"):
    made = helper.make_model(
        helper.make_graph(nodes, name, [helper.make_tensor_value_info(*i) for i in inputs], outputs, list(initializers)),
        opset_imports=OPSETS, ir_version=8)
    return made


def tensors(*specs):
    return [helper.make_tensor_value_info(*spec) for spec in specs]


def save(name, model, feeds):
    directory = fresh(name)
    onnx.checker.check_model(model)
    (directory / "model.onnx").write_bytes(model.SerializeToString())
    expect(directory, feeds)


def unsigned():
    """Types that ONNX Runtime's Java door does not make."""
    kinds = {"a": (TensorProto.UINT16, np.uint16), "b": (TensorProto.UINT32, np.uint32), "c": (TensorProto.UINT64, np.uint64)}
    nodes = [helper.make_node("Identity", [k], [k + "_out"]) for k in kinds]
    nodes += [helper.make_node("Cast", [k], [k + "_real"], to=TensorProto.DOUBLE) for k in kinds]
    nodes.append(helper.make_node("Sum", [k + "_real" for k in kinds], ["sum"]))
    outputs = tensors(*[(k + "_out", t, ["n"]) for k, (t, _) in kinds.items()], ("sum", TensorProto.DOUBLE, ["n"]))
    save("unsigned", graph(nodes, [(k, t, ["n"]) for k, (t, _) in kinds.items()], outputs), {
        "a": np.array([0, 1, 65535], np.uint16),
        "b": np.array([0, 1, 4294967295], np.uint32),
        "c": np.array([0, 1, 2**63 + 2048], np.uint64)})


def half():
    nodes = [helper.make_node("Add", ["x", "x"], ["twice"]), helper.make_node("Cast", ["x"], ["brain"], to=TensorProto.BFLOAT16),
             helper.make_node("Cast", ["brain"], ["back"], to=TensorProto.FLOAT)]
    outputs = tensors(("twice", TensorProto.FLOAT16, ["n"]), ("back", TensorProto.FLOAT, ["n"]))
    save("half", graph(nodes, [("x", TensorProto.FLOAT16, ["n"])], outputs), {"x": np.array([0.5, -1.25, 32000, 6e-8], np.float16)})


def sequence():
    nodes = [helper.make_node("SplitToSequence", ["x"], ["parts"], axis=0, keepdims=0)]
    outputs = [helper.make_tensor_sequence_value_info("parts", TensorProto.FLOAT, [2])]
    save("sequence", graph(nodes, [("x", TensorProto.FLOAT, ["n", 2])], outputs), {"x": np.arange(6, dtype=np.float32).reshape(3, 2)})


def external():
    """Weights in a file of their own, as large models have them."""
    weights = np.random.RandomState(3).normal(size=(64, 8)).astype(np.float32)
    model = graph([helper.make_node("MatMul", ["x", "w"], ["y"])], [("x", TensorProto.FLOAT, ["n", 64])],
                  tensors(("y", TensorProto.FLOAT, ["n", 8])), [numpy_helper.from_array(weights, "w")])
    directory = fresh("external")
    onnx.save_model(model, str(directory / "model.onnx"), save_as_external_data=True, location="weights.bin", size_threshold=0)
    expect(directory, {"x": np.random.RandomState(4).normal(size=(2, 64)).astype(np.float32)})


def lookup():
    """A table that is looked up where it lies: a runtime that maps its file needs the file to stay."""
    table = numpy_helper.from_array(np.full((16384, 2), 7, np.float32), "table")
    model = graph([helper.make_node("Gather", ["table", "row"], ["weights"])], [("row", TensorProto.INT64, ["n"])],
                  tensors(("weights", TensorProto.FLOAT, ["n", 2])), [table])
    directory = fresh("lookup")
    onnx.save_model(model, str(directory / "model.onnx"), save_as_external_data=True, location="weights.bin", size_threshold=0)
    expect(directory, {"row": np.array([0, 16383], np.int64)})


def text():
    """A text pipeline: its graph has a StringNormalizer, which asks for a locale."""
    words = ["good fine great tide", "bad awful poor ebb", "fine tide great", "poor bad ebb awful", "great good", "awful bad"]
    model = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(words, [1, 0, 1, 0, 1, 0])
    onx = to_onnx(model, initial_types=[("text", StringTensorType([None, 1]))], target_opset=17, options={"zipmap": False})
    directory = fresh("text")
    (directory / "model.onnx").write_bytes(onx.SerializeToString())
    asked = np.array([["GOOD tide"], ["bad ebb"], ["unknown words"], [""]], dtype=object)
    # Without a locale on this machine the real runtime refuses the graph as it stands; the answers do not depend on it.
    for node in onx.graph.node:
        if node.op_type == "StringNormalizer":
            node.attribute.append(helper.make_attribute("locale", "C.UTF-8"))
    expect(directory, {"text": asked}, onnxruntime.InferenceSession(onx.SerializeToString()))


def forest():
    rows, kinds, _ = data("wine")
    model = RandomForestClassifier(20, max_depth=5, random_state=0).fit(rows.astype(np.float32), kinds)
    onx = to_onnx(model, rows[:1].astype(np.float32), target_opset=17, options={"zipmap": False})
    directory = fresh("forest")
    (directory / "model.onnx").write_bytes(onx.SerializeToString())
    expect(directory, {"X": sample(rows, 200).astype(np.float32)})


def residual(name="residual", side=32, wide=16):
    """A residual network of the ResNet kind: pictures of 3 x side x side, ten classes, random weights."""
    random = np.random.RandomState(5)
    nodes, initializers = [], []

    def weight(name, *shape):
        scale = np.sqrt(2 / np.prod(shape[1:])) if len(shape) > 1 else 0.01
        initializers.append(numpy_helper.from_array((random.normal(size=shape) * scale).astype(np.float32), name))
        return name

    def conv(source, target, ins, outs, stride=1, kernel=3):
        pad = kernel // 2
        nodes.append(helper.make_node("Conv", [source, weight(target + "_w", outs, ins, kernel, kernel), weight(target + "_b", outs)],
                                      [target], kernel_shape=[kernel, kernel], strides=[stride, stride], pads=[pad] * 4))
        return target

    def relu(source):
        nodes.append(helper.make_node("Relu", [source], [source + "_r"]))
        return source + "_r"

    at, channels = relu(conv("image", "stem", 3, wide)), wide
    for i, (out, stride) in enumerate([(wide, 1), (2 * wide, 2), (4 * wide, 2)]):
        inner = conv(relu(conv(at, f"b{i}a", channels, out, stride)), f"b{i}b", out, out)
        short = at if out == channels and stride == 1 else conv(at, f"b{i}s", channels, out, stride, 1)
        nodes.append(helper.make_node("Add", [inner, short], [f"b{i}"]))
        at, channels = relu(f"b{i}"), out
    nodes.append(helper.make_node("GlobalAveragePool", [at], ["pool"]))
    nodes.append(helper.make_node("Flatten", ["pool"], ["flat"]))
    nodes.append(helper.make_node("Gemm", ["flat", weight("fc_w", 4 * wide, 10), weight("fc_b", 10)], ["scores"]))
    nodes.append(helper.make_node("Softmax", ["scores"], ["probabilities"]))
    model = graph(nodes, [("image", TensorProto.FLOAT, ["n", 3, side, side])], tensors(("probabilities", TensorProto.FLOAT, ["n", 10])), initializers)
    directory = fresh(name)
    onnx.checker.check_model(model)
    (directory / "model.onnx").write_bytes(model.SerializeToString())
    pictures = np.round(random.normal(size=(2, 3, side, side)), 2).astype(np.float32)
    expect(directory, {"image": pictures})


def endless():
    """A loop that would run for ever: whoever serves it must stop it."""
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["again"]), helper.make_node("Add", ["v", "one"], ["next"])], "body",
        tensors(("i", TensorProto.INT64, []), ("go", TensorProto.BOOL, []), ("v", TensorProto.FLOAT, [1])),
        tensors(("again", TensorProto.BOOL, []), ("next", TensorProto.FLOAT, [1])))
    model = graph([helper.make_node("Loop", ["trips", "yes", "x"], ["y"], body=body)], [("x", TensorProto.FLOAT, [1])],
                  tensors(("y", TensorProto.FLOAT, [1])),
                  [helper.make_tensor("trips", TensorProto.INT64, [], [2**63 - 1]), helper.make_tensor("yes", TensorProto.BOOL, [], [True]),
                   helper.make_tensor("one", TensorProto.FLOAT, [1], [1.0])])
    (fresh("endless") / "model.onnx").write_bytes(model.SerializeToString())


if __name__ == "__main__":
    for make in (unsigned, half, sequence, external, lookup, text, forest, residual, endless):
        make()
    print("made with", VERSIONS)
