"""Trains the sample models with the real libraries and writes their own answers beside them.

Every directory gets one model file and an expected.json:
  {"made_with": {...}, "input": [[...], ...], "answers": {"predict": [...], ...}}
Seeds are fixed; numbers are the library's, not ours. See README.md.
"""

import argparse
import json
import pathlib
import pickle
import shutil
import sys
import warnings

import joblib
import numpy as np
import sklearn
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import (
    ElasticNet,
    Lasso,
    LinearRegression,
    LogisticRegression,
    Perceptron,
    PoissonRegressor,
    Ridge,
    RidgeClassifier,
    SGDClassifier,
    SGDRegressor,
)
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    RobustScaler,
    StandardScaler,
)
from sklearn.svm import LinearSVC, LinearSVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).parent
METHODS = ("predict", "predict_proba", "decision_function", "transform")


def plain(value):
    return value.tolist() if isinstance(value, np.ndarray) else value


def rounded(rows):
    """Inputs as short numbers that JSON carries exactly."""
    return np.round(np.asarray(rows, dtype=float), 2)


def sample(rows, count, seed=7):
    """Rows of the data and rows around them, so that not every answer is a trained one."""
    random = np.random.RandomState(seed)
    picked = rows[random.randint(0, len(rows), count)]
    return rounded(picked + random.normal(0, 0.15, picked.shape) * rows.std(axis=0))


def write_expected(directory, rows, answers, **more):
    made_with = {"scikit-learn": sklearn.__version__, "numpy": np.__version__, **more}
    nan_safe = [[None if np.isnan(v) else v for v in row] for row in rows.tolist()]
    text = json.dumps({"made_with": made_with, "input": nan_safe, "answers": answers})
    (directory / "expected.json").write_text(text + "\n")


def save(directory, name, model, rows, protocol=5, joblib_file=False, methods=METHODS):
    directory = HERE / directory
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    if joblib_file:
        joblib.dump(model, directory / f"{name}.joblib", compress=0, protocol=protocol)
    else:
        (directory / f"{name}.pkl").write_bytes(pickle.dumps(model, protocol=protocol))
    answers = {}
    for method in methods:
        # A pipeline offers what its last step does.
        if hasattr(model, method):
            answers[method] = plain(getattr(model, method)(rows))
    write_expected(directory, rows, answers)


def data(name):
    loaded = {
        "iris": load_iris,
        "cancer": load_breast_cancer,
        "wine": load_wine,
        "diabetes": load_diabetes,
    }[name]()
    return loaded.data, loaded.target, [str(n) for n in getattr(loaded, "target_names", [])]


