"""Trains one small model for each estimator that we serve, with the installed scikit-learn.

  python make_estimators.py [NAME ...]

writes estimators/VERSION/NAME/{model.pkl, expected.json} for the version that runs it; the inputs, which all
versions share, lie in estimators/inputs. With names it makes only those. Seeds are fixed.
"""

import json
import pickle
import shutil
import sys
import warnings

import numpy as np
import pandas as pd
import sklearn
from make import HERE, METHODS, data, rounded, sample, write_expected  # noqa: F401
from sklearn import (
    calibration, cluster, compose, covariance, cross_decomposition, discriminant_analysis, dummy, ensemble, gaussian_process,
    impute, isotonic, kernel_ridge, linear_model, mixture, model_selection, multiclass, multioutput, naive_bayes, neighbors,
    neural_network, pipeline, preprocessing, semi_supervised, svm, tree,
)
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.gaussian_process import kernels as gp

warnings.filterwarnings("ignore")
VERSION = tuple(int(part) for part in sklearn.__version__.split(".")[:2])
ROOT = HERE / "estimators"
ROWS = 200
TABLE = {}


def named(name, rows, since=(0, 0), before=(99, 0), small=True):
    """Registers a function that makes a fitted model; `small`: worth making for every version."""
    def add(make):
        if since <= VERSION < before and (small or VERSION in ((1, 2), (1, 9))):
            TABLE[name] = (make, rows)
        return make
    return add


def table():
    """The training data, and the rows that are asked, by name."""
    iris, kind, names = data("iris")
    wide, ill, _ = data("cancer")
    iris, kind = iris[::2], kind[::2]
    wide, ill = wide[:120, :6], ill[:120]
    diabetes, progress, _ = data("diabetes")
    diabetes, progress = np.round(diabetes[:120, :6] * 100, 2), progress[:120]
    random = np.random.RandomState(5)
    holes, diabetes_holes = iris.copy(), diabetes.copy()
    holes[::7, 1] = np.nan
    diabetes_holes[random.rand(*diabetes.shape) < 0.1] = np.nan
    counts = np.floor(iris * 1.5)
    codes = np.column_stack([random.randint(0, n, 300) for n in (3, 5, 2, 7)]).astype(float)
    code_kind = ((codes[:, 0] + codes[:, 1] * 2 + codes[:, 3] + random.randint(0, 3, 300)) % 3).astype(int)
    mixed = np.column_stack([random.randint(0, 6, 400), random.normal(size=400).round(2),
                             random.randint(0, 12, 400) * 3, random.normal(size=400).round(2)]).astype(float)
    effect = np.array([1.0, -2.0, 0.5, 3.0, -1.0, 0.0])[mixed[:, 0].astype(int)] + mixed[:, 1] + (
        mixed[:, 2] % 4) * mixed[:, 3]
    mixed_holes = mixed.copy()
    mixed_holes[random.rand(*mixed.shape) < 0.08] = np.nan
    odd = mixed_holes[random.randint(0, 400, ROWS)].copy()
    odd[::9, 0], odd[::13, 2], odd[::17, 0] = 77, 200, -3
    line = np.linspace(-3, 3, 40).round(2)[:, None]
    asked = {
        "iris": sample(iris, ROWS), "cancer": sample(wide, ROWS), "diabetes": sample(diabetes, ROWS),
        "counts": np.abs(np.floor(sample(iris, ROWS) * 1.5)), "codes": codes[random.randint(0, 300, ROWS)],
        "mixed": odd, "line": sample(line, ROWS),
    }
    asked["iris-holes"], asked["diabetes-holes"] = asked["iris"].copy(), asked["diabetes"].copy()
    asked["iris-holes"][::5, 1] = np.nan
    asked["iris-holes"][::9, 3] = np.nan
    asked["diabetes-holes"][random.rand(ROWS, 6) < 0.1] = np.nan
    return dict(
        iris=iris, kind=kind, flowers=np.array(names)[kind], wide=wide, ill=ill, diabetes=diabetes,
        progress=progress, holes=holes, diabetes_holes=diabetes_holes, counts=counts, codes=codes,
        code_kind=code_kind, mixed=mixed, mixed_holes=mixed_holes, effect=effect, line=line,
        wave=np.sin(line[:, 0]) + 0.1 * random.normal(size=len(line)),
        labels=np.column_stack([kind == 0, kind > 0, iris[:, 0] > 5.8]).astype(int),
        two=np.column_stack([progress, -progress / 3 + diabetes[:, 0]]),
        pair=np.column_stack([kind, kind * 2 % 3]), asked=asked)


D = table()
D["near"] = D["diabetes"] + np.random.RandomState(9).normal(0, 1e-3, D["diabetes"].shape)  # no two equally far
D.update(few=D["diabetes"][:40], few_one=D["progress"][:40], few_two=D["two"][:40], few_wide=D["wide"][:50],
         few_ill=D["ill"][:50], few_iris=D["iris"][::2], few_flowers=D["flowers"][::2])
SCALE = preprocessing.StandardScaler


def scaled(model):
    return pipeline.make_pipeline(SCALE(), model)


def model(name, make, x, y, rows, **when):
    named(name, rows, **when)(lambda: make().fit(D[x], None if y is None else D[y]))


IRIS, ILL, DIABETES = ("iris", "flowers", "iris"), ("wide", "ill", "cancer"), ("diabetes", "progress", "diabetes")


def boosting():
    hgb, hgr = ensemble.HistGradientBoostingClassifier, ensemble.HistGradientBoostingRegressor
    small = dict(max_iter=12, max_leaf_nodes=7, random_state=1)
    model("hgb-binary", lambda: hgb(**small), *ILL)
    model("hgb-multi-missing", lambda: hgb(**small), "holes", "flowers", "iris-holes")
    for loss in ("squared_error", "absolute_error", "poisson"):
        model(f"hgb-{loss.replace('_', '-')}", lambda loss=loss: hgr(loss=loss, **small),
              "diabetes_holes", "progress", "diabetes-holes")
    model("hgb-gamma", lambda: hgr(loss="gamma", **small), *DIABETES, since=(1, 3))
    model("hgb-quantile", lambda: hgr(loss="quantile", quantile=0.8, **small), *DIABETES)
    model("hgb-categorical", lambda: hgr(categorical_features=[0, 2], **{**small, "max_iter": 15}),
          "mixed_holes", "effect", "mixed", before=(1, 4))
    model("hgb-categorical-encoded", lambda: hgr(categorical_features=[0, 2], **{**small, "max_iter": 15}),
          "mixed_holes", "effect", "mixed", since=(1, 4))
    D["effect_kind"] = np.digitize(D["effect"], [-1, 2])
    model("hgb-categorical-multi", lambda: hgb(categorical_features=[2], **{**small, "max_iter": 6}), "mixed_holes", "effect_kind",
          "mixed")


def vectors():
    for kernel in ("linear", "poly", "rbf", "sigmoid"):
        model(f"svc-{kernel}", lambda k=kernel: scaled(svm.SVC(kernel=k, degree=2, coef0=0.5)), *IRIS)
    model("svc-ovo", lambda: svm.SVC(decision_function_shape="ovo"), *IRIS)
    model("svc-break-ties", lambda: svm.SVC(break_ties=True, gamma=3.0), *IRIS)
    model("svc-binary", lambda: scaled(svm.SVC()), *ILL)
    model("svc-probability", lambda: svm.SVC(probability=True, random_state=1), *IRIS)
    model("svc-probability-binary", lambda: scaled(svm.SVC(probability=True, random_state=1)), *ILL)
    model("nusvc", lambda: svm.NuSVC(nu=0.2), *IRIS)
    model("nusvc-probability", lambda: svm.NuSVC(nu=0.2, probability=True, random_state=1), *IRIS)
    model("svr-rbf", lambda: scaled(svm.SVR(C=50)), *DIABETES)
    model("svr-poly", lambda: scaled(svm.SVR(kernel="poly", C=5, coef0=1)), *DIABETES)
    model("nusvr", lambda: scaled(svm.NuSVR(C=50)), *DIABETES)
    model("sgd-one-class", lambda: scaled(linear_model.SGDOneClassSVM(nu=0.2, random_state=1)), "iris", None, "iris")
    model("one-class-svm", lambda: svm.OneClassSVM(nu=0.2), "iris", None, "iris")

    @named("svc-sparse", "iris")
    def _():
        import scipy.sparse
        return svm.SVC(probability=True, random_state=1).fit(scipy.sparse.csr_matrix(D["iris"]), D["kind"])

    for kernel in ("linear", "poly", "sigmoid"):
        @named(f"svc-sparse-{kernel}", "iris")
        def _(kernel=kernel):
            import scipy.sparse
            return svm.SVC(kernel=kernel, degree=2, coef0=0.5, gamma=0.1).fit(
                scipy.sparse.csr_matrix(D["iris"]), D["flowers"])

    @named("svr-sparse", "diabetes")
    def _():
        import scipy.sparse
        return svm.SVR(C=50).fit(scipy.sparse.csr_matrix(D["diabetes"]), D["progress"])