def variants(root, count=120):
    """The estimators that every version of the library can fit, one directory each."""
    iris, kind, names = data("iris")
    flowers = np.array(names)[kind]
    wide, ill, _ = data("cancer")
    wide, wide_rows = wide[:, :8], sample(wide[:, :8], count)
    diabetes, progress, _ = data("diabetes")
    diabetes = np.round(diabetes * 100, 2)
    iris_rows, diabetes_rows = sample(iris, count), sample(diabetes, count)
    holes = iris.copy()
    holes[::7, 1] = np.nan
    holes_rows = iris_rows.copy()
    holes_rows[::5, 1] = np.nan
    holes_rows[::9, 3] = np.nan

    def go(name, model, rows, **how):
        save(f"{root}/{name}", "model", model, rows, **how)

    go("logistic-binary", LogisticRegression(C=0.5, max_iter=5000).fit(wide, ill), wide_rows)
    go("logistic-liblinear",
       LogisticRegression(solver="liblinear").fit(wide, ill.astype(bool)), wide_rows)
    go("logistic-strings-p4",
       LogisticRegression(max_iter=500).fit(iris, flowers), iris_rows, protocol=4)
    go("logistic-object-labels-p0",
       LogisticRegression(max_iter=500).fit(iris, flowers.astype(object)), iris_rows, protocol=0)
    go("sgd-log", make_pipeline(StandardScaler(), SGDClassifier(
        loss="log_loss", random_state=1)).fit(iris, kind), iris_rows)
    go("sgd-huber", make_pipeline(StandardScaler(), SGDClassifier(
        loss="modified_huber", random_state=1)).fit(iris, kind), iris_rows)
    go("linear-svc", make_pipeline(MaxAbsScaler(), LinearSVC(
        random_state=1, dual=False)).fit(iris, kind), iris_rows, protocol=3)
    go("ridge-classifier", RidgeClassifier().fit(iris, flowers), iris_rows)
    go("perceptron", make_pipeline(StandardScaler(), Perceptron(random_state=1)).fit(
        wide, ill * 2.0), wide_rows)
    go("linear", LinearRegression().fit(diabetes, progress), diabetes_rows)
    go("linear-two-targets", LinearRegression().fit(
        diabetes, np.c_[progress, -progress / 3]), diabetes_rows, protocol=2)
    go("ridge", make_pipeline(RobustScaler(), Ridge(alpha=0.3)).fit(diabetes, progress),
       diabetes_rows)
    go("lasso", Lasso(alpha=0.5).fit(diabetes, progress), diabetes_rows)
    go("elastic-net-fortran-joblib", ElasticNet(alpha=0.5).fit(
        np.asfortranarray(diabetes), progress), diabetes_rows, joblib_file=True)
    go("sgd-regressor", make_pipeline(StandardScaler(), SGDRegressor(
        random_state=1)).fit(diabetes, progress), diabetes_rows)
    go("linear-svr", LinearSVR(random_state=1, max_iter=20000, dual=True).fit(diabetes, progress),
       diabetes_rows)
    go("poisson", PoissonRegressor(max_iter=500).fit(diabetes, progress), diabetes_rows)
    go("tree-strings", DecisionTreeClassifier(max_depth=4, random_state=1).fit(iris, flowers),
       iris_rows)
    go("tree-big-endian-labels-p2", DecisionTreeClassifier(max_depth=3, random_state=1).fit(
        iris, (kind * 10).astype(">i4")), iris_rows, protocol=2)
    go("tree-one-class", DecisionTreeClassifier().fit(iris, kind * 0 + 5), iris_rows)
    go("tree-regressor", DecisionTreeRegressor(max_depth=4, random_state=1).fit(
        diabetes, progress), diabetes_rows)
    go("forest-joblib", RandomForestClassifier(12, max_depth=4, random_state=1).fit(wide, ill),
       wide_rows, joblib_file=True)
    go("forest-strings-p3", RandomForestClassifier(6, max_depth=3, random_state=1).fit(
        iris, flowers), iris_rows, protocol=3)
    go("forest-regressor", RandomForestRegressor(8, max_depth=4, random_state=1).fit(
        diabetes, progress), diabetes_rows)
    go("forest-two-targets", RandomForestRegressor(4, max_depth=3, random_state=1).fit(
        diabetes, np.c_[progress, progress / 7]), diabetes_rows)
    go("extra-trees-p2", ExtraTreesClassifier(6, max_depth=3, random_state=1).fit(iris, kind),
       iris_rows, protocol=2)
    go("boosting-binary", GradientBoostingClassifier(
        n_estimators=12, max_depth=2, random_state=1).fit(wide, ill), wide_rows)
    go("boosting-multi-joblib", GradientBoostingClassifier(
        n_estimators=6, max_depth=2, random_state=1).fit(iris, flowers), iris_rows,
       joblib_file=True)
    go("boosting-exponential", GradientBoostingClassifier(
        n_estimators=8, max_depth=2, loss="exponential", random_state=1).fit(wide, ill), wide_rows)
    go("boosting-zero", GradientBoostingClassifier(
        n_estimators=5, max_depth=2, init="zero", random_state=1).fit(iris, kind), iris_rows)
    go("boosting-regressor", GradientBoostingRegressor(
        n_estimators=12, max_depth=2, random_state=1).fit(diabetes, progress), diabetes_rows)
    go("kmeans", KMeans(4, n_init=3, random_state=1).fit(iris), iris_rows)
    go("kmeans-minibatch-scaled", make_pipeline(MinMaxScaler(clip=True), MiniBatchKMeans(
        3, n_init=3, random_state=1)).fit(iris), iris_rows, protocol=4)
    go("normalizer-pca", make_pipeline(Normalizer("l1"), PCA(2, whiten=True)).fit(iris), iris_rows)
    go("imputer-scaler-logistic", make_pipeline(
        SimpleImputer(strategy="median"), StandardScaler(), LogisticRegression()).fit(holes, kind),
       holes_rows)
    search = GridSearchCV(make_pipeline(StandardScaler(), LogisticRegression()), {
        "logisticregression__C": [0.1, 1.0]}, cv=3).fit(iris, kind)
    # Times differ from run to run, and the file should not.
    search.refit_time_ = 0.0
    for key in [key for key in search.cv_results_ if "time" in key]:
        search.cv_results_[key] = np.zeros_like(search.cv_results_[key])
    go("grid-search", search, iris_rows)
    go("random-state-object", RandomForestRegressor(
        3, max_depth=2, random_state=np.random.RandomState(3)).fit(diabetes, progress),
       diabetes_rows)
    if sklearn.__version__ >= "1.3":
        go("tree-missing", DecisionTreeClassifier(max_depth=4, random_state=1).fit(holes, kind),
           holes_rows)
        go("max-abs-clip", MaxAbsScaler(clip=True).fit(iris * 0.9), iris_rows)
        go("forest-missing", RandomForestClassifier(6, max_depth=4, random_state=1).fit(
            holes, kind), holes_rows)
    else:
        go("logistic-multinomial-pair", LogisticRegression(
            multi_class="multinomial", max_iter=5000).fit(wide, ill), wide_rows)
        go("logistic-ovr", LogisticRegression(multi_class="ovr", max_iter=500).fit(iris, kind),
           iris_rows)