def nearest():
    knc, knr = neighbors.KNeighborsClassifier, neighbors.KNeighborsRegressor
    model("knn-tree", lambda: knc(5), *IRIS)
    model("knn-brute-distance", lambda: knc(7, weights="distance", algorithm="brute"), *IRIS)
    model("knn-ball-manhattan", lambda: knc(4, metric="manhattan", algorithm="ball_tree", weights="distance"), *ILL)
    model("knn-cosine", lambda: knc(3, metric="cosine"), *ILL)
    model("knn-minkowski3", lambda: knc(3, p=3, weights="distance"), *ILL)
    model("knn-two-outputs", lambda: knc(5, weights="distance"), "iris", "pair", "iris")
    for metric in ("cosine", "euclidean"):
        @named(f"knn-sparse-{metric}", "cancer")
        def _(metric=metric):
            import scipy.sparse
            return knc(4, metric=metric, weights="distance").fit(scipy.sparse.csr_matrix(D["wide"]), D["ill"])
    model("knr", lambda: knr(5), *DIABETES)
    model("knr-chebyshev-distance", lambda: knr(5, metric="chebyshev", weights="distance"), "near", "progress", "diabetes")
    model("knr-two", lambda: knr(4, weights="distance"), "diabetes", "two", "diabetes")
    model("radius-classifier", lambda: neighbors.RadiusNeighborsClassifier(
        1.0, outlier_label="most_frequent", weights="distance"), *IRIS)
    model("radius-regressor", lambda: scaled(neighbors.RadiusNeighborsRegressor(6.0)), *DIABETES)
    model("nearest-centroid", lambda: neighbors.NearestCentroid(), *IRIS)
    model("nearest-centroid-manhattan", lambda: neighbors.NearestCentroid(metric="manhattan"), *ILL)
    model("nearest-centroid-shrunk", lambda: neighbors.NearestCentroid(shrink_threshold=0.3), *IRIS)


def bayes():
    model("gaussian-nb", lambda: naive_bayes.GaussianNB(), *IRIS)
    model("multinomial-nb", lambda: naive_bayes.MultinomialNB(), "counts", "flowers", "counts")
    model("complement-nb", lambda: naive_bayes.ComplementNB(), "counts", "flowers", "counts")
    model("complement-nb-norm", lambda: naive_bayes.ComplementNB(norm=True), "counts", "kind", "counts")
    model("bernoulli-nb", lambda: naive_bayes.BernoulliNB(binarize=3.0), *IRIS)
    model("categorical-nb", lambda: naive_bayes.CategoricalNB(), "codes", "code_kind", "codes")
    mlp, mlr = neural_network.MLPClassifier, neural_network.MLPRegressor
    for act in ("relu", "tanh", "logistic", "identity"):
        model(f"mlp-{act}", lambda a=act: scaled(mlp((7, 4), activation=a, max_iter=60, random_state=1)), *IRIS)
    model("mlp-binary", lambda: scaled(mlp((6,), max_iter=60, random_state=1)), *ILL)
    model("mlp-labels", lambda: scaled(mlp((6,), max_iter=80, random_state=1)), "iris", "labels", "iris")
    model("mlp-regressor", lambda: scaled(mlr(hidden_layer_sizes=(8, 3), max_iter=80, random_state=1)), *DIABETES)
    model("mlp-regressor-two", lambda: scaled(mlr(hidden_layer_sizes=(5,), activation="tanh", max_iter=50, random_state=1)),
          "diabetes", "two", "diabetes")
    lda, qda = (discriminant_analysis.LinearDiscriminantAnalysis,
                discriminant_analysis.QuadraticDiscriminantAnalysis)
    model("lda", lda, *IRIS)
    model("lda-binary", lda, *ILL)
    model("lda-eigen", lambda: lda(solver="eigen", shrinkage="auto"), *IRIS)
    model("lda-lsqr", lambda: lda(solver="lsqr"), *IRIS)
    model("qda", qda, *IRIS)
    model("qda-binary", lambda: qda(reg_param=0.1), *ILL)
    for strategy in ("most_frequent", "prior"):
        model(f"dummy-{strategy.replace('_', '-')}", lambda s=strategy: dummy.DummyClassifier(strategy=s), *IRIS, since=(1, 5))
    model("dummy-constant", lambda: dummy.DummyClassifier(strategy="constant", constant="virginica"), *IRIS, since=(1, 5))
    model("dummy-regressor", lambda: dummy.DummyRegressor(strategy="median"), *DIABETES, since=(1, 5))
    model("dummy-regressor-two", lambda: dummy.DummyRegressor(), "diabetes", "two", "diabetes", since=(1, 5))