def samples():
    """The models that manifests and docs point at."""
    iris, kind, names = data("iris")
    rows = np.vstack([rounded([[6.8, 2.8, 4.8, 1.4], [6.0, 3.4, 4.5, 1.6]]), sample(iris, 100)])
    save("sklearn-iris/model-1", "model", LogisticRegression(max_iter=500).fit(iris, kind), rows)
    # Deliberately told apart: model-2 knows the same flowers as 10, 11 and 12.
    save("sklearn-iris/model-2", "model",
         make_pipeline(StandardScaler(), LogisticRegression(C=10)).fit(iris, kind + 10), rows,
         joblib_file=True)
    wine, cultivar, _ = data("wine")
    save("sklearn-wine-forest", "model",
         RandomForestClassifier(20, max_depth=5, random_state=1).fit(wine, cultivar),
         sample(wine, 100))


def onnx_models():
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper
    from skl2onnx import to_onnx

    iris, kind, names = data("iris")
    rows = sample(iris, 100)
    model = LogisticRegression(max_iter=500).fit(iris.astype(np.float32), np.array(names)[kind])
    versions = {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__}

    def write(name, graph, feeds):
        directory = HERE / name
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        (directory / "model.onnx").write_bytes(graph.SerializeToString())
        session = onnxruntime.InferenceSession(graph.SerializeToString())
        answers = {}
        for spec, value in zip(session.get_outputs(), session.run(None, feeds)):
            if isinstance(value, list):  # ZipMap: one map a row, flattened by sorted key
                value = np.array([[row[key] for key in sorted(row)] for row in value])
            answers[spec.name] = plain(value)
        text = json.dumps({
            "made_with": {**versions, "scikit-learn": sklearn.__version__},
            "inputs": {key: plain(value) for key, value in feeds.items()},
            "answers": answers,
        })
        (directory / "expected.json").write_text(text + "\n")

    feeds = {"X": rows.astype(np.float32)}
    for name, zipmap in (("onnx-iris", False), ("onnx-iris-zipmap", True)):
        write(name, to_onnx(model, iris[:1].astype(np.float32), name="iris", target_opset=17,
                            options={id(model): {"zipmap": zipmap}}), feeds)
    graph = helper.make_graph(
        [
            helper.make_node("Add", ["a", "b"], ["sum"]),
            helper.make_node("Cast", ["count"], ["real"], to=TensorProto.DOUBLE),
            helper.make_node("ReduceSum", ["real"], ["total"], keepdims=0),
            helper.make_node("Not", ["flag"], ["inverse"]),
            helper.make_node("Identity", ["word"], ["echo"]),
        ],
        "types",
        [
            helper.make_tensor_value_info("a", TensorProto.FLOAT, ["n", 2]),
            helper.make_tensor_value_info("b", TensorProto.FLOAT, ["n", 2]),
            helper.make_tensor_value_info("count", TensorProto.INT64, ["m"]),
            helper.make_tensor_value_info("flag", TensorProto.BOOL, [2]),
            helper.make_tensor_value_info("word", TensorProto.STRING, ["w"]),
        ],
        [
            helper.make_tensor_value_info("sum", TensorProto.FLOAT, ["n", 2]),
            helper.make_tensor_value_info("total", TensorProto.DOUBLE, []),
            helper.make_tensor_value_info("inverse", TensorProto.BOOL, [2]),
            helper.make_tensor_value_info("echo", TensorProto.STRING, ["w"]),
        ],
    )
    typed = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(typed)
    write("onnx-types", typed, {
        "a": np.array([[1, 2], [3, 4]], dtype=np.float32),
        "b": np.array([[0.5, 0.25], [1, -1]], dtype=np.float32),
        "count": np.array([1, 2, 3], dtype=np.int64),
        "flag": np.array([True, False]),
        "word": np.array(["marea", "潮"], dtype=object),
    })


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--only-old", action="store_true",
                           help="only the examples of an older scikit-learn, under old/")
    if arguments.parse_args().only_old:
        variants("old", count=100)
    else:
        samples()
        onnx_models()
        variants("parity")
    print("made with scikit-learn", sklearn.__version__, "on Python", sys.version.split()[0])


if __name__ == "__main__":
    main()