def outliers():
    model("isolation-forest", lambda: ensemble.IsolationForest(n_estimators=6, max_samples=48, random_state=1),
          "iris", None, "iris")
    model("isolation-forest-features", lambda: ensemble.IsolationForest(
        n_estimators=6, max_samples=48, max_features=0.5, contamination=0.1, random_state=1), "wide", None, "cancer")
    model("lof", lambda: neighbors.LocalOutlierFactor(8, novelty=True), "diabetes", None, "diabetes")
    model("lof-contamination", lambda: neighbors.LocalOutlierFactor(
        6, novelty=True, contamination=0.1, metric="manhattan"), "near", None, "diabetes")
    model("elliptic-envelope", lambda: covariance.EllipticEnvelope(random_state=1), "iris", None, "iris")


def ensembles():
    logistic = lambda: scaled(linear_model.LogisticRegression())  # noqa: E731
    stump = lambda: tree.DecisionTreeClassifier(max_depth=2, random_state=1)  # noqa: E731
    some = [("a", logistic()), ("b", naive_bayes.GaussianNB()), ("c", stump())]
    model("voting-hard", lambda: ensemble.VotingClassifier(some), *IRIS)
    model("voting-hard-weights", lambda: ensemble.VotingClassifier(some, weights=[1, 2, 4]), *IRIS)
    model("voting-soft", lambda: ensemble.VotingClassifier(some, voting="soft", weights=[1, 2, 0.5]), *IRIS)
    model("voting-soft-apart", lambda: ensemble.VotingClassifier(
        some, voting="soft", flatten_transform=True), *ILL)
    guess = [("a", linear_model.Ridge()), ("b", tree.DecisionTreeRegressor(max_depth=3, random_state=1))]
    model("voting-regressor", lambda: ensemble.VotingRegressor(guess, weights=[2, 1]), *DIABETES)
    model("stacking", lambda: ensemble.StackingClassifier(some, cv=3), *IRIS)
    model("stacking-passthrough", lambda: ensemble.StackingClassifier(
        [*some[:2], ("s", svm.SVC())], passthrough=True, cv=3), *ILL)
    model("stacking-predict", lambda: ensemble.StackingClassifier(
        some, stack_method="predict", cv=3), "iris", "kind", "iris")
    model("stacking-regressor", lambda: ensemble.StackingRegressor(guess, passthrough=True, cv=3), *DIABETES)
    bag = dict(n_estimators=5, random_state=1)
    model("bagging", lambda: ensemble.BaggingClassifier(stump(), max_features=0.6, **bag), *IRIS)
    model("bagging-linear", lambda: ensemble.BaggingClassifier(linear_model.LogisticRegression(), **bag), *IRIS)
    model("bagging-vote", lambda: ensemble.BaggingClassifier(svm.SVC(), **bag), "iris", "kind", "iris")
    model("bagging-regressor", lambda: ensemble.BaggingRegressor(
        tree.DecisionTreeRegressor(max_depth=3), max_features=0.7, **bag), *DIABETES)
    samme = dict(algorithm="SAMME") if VERSION < (1, 6) else {}
    model("adaboost", lambda: ensemble.AdaBoostClassifier(stump(), n_estimators=6, random_state=1, **samme), *IRIS)
    model("adaboost-binary", lambda: ensemble.AdaBoostClassifier(n_estimators=8, random_state=1, **samme), *ILL)
    model("adaboost-real", lambda: ensemble.AdaBoostClassifier(stump(), n_estimators=6, random_state=1), *IRIS,
          before=(1, 6))
    model("adaboost-real-binary", lambda: ensemble.AdaBoostClassifier(n_estimators=6, random_state=1), *ILL,
          before=(1, 6))
    model("adaboost-regressor", lambda: ensemble.AdaBoostRegressor(n_estimators=7, random_state=1), *DIABETES)
    cal = calibration.CalibratedClassifierCV
    model("calibrated-sigmoid", lambda: cal(svm.LinearSVC(random_state=1, dual=True), cv=3), *ILL)
    model("calibrated-isotonic", lambda: cal(naive_bayes.GaussianNB(), method="isotonic", cv=3), *IRIS)
    model("calibrated-one", lambda: cal(naive_bayes.GaussianNB(), method="sigmoid", cv=3, ensemble=False), *IRIS)
    model("calibrated-forest", lambda: cal(ensemble.RandomForestClassifier(5, max_depth=3, random_state=1),
                                           method="isotonic", cv=2), *ILL)
    model("calibrated-temperature", lambda: cal(logistic(), method="temperature", cv=3), *IRIS, since=(1, 8))
    model("forest-two-outputs", lambda: ensemble.RandomForestClassifier(5, max_depth=3, random_state=1),
          "iris", "pair", "iris")
    model("tree-two-outputs", lambda: tree.DecisionTreeClassifier(max_depth=3, random_state=1),
          "iris", "pair", "iris")
    model("forest-ten", lambda: ensemble.RandomForestClassifier(10, max_depth=6, random_state=1), *ILL)
    model("tree-regressor-two", lambda: tree.DecisionTreeRegressor(max_depth=4, random_state=1),
          "diabetes", "two", "diabetes")


def metas():
    logistic = lambda: scaled(linear_model.LogisticRegression())  # noqa: E731
    many, chain = multioutput.MultiOutputClassifier, multioutput.ClassifierChain
    model("multi-output-classifier", lambda: many(logistic()), "iris", "labels", "iris")
    model("multi-output-regressor", lambda: multioutput.MultiOutputRegressor(linear_model.Lasso(0.5)),
          "diabetes", "two", "diabetes")
    model("classifier-chain", lambda: chain(logistic(), order=[2, 0, 1]), "iris", "labels", "iris")
    model("regressor-chain", lambda: multioutput.RegressorChain(linear_model.Ridge(), order=[1, 0]),
          "diabetes", "two", "diabetes")
    ovr, ovo = multiclass.OneVsRestClassifier, multiclass.OneVsOneClassifier
    model("one-vs-rest", lambda: ovr(logistic()), *IRIS)
    model("one-vs-rest-svc", lambda: ovr(svm.LinearSVC(random_state=1, dual=True)), *IRIS)
    model("one-vs-rest-labels", lambda: ovr(logistic()), "iris", "labels", "iris")
    model("one-vs-rest-trees", lambda: ovr(tree.DecisionTreeClassifier(max_depth=2, random_state=1)), *IRIS)
    model("one-vs-rest-binary", lambda: ovr(naive_bayes.GaussianNB()), *ILL)
    model("one-vs-one", lambda: ovo(svm.LinearSVC(random_state=1, dual=True)), *IRIS)
    model("one-vs-one-binary", lambda: ovo(logistic()), *ILL)
    model("output-code", lambda: multiclass.OutputCodeClassifier(logistic(), code_size=2, random_state=1), *IRIS)
    from sklearn.compose import TransformedTargetRegressor as ttr
    model("target-log", lambda: ttr(linear_model.Ridge(), func=np.log1p, inverse_func=np.expm1), *DIABETES)
    model("target-scaled", lambda: ttr(linear_model.Ridge(), transformer=preprocessing.MinMaxScaler()), *DIABETES)
    model("target-standard", lambda: ttr(linear_model.Ridge(), transformer=SCALE()), *DIABETES)
    model("target-robust", lambda: ttr(linear_model.Ridge(), transformer=preprocessing.RobustScaler()), *DIABETES)
    model("target-max-abs", lambda: ttr(linear_model.Ridge(), transformer=preprocessing.MaxAbsScaler()), *DIABETES)
    model("target-power", lambda: ttr(linear_model.Ridge(), transformer=preprocessing.PowerTransformer()), *DIABETES)
    model("target-box-cox", lambda: ttr(linear_model.Ridge(), transformer=preprocessing.PowerTransformer(
        "box-cox", standardize=False)), *DIABETES)
    model("target-quantile", lambda: ttr(linear_model.Ridge(), transformer=preprocessing.QuantileTransformer(
        n_quantiles=40)), *DIABETES)
    model("target-quantile-normal", lambda: ttr(linear_model.Ridge(), transformer=preprocessing.QuantileTransformer(
        n_quantiles=40, output_distribution="normal")), *DIABETES)
    model("target-two", lambda: ttr(linear_model.Ridge(), transformer=SCALE()), "diabetes", "two", "diabetes")
    grid = {"logisticregression__C": [0.1, 1.0]}
    for name, search in (
            ("random-search", lambda: model_selection.RandomizedSearchCV(logistic(), grid, n_iter=2, cv=3,
                                                                         random_state=1)),
            ("halving-search", lambda: model_selection.HalvingGridSearchCV(logistic(), grid, cv=3, random_state=1))):
        named(name, "iris")(lambda s=search: quiet(s().fit(D["iris"], D["flowers"])))
    self_training = semi_supervised.SelfTrainingClassifier
    D["partly"] = np.where(np.arange(len(D["ill"])) % 3 == 0, -1, D["ill"])
    model("self-training", lambda: self_training(logistic()), "wide", "partly", "cancer")
    ransac = linear_model.RANSACRegressor
    model("ransac", lambda: ransac(random_state=1), *DIABETES)
    if VERSION >= (1, 5):
        choose = model_selection.TunedThresholdClassifierCV
        model("fixed-threshold", lambda: model_selection.FixedThresholdClassifier(logistic(), threshold=0.3), *ILL)
        model("fixed-threshold-decision", lambda: model_selection.FixedThresholdClassifier(
            svm.LinearSVC(random_state=1, dual=True), threshold=0.7), *ILL)
        named("tuned-threshold", "cancer")(lambda: choose(logistic(), cv=3, random_state=1).fit(D["wide"], D["ill"]))
    if VERSION >= (1, 6):
        from sklearn.frozen import FrozenEstimator
        named("frozen", "iris")(lambda: FrozenEstimator(logistic().fit(D["iris"], D["flowers"])))


def frames():
    """Estimators inside and around pipelines that were fitted on a data frame of text and numbers."""
    random = np.random.RandomState(11)
    size = 120

    def passengers(size):
        frame = pd.DataFrame({
            "age": random.randint(1, 80, size).astype(float), "fare": (random.rand(size) * 90).round(2),
            "sex": random.choice(["female", "male"], size), "port": random.choice(["C", "Q", "S"], size)})
        frame.loc[random.rand(size) < 0.15, "age"] = np.nan
        return frame

    frame = passengers(size)
    survived = ((frame.sex == "female") | (frame.fare > 60) & (frame.port != "S")).astype(int).to_numpy()
    deck = np.where(frame.fare > 50, "A", np.where(frame.port == "Q", "B", "C"))
    D["asked"]["frame"] = passengers(ROWS)
    words, numbers = ["sex", "port"], ["age", "fare"]

    def coded(model, words_to=preprocessing.OneHotEncoder, fill=True):
        numeric = pipeline.make_pipeline(impute.SimpleImputer(), SCALE()) if fill else "passthrough"
        return pipeline.make_pipeline(compose.ColumnTransformer(
            [("numbers", numeric, numbers), ("words", words_to(), words)]), model)

    logistic = lambda: coded(linear_model.LogisticRegression())  # noqa: E731
    forest = lambda: coded(ensemble.RandomForestClassifier(5, max_depth=4, random_state=1))  # noqa: E731

    def frame_model(name, make, y, **when):
        named(f"frame-{name}", "frame", **when)(lambda: make().fit(frame, y))

    frame_model("forest", forest, deck)
    frame_model("knn", lambda: coded(neighbors.KNeighborsClassifier(3)), deck)
    frame_model("svc", lambda: coded(svm.SVC(probability=True, random_state=1)), deck)
    frame_model("hgb-ordinal", lambda: coded(ensemble.HistGradientBoostingClassifier(max_iter=8), fill=False,
                                             words_to=preprocessing.OrdinalEncoder), deck)
    frame_model("isolation", lambda: coded(ensemble.IsolationForest(n_estimators=4, max_samples=32, random_state=1)),
                None)
    frame_model("voting", lambda: ensemble.VotingClassifier([("a", logistic()), ("b", forest())], voting="soft"), deck)
    frame_model("stacking", lambda: ensemble.StackingClassifier([("a", logistic()), ("b", forest())], cv=2), survived)
    frame_model("calibrated", lambda: calibration.CalibratedClassifierCV(forest(), cv=2), survived)
    named("frame-search", "frame")(lambda: quiet(model_selection.GridSearchCV(
        logistic(), {"logisticregression__C": [0.1, 1.0]}, cv=2).fit(frame, deck)))
    frame_model("target", lambda: compose.TransformedTargetRegressor(
        coded(linear_model.Ridge()), transformer=SCALE()), frame.fare * 2 + survived)
    frame_model("one-vs-rest", lambda: multiclass.OneVsRestClassifier(logistic()), deck)
    frame_model("multi-output", lambda: multioutput.MultiOutputClassifier(logistic()),
                np.column_stack([survived, frame.fare > 50]).astype(int))
    if VERSION >= (1, 4):
        D["asked"]["frame-categories"] = D["asked"]["frame"].astype({"sex": "category", "port": "category"})
        named("frame-hgb-categories", "frame-categories")(lambda: ensemble.HistGradientBoostingClassifier(
            max_iter=8, categorical_features="from_dtype").fit(
            frame.astype({"sex": "category", "port": "category"}), deck))


def quiet(search):
    """Times differ from run to run, and the file should not."""
    search.refit_time_ = 0.0
    for key in [key for key in search.cv_results_ if "time" in key]:
        search.cv_results_[key] = np.zeros_like(search.cv_results_[key])
    return search


def kernels():
    model("ridge-classifier-cv", lambda: linear_model.RidgeClassifierCV(), *IRIS)
    model("ridge-classifier-labels", lambda: linear_model.RidgeClassifier(), "iris", "labels", "iris")
    for power, link in ((0, "identity"), (1.5, "log"), (1, "auto"), (0, "log")):
        model(f"tweedie-{power}-{link}".replace(".", "-"),
              lambda p=power, k=link: scaled(linear_model.TweedieRegressor(power=p, link=k, max_iter=400)), *DIABETES)
    model("gamma-regressor", lambda: scaled(linear_model.GammaRegressor()), *DIABETES)
    model("multi-task-lasso", lambda: linear_model.MultiTaskLasso(0.5), "diabetes", "two", "diabetes")
    model("multi-task-elastic-net", lambda: linear_model.MultiTaskElasticNetCV(cv=3), "diabetes", "two", "diabetes")
    model("bayesian-ridge", lambda: linear_model.BayesianRidge(), *DIABETES)
    model("lars-ic", lambda: linear_model.LassoLarsIC(), *DIABETES)
    model("omp-cv", lambda: linear_model.OrthogonalMatchingPursuitCV(cv=3), *DIABETES)
    model("lars-cv", lambda: linear_model.LarsCV(cv=3), *DIABETES)
    model("pls", lambda: cross_decomposition.PLSRegression(2), "diabetes", "two", "diabetes")
    model("pls-one", lambda: cross_decomposition.PLSRegression(2), *DIABETES)
    model("pls-canonical", lambda: cross_decomposition.PLSCanonical(2), "diabetes", "two", "diabetes")
    model("cca", lambda: cross_decomposition.CCA(1), "diabetes", "two", "diabetes")
    for kernel in ("linear", "rbf", "polynomial", "sigmoid", "laplacian"):
        model(f"kernel-ridge-{kernel}", lambda k=kernel: scaled(
            kernel_ridge.KernelRidge(kernel=k, alpha=0.5, gamma=0.1)), *DIABETES)
    model("kernel-ridge-two", lambda: kernel_ridge.KernelRidge(kernel="rbf", gamma=0.01), "diabetes", "two", "diabetes")
    shapes = {
        "rbf": gp.ConstantKernel(2.0) * gp.RBF(1.5) + gp.WhiteKernel(0.1),
        "matern15": gp.Matern(1.2, nu=1.5) + gp.WhiteKernel(0.1),
        "matern25": gp.Matern(1.2, nu=2.5) + gp.WhiteKernel(0.1),
        "matern05": gp.Matern(1.2, nu=0.5) + gp.WhiteKernel(0.1),
        "matern-inf": gp.Matern(1.2, nu=np.inf) + gp.WhiteKernel(0.1),
        "quadratic": gp.RationalQuadratic(1.0, 0.7) + gp.WhiteKernel(0.1),
        "periodic": gp.ExpSineSquared(1.0, 2.5) + gp.DotProduct(0.5) + gp.WhiteKernel(0.1),
        "power": gp.RBF(1.0) ** 2 + gp.WhiteKernel(0.1),
    }
    for name, kernel in shapes.items():
        model(f"gpr-{name}", lambda k=kernel: gaussian_process.GaussianProcessRegressor(
            k, normalize_y=True, alpha=1e-6), "line", "wave", "line")
    model("gpr-anisotropic", lambda: scaled(gaussian_process.GaussianProcessRegressor(
        gp.RBF([1.0, 2.0, 3.0, 1.0, 1.0, 2.0]) + gp.WhiteKernel(1.0), optimizer=None)), "few", "few_one", "diabetes")
    model("gpr-two", lambda: scaled(gaussian_process.GaussianProcessRegressor(
        gp.RBF(2.0) + gp.WhiteKernel(1.0), optimizer=None)), "few", "few_two", "diabetes")
    gpc = gaussian_process.GaussianProcessClassifier
    model("gpc-binary", lambda: scaled(gpc(1.0 * gp.RBF(2.0), optimizer=None)), "few_wide", "few_ill", "cancer")
    model("gpc-multi", lambda: gpc(1.0 * gp.RBF(1.0), optimizer=None), "few_iris", "few_flowers", "iris")
    model("gpc-one-vs-one", lambda: gpc(1.0 * gp.RBF(1.0), optimizer=None, multi_class="one_vs_one"), "few_iris", "few_flowers", "iris")
    named("isotonic", "line")(lambda: isotonic.IsotonicRegression(out_of_bounds="clip").fit(
        D["line"][:, 0], D["wave"]))
    named("isotonic-nan", "line")(lambda: isotonic.IsotonicRegression(increasing=False).fit(
        D["line"][5:30, 0], D["wave"][5:30]))


def mixtures():
    for shape in ("full", "tied", "diag", "spherical"):
        model(f"mixture-{shape}", lambda s=shape: mixture.GaussianMixture(
            n_components=3, covariance_type=s, random_state=1), "iris", None, "iris")
    model("mixture-bayesian", lambda: mixture.BayesianGaussianMixture(n_components=3, random_state=1), "iris", None, "iris")
    model("mixture-bayesian-diag", lambda: mixture.BayesianGaussianMixture(
        n_components=3, covariance_type="diag", weight_concentration_prior_type="dirichlet_distribution", random_state=1),
        "iris", None, "iris")
    model("birch", lambda: cluster.Birch(threshold=0.6, n_clusters=3), "iris", None, "iris")
    model("mean-shift", lambda: cluster.MeanShift(bandwidth=1.2), "iris", None, "iris")
    model("affinity", lambda: cluster.AffinityPropagation(random_state=1), "few_iris", None, "iris")
    model("bisecting", lambda: cluster.BisectingKMeans(4, random_state=1), "iris", None, "iris", since=(1, 1))


def answers(fitted, rows):
    """What the library answers: a list where it gives one array an output."""
    found = {}
    for method in METHODS:
        if hasattr(fitted, method):
            try:
                value = getattr(fitted, method)(rows)
            except (NotImplementedError, ValueError):
                continue  # offered by the class, not by this fit of it
            found[method] = [v.tolist() for v in value] if isinstance(value, list) else value.tolist()
    return found


def plain(value):
    """JSON has no NaN; 13 digits are more than we compare."""
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {key: plain(v) for key, v in value.items()}
    if isinstance(value, float):
        return None if value != value else float(f"{value:.13g}")
    return value


def as_input(rows):
    """The rows as the tests read them; a data frame goes column by column."""
    if isinstance(rows, pd.DataFrame):
        cells = {name: [None if pd.isna(v) else v for v in rows[name].tolist()] for name in rows}
        return {"columns": list(rows), "input": cells}
    return {"input": plain(rows.tolist())}


def main():
    for group in (boosting, vectors, nearest, bayes, outliers, ensembles, metas, kernels, mixtures, frames):
        group()
    chosen = sys.argv[1:] or sorted(TABLE)
    (ROOT / "inputs").mkdir(parents=True, exist_ok=True)
    for name, rows in D["asked"].items():
        (ROOT / "inputs" / f"{name}.json").write_text(json.dumps(as_input(rows)) + "\n")
    failed = []
    for name in chosen:
        make, rows = TABLE[name]
        directory = ROOT / ".".join(sklearn.__version__.split(".")) / name
        try:
            fitted = make()
            asked = D["asked"][rows]
            expected = {"made_with": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
                        "inputs": f"../../inputs/{rows}.json", "answers": plain(answers(fitted, asked))}
        except Exception as problem:  # noqa: BLE001
            failed.append(f"{name}: {type(problem).__name__}: {str(problem)[:200]}")
            continue
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        (directory / "model.pkl").write_bytes(pickle.dumps(fitted, protocol=5))
        (directory / "expected.json").write_text(json.dumps(expected) + "\n")
    print(sklearn.__version__, "made", len(chosen) - len(failed), "failed", len(failed), *failed, sep="\n")


if __name__ == "__main__":
    main()
