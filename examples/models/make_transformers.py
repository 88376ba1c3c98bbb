"""Trains pipelines of transformers with the real library and writes its own answers beside them.

Every directory under transformers/VERSION/ gets one model file and an expected.json:
{"made_with": {...}, "inputs": "FILE", "answers": {...}}. The rows that several models and versions
share lie in transformers/inputs/:
  {"input": [[...], ...]}                       one tensor of numbers, or of text
  {"input": ["...", ...]}                       texts
  {"columns": [...], "input": {"age": [...]}}   a data frame, column by column
null is a missing value. An answer that is mostly zeros is {"shape": [n, k], "cells": [[i, j, v]]}.
Seeds are fixed; numbers are the library's, not ours. See README.md.
"""

import argparse
import json
import math
import os
import pathlib
import pickle
import shutil
import sys
import warnings

import joblib
import numpy as np
import pandas as pd
import scipy.sparse
import sklearn
from sklearn import decomposition, feature_extraction, feature_selection, impute, kernel_approximation
from sklearn import preprocessing, random_projection
from sklearn.compose import ColumnTransformer, make_column_selector, make_column_transformer
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.feature_extraction.text import (
    CountVectorizer,
    HashingVectorizer,
    TfidfTransformer,
    TfidfVectorizer,
)
from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression, Ridge, SGDClassifier
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.pipeline import FeatureUnion, make_pipeline, make_union
from sklearn.preprocessing import (
    FunctionTransformer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    OrdinalEncoder,
    StandardScaler,
)
from sklearn.svm import LinearSVC

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).parent
METHODS = ("predict", "predict_proba", "decision_function", "transform")
VERSION = tuple(int(part) for part in sklearn.__version__.split(".")[:2])
ROWS = 200

# Of versions between the oldest and the newest, only what is kept in another way.
BETWEEN = {
    "titanic-logistic", "titanic-forest-joblib", "columns-every-way", "impute-then-encode", "functions",
    "onehot-drop-infrequent-named", "onehot-drop-binary-infrequent", "onehot-infrequent", "ordinal-unknown",
    "ordinal-infrequent", "missing-indicators", "target-encoder", "tfidf-logistic", "text-beside-numbers",
    "splines-linear", "polynomial-ridge", "bins-onehot", "power-holes", "selectors", "kernels",
}


def plain(value):
    """Plain lists; NaN as null; mostly zeros as the cells that are not."""
    if scipy.sparse.issparse(value):
        value = value.toarray()
    value = np.asarray(value)
    if value.dtype.kind in "iufb" and value.ndim == 2 and value.size > 2000:
        rows, columns = np.nonzero(value)
        if len(rows) < value.size / 5:
            cells = [[int(i), int(j), clean(value[i, j])] for i, j in zip(rows, columns)]
            return {"shape": list(value.shape), "cells": cells}
    return clean_all(value.tolist())


def clean_all(value):
    return [clean_all(v) for v in value] if isinstance(value, list) else clean(value)


def clean(value):
    value = value.item() if isinstance(value, np.generic) else value
    return None if value is None or (isinstance(value, float) and math.isnan(value)) else value


def as_json(rows):
    if isinstance(rows, pd.DataFrame):
        return {"columns": list(rows.columns),
                "input": {name: [clean(v) for v in rows[name].tolist()] for name in rows.columns}}
    if isinstance(rows, list):
        return {"input": rows}
    return {"input": clean_all(rows.tolist())}


def settled(model, seen=None):
    """Without the addresses of objects that vectorisers keep: files come out the same each time."""
    seen = set() if seen is None else seen
    if id(model) in seen:
        return model
    seen.add(id(model))
    if hasattr(model, "_stop_words_id"):
        model._stop_words_id = 0
    parts = model if isinstance(model, (list, tuple)) else vars(model).values() if hasattr(
        model, "get_params") else ()
    for part in parts:
        settled(part, seen)
    return model


class Samples:
    def __init__(self, root):
        self.inputs = root / "inputs"
        self.models = root / sklearn.__version__
        self.files = {}
        shutil.rmtree(self.models, ignore_errors=True)
        self.models.mkdir(parents=True)
        self.inputs.mkdir(exist_ok=True)

    def rows(self, name, rows):
        file = self.inputs / f"{name}.json"
        text = json.dumps(as_json(rows), ensure_ascii=False) + "\n"
        if file.exists() and file.read_text() != text:
            raise SystemExit(f"{file} was made otherwise: remove {self.inputs} and make all versions")
        file.write_text(text)
        self.files[id(rows)] = (name, rows)
        return rows

    def by_name(self, name):
        return next(rows for known, rows in self.files.values() if known == name)

    def save(self, name, model, rows, ending="pkl", compress=0, protocol=5, given=None):
        if VERSION not in ((1, 2), (1, 9)) and name not in BETWEEN:
            return
        directory = self.models / name
        directory.mkdir(parents=True)
        settled(model)
        if ending == "joblib":
            joblib.dump(model, directory / "model.joblib", compress=compress, protocol=protocol)
        else:
            (directory / "model.pkl").write_bytes(pickle.dumps(model, protocol=protocol))
        answers = {m: plain(getattr(model, m)(rows if given is None else given))
                   for m in METHODS if hasattr(model, m)}
        text = json.dumps({
            "made_with": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
            "inputs": f"../../inputs/{self.files[id(rows)][0]}.json",
            "answers": answers,
        }, ensure_ascii=False)
        (directory / "expected.json").write_text(text + "\n")


def passengers(count, seed):
    """A made-up passenger list: numbers and texts, with holes in both."""
    random = np.random.RandomState(seed)
    frame = pd.DataFrame({
        "pclass": random.choice([1, 2, 3], count, p=[0.25, 0.2, 0.55]),
        "sex": random.choice(["male", "female"], count, p=[0.6, 0.4]).astype(object),
        "age": np.round(random.gamma(6, 5, count), 1),
        "sibsp": random.poisson(0.5, count),
        "fare": np.round(random.lognormal(2.8, 0.9, count), 2),
        "embarked": random.choice(["S", "C", "Q", "Åland"], count, p=[0.6, 0.25, 0.1, 0.05]
                                  ).astype(object),
        "deck": random.choice(list("ABCDEFG"), count).astype(object),
        "adult": random.rand(count) < 0.8,
    })
    frame.loc[random.rand(count) < 0.2, "age"] = np.nan
    frame.loc[random.rand(count) < 0.1, "embarked"] = np.nan
    frame.loc[random.rand(count) < 0.5, "deck"] = np.nan
    score = ((frame.sex == "female") * 2.0 - frame.pclass * 0.7 + np.log(frame.fare) * 0.4
             - frame.age.fillna(30) * 0.02 + random.normal(0, 0.5, count))
    return frame, (score > score.median()).astype(int).to_numpy()


WORDS = ("tide harbour ship cargo Rope ANCHOR captain storm quay lighthouse naïve café façade Ångström "
         "straße 潮汐 港 море Über résumé data model serve row 42 3.14 x don't e-mail user@example.org "
         "the and of is not very good bad terrible wonderful late early price gate n°5 i18n a_b "
         "🚢 ok\u0301 \u1e69 ﬁn Ⅷ ½ İstanbul ΑΣ").split(" ")


def documents(count, seed):
    random = np.random.RandomState(seed)
    texts, kinds = [], []
    for i in range(count):
        kind = random.randint(3)
        weights = np.ones(len(WORDS))
        weights[kind * 14:(kind + 1) * 14] = 4
        words = random.choice(WORDS, random.randint(0 if i % 40 == 0 else 3, 18), p=weights / weights.sum())
        texts.append("".join(w + random.choice([" ", "  ", ", ", "! ", "\n", "-", ".\t"],
                                               p=[.7, .05, .08, .05, .04, .04, .04]) for w in words))
        kinds.append(["cargo", "hotel", "weather"][kind])
    return texts, np.array(kinds, dtype=object)


def iris_like():
    from sklearn.datasets import load_iris
    data = load_iris()
    random = np.random.RandomState(5)
    picked = data.data[random.randint(0, 150, ROWS)]
    return data.data, data.target, np.round(picked + random.normal(0, 0.3, picked.shape), 2)


def frames(samples):
    frame, survived = passengers(400, 1)
    rows, _ = passengers(ROWS, 2)
    rows.loc[::31, "embarked"] = "Zanzibar"
    rows.loc[::37, "deck"] = "Z"
    samples.rows("passengers", rows)
    go = samples.save


    numbers = ["age", "fare", "sibsp"]
    texts = ["sex", "embarked", "deck"]
    numeric = make_pipeline(impute.SimpleImputer(strategy="median"), StandardScaler())
    words = make_pipeline(impute.SimpleImputer(strategy="most_frequent"),
                          OneHotEncoder(handle_unknown="ignore"))
    go("titanic-logistic", make_pipeline(ColumnTransformer([
        ("numbers", numeric, numbers), ("texts", words, texts)]),
        LogisticRegression(max_iter=1000)).fit(frame, survived), rows)
    go("titanic-forest-joblib", make_pipeline(ColumnTransformer([
        ("numbers", impute.SimpleImputer(add_indicator=True), numbers),
        ("texts", make_pipeline(impute.SimpleImputer(strategy="constant", fill_value="none"),
                                OneHotEncoder(handle_unknown="ignore", min_frequency=20)), texts),
    ], remainder="passthrough"), RandomForestClassifier(8, max_depth=5, random_state=1)).fit(
        frame, survived), rows, ending="joblib")
    go("columns-every-way", ColumnTransformer([
        ("by-index", MinMaxScaler(), [2, 4]),
        ("by-slice", "passthrough", slice("sibsp", "fare")),
        ("by-mask", OneHotEncoder(handle_unknown="ignore"), [False, True] + [False] * 6),
        ("by-callable", OneHotEncoder(handle_unknown="ignore"), make_column_selector(pattern="^em|^de")),
        ("nothing", StandardScaler(), []),
        ("away", "drop", ["adult"]),
    ], remainder=impute.SimpleImputer(), transformer_weights={"by-index": 2.5}).fit(frame), rows)
    go("columns-negative-and-sparse", ColumnTransformer([
        ("deck", OneHotEncoder(handle_unknown="ignore"), [-2]), ("age", impute.SimpleImputer(), [2]),
    ], sparse_threshold=1.0).fit(frame), rows)
    go("onehot-infrequent", make_column_transformer((OneHotEncoder(
        handle_unknown="infrequent_if_exist", max_categories=4), ["deck", "embarked", "sibsp"])).fit(
        frame), rows)
    go("onehot-drop-first", make_column_transformer((OneHotEncoder(
        drop="first", handle_unknown="ignore"), ["deck", "embarked", "sibsp", "pclass"])).fit(frame), rows)
    go("onehot-drop-binary-infrequent", make_column_transformer((OneHotEncoder(
        drop="if_binary", min_frequency=0.12, handle_unknown="infrequent_if_exist"),
        ["sex", "deck", "embarked", "adult"])).fit(frame), rows)
    go("onehot-drop-infrequent-named", make_column_transformer((OneHotEncoder(
        drop=["male", "S"], max_categories=3, handle_unknown="infrequent_if_exist"), ["sex", "embarked"])).fit(
        frame), rows)
    go("ordinal-unknown", make_column_transformer((OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=-7), ["sex", "embarked", "deck", "adult"]),
        remainder="drop").fit(frame), rows)
    go("ordinal-missing-tree", make_pipeline(make_column_transformer((OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2), texts),
        (impute.SimpleImputer(missing_values=0, strategy="mean"), ["sibsp"])),
        ExtraTreesClassifier(5, max_depth=4, random_state=1)).fit(frame, survived), rows)
    go("missing-indicators", make_column_transformer(
        (impute.MissingIndicator(), ["age"]),
        (impute.MissingIndicator(features="all"), ["fare", "deck", "embarked"]),
        (impute.SimpleImputer(strategy="constant", fill_value=-1, add_indicator=True), ["age", "fare"]),
    ).fit(frame), rows)
    go("impute-then-encode", make_pipeline(
        make_column_transformer((impute.SimpleImputer(strategy="most_frequent"), texts),
                                ("passthrough", ["pclass"])),
        ColumnTransformer([("texts", OneHotEncoder(handle_unknown="ignore"), [0, 1, 2])],
                          remainder=StandardScaler()),
        LogisticRegression(max_iter=500)).fit(frame, survived), rows)
    if VERSION >= (1, 3):
        go("ordinal-infrequent", make_column_transformer((OrdinalEncoder(
            handle_unknown="use_encoded_value", unknown_value=np.nan, max_categories=4,
            encoded_missing_value=-3), ["deck", "embarked"])).fit(frame), rows)
        go("target-encoder", make_column_transformer((preprocessing.TargetEncoder(random_state=1),
           ["deck", "embarked", "sibsp"])).fit(frame, survived), rows)
        go("target-encoder-classes", make_column_transformer((preprocessing.TargetEncoder(
            random_state=1), ["sex", "deck"])).fit(frame, frame.pclass), rows)
        go("target-encoder-number", make_pipeline(make_column_transformer(
            (preprocessing.TargetEncoder(random_state=1), ["sex", "deck"])), Ridge()).fit(
            frame, frame.fare), rows)
    if VERSION >= (1, 6):
        go("onehot-warn", make_column_transformer((OneHotEncoder(
            handle_unknown="warn", min_frequency=40), ["deck", "embarked"])).fit(frame), rows)
    def dictionaries(table):
        return [{k: v for k, v in row.items() if not (isinstance(v, float) and math.isnan(v))}
                for row in table[["age", "deck", "embarked", "sex"]].to_dict("records")]

    samples.rows("dictionaries", rows[["sex", "age", "deck", "embarked"]].copy())
    go("dictionaries-logistic", make_pipeline(feature_extraction.DictVectorizer(), MaxAbsScaler(),
                                              LogisticRegression(max_iter=500)).fit(
        dictionaries(frame), survived), samples.by_name("dictionaries"), given=dictionaries(rows))
    ports = samples.rows("ports", [str(port) for port in rows.embarked.fillna("S").tolist()])
    go("label-binarizer", preprocessing.LabelBinarizer(neg_label=-1, pos_label=2).fit(
        frame.embarked.dropna().tolist()), ports)
    plain_texts = frame[["sex", "deck"]].astype(object).where(frame[["sex", "deck"]].notna(), None)
    asked = rows[["sex", "deck"]].astype(object).where(rows[["sex", "deck"]].notna(), None).to_numpy()
    asked[::29, 1] = "Z"
    samples.rows("texts", asked)
    go("onehot-of-texts", make_pipeline(OneHotEncoder(handle_unknown="ignore"), LogisticRegression()).fit(
        plain_texts.to_numpy(), survived), asked)
    go("number-frame", make_pipeline(impute.SimpleImputer(), StandardScaler(), LogisticRegression()).fit(
        frame[numbers], survived), samples.rows("numbers", rows[numbers].copy()))


def texts(samples):
    train, kinds = documents(300, 3)
    rows, _ = documents(ROWS, 4)
    rows[7], rows[8] = "", "   "
    samples.rows("documents", rows)
    go = samples.save
    logistic = dict(max_iter=500)
    go("tfidf-logistic", make_pipeline(TfidfVectorizer(min_df=2), LogisticRegression(**logistic)).fit(
        train, kinds), rows)
    go("tfidf-sgd-english", make_pipeline(TfidfVectorizer(
        stop_words="english", ngram_range=(1, 2), sublinear_tf=True, max_features=150),
        SGDClassifier(loss="log_loss", random_state=1)).fit(train, kinds), rows)
    go("tfidf-svc-l1", make_pipeline(TfidfVectorizer(norm="l1", binary=True, strip_accents="unicode"),
        LinearSVC(random_state=1)).fit(train, kinds), rows)
    go("count-bigrams", CountVectorizer(ngram_range=(2, 3), min_df=2, stop_words=["the", "of", "and"]).fit(
        train), rows)
    go("count-ascii-cased", CountVectorizer(lowercase=False, strip_accents="ascii", binary=True).fit(train),
       rows)
    go("count-vocabulary", CountVectorizer(vocabulary=["tide", "潮汐", "résumé", "i18n", "n"],
                                           token_pattern=r"(?u)\b\w+\b").fit(train), rows)
    go("count-then-tfidf", make_pipeline(CountVectorizer(min_df=3), TfidfTransformer(
        use_idf=True, norm=None), MaxAbsScaler(), LogisticRegression(**logistic)).fit(train, kinds), rows)
    go("tfidf-no-idf", TfidfVectorizer(use_idf=False, norm="l2", min_df=4).fit(train), rows)
    go("chars", make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3), max_features=120),
                              LogisticRegression(**logistic)).fit(train, kinds), rows)
    go("chars-of-words-joblib", CountVectorizer(analyzer="char_wb", ngram_range=(2, 7), max_features=100,
                                                strip_accents="unicode").fit(train), rows,
       ending="joblib")
    go("hashing-logistic", make_pipeline(HashingVectorizer(n_features=2 ** 12), LogisticRegression(
        **logistic)).fit(train, kinds), rows)
    go("hashing-binary-bigrams", HashingVectorizer(n_features=997, norm=None, binary=True,
                                                   ngram_range=(1, 2)), rows)
    go("hashing-l1-counts", HashingVectorizer(n_features=64, norm="l1", alternate_sign=False), rows)
    go("words-and-chars", make_pipeline(make_union(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), max_features=200)),
        LogisticRegression(**logistic)).fit(train, kinds), rows)
    go("union-weights", FeatureUnion([
        ("count", CountVectorizer(max_features=30)), ("chars", CountVectorizer(analyzer="char", max_features=20)),
        ("none", "drop")], transformer_weights={"count": 0.5, "chars": 3}).fit(train), rows)
    go("tfidf-svd", make_pipeline(TfidfVectorizer(), decomposition.TruncatedSVD(5, random_state=1),
                                  Normalizer(), LogisticRegression(**logistic)).fit(train, kinds), rows)
    go("tfidf-scaled-selected", make_pipeline(
        CountVectorizer(), StandardScaler(with_mean=False), feature_selection.SelectKBest(
            feature_selection.f_classif, k=25), LogisticRegression(**logistic)).fit(train, kinds), rows)
    go("topics", make_pipeline(CountVectorizer(max_features=50), decomposition.LatentDirichletAllocation(
        4, random_state=1, max_iter=5)).fit(train), rows)
    patterns = [r"[a-zA-Z]{3,}", r"(?u)\b[^\W\d_]\w*", r"\S+", r"(?:[a-z]+|\d+(?:\.\d+)?)", r"#?(\w+)[,!.]",
                r"[\w']+(?:-[\w']+)*", r"\b\w{2,5}?\B", r"[^\s,!]+$|^\w"]
    for i, pattern in enumerate(patterns):
        go(f"pattern-{i}", CountVectorizer(token_pattern=pattern, max_features=80).fit(train), rows)
    # A table with a column of text beside numbers.
    frame, survived = passengers(300, 6)
    frame["story"] = train
    asked, _ = passengers(ROWS, 8)
    asked["story"] = rows
    samples.rows("stories", asked)
    go("text-beside-numbers", make_pipeline(ColumnTransformer([
        ("story", TfidfVectorizer(max_features=60), "story"),
        ("letters", CountVectorizer(analyzer="char", max_features=12), "story"),
        ("port", OneHotEncoder(handle_unknown="ignore"), ["embarked"]),
        ("numbers", make_pipeline(impute.SimpleImputer(), StandardScaler()), ["age", "fare"]),
    ]), LogisticRegression(**logistic)).fit(frame, survived), asked)


def numbers(samples):
    train, kind, rows = iris_like()
    length = train[:, 0] * 2 - train[:, 3]
    rows[3] = [9.5, 1.0, 7.5, 0.0]
    rows[4] = [0, 0, 0, 0]
    samples.rows("flowers", rows)
    holes, holed = train.copy(), rows.copy()
    random = np.random.RandomState(9)
    holes[random.rand(*holes.shape) < 0.15] = np.nan
    holed[random.rand(*holed.shape) < 0.2] = np.nan
    samples.rows("flowers-with-holes", holed)
    go = samples.save
    P, S = preprocessing, feature_selection
    logistic = dict(max_iter=2000)
    go("polynomial-ridge", make_pipeline(StandardScaler(), P.PolynomialFeatures(3), Ridge(alpha=0.5)).fit(
        train, length), rows)
    go("polynomial-interactions", P.PolynomialFeatures(3, interaction_only=True, include_bias=False).fit(
        train), rows)
    go("polynomial-degrees", P.PolynomialFeatures((2, 3)).fit(train), rows)
    go("splines-linear", make_pipeline(P.SplineTransformer(n_knots=5, extrapolation="linear"),
                                       LinearRegression()).fit(train, length), rows)
    for beyond in ("constant", "continue", "periodic"):
        go(f"splines-{beyond}", P.SplineTransformer(
            n_knots=6, degree=2, extrapolation=beyond, include_bias=beyond != "constant",
            knots="quantile" if beyond == "constant" else "uniform").fit(train), rows)
    go("power-yeo-johnson", make_pipeline(P.PowerTransformer(), LogisticRegression(**logistic)).fit(
        train, kind), rows)
    positive = samples.rows("positive", np.abs(rows) + 0.1)
    go("power-box-cox", P.PowerTransformer("box-cox", standardize=False).fit(train + 0.1), positive)
    go("power-holes", P.PowerTransformer().fit(holes - 3), holed)
    go("quantile-uniform", P.QuantileTransformer(n_quantiles=40, random_state=1).fit(train), rows)
    go("quantile-normal-logistic", make_pipeline(P.QuantileTransformer(
        n_quantiles=100, output_distribution="normal", random_state=1),
        LogisticRegression(**logistic)).fit(train, kind), rows)
    go("quantile-holes", P.QuantileTransformer(n_quantiles=20, output_distribution="normal").fit(holes), holed)
    go("bins-onehot", make_pipeline(P.KBinsDiscretizer(5, encode="onehot"), LogisticRegression(
        **logistic)).fit(train, kind), rows)
    go("bins-ordinal-uniform", P.KBinsDiscretizer([3, 4, 5, 2], encode="ordinal", strategy="uniform").fit(
        train), rows)
    go("bins-kmeans", P.KBinsDiscretizer(4, encode="onehot-dense", strategy="kmeans", random_state=1).fit(
        train), rows)
    go("binarizer", P.Binarizer(threshold=1.5).fit(train), rows)
    go("functions", make_union(
        FunctionTransformer(np.log1p), FunctionTransformer(np.sqrt, validate=True),
        FunctionTransformer(np.expm1), FunctionTransformer(), FunctionTransformer(np.arcsinh),
        make_pipeline(FunctionTransformer(np.square), FunctionTransformer(np.negative))).fit(train), rows)
    selectors = {
        "k-best": S.SelectKBest(k=2), "k-best-all": S.SelectKBest(k="all"),
        "percentile": S.SelectPercentile(percentile=60), "fpr": S.SelectFpr(alpha=1e-20),
        "fdr": S.SelectFdr(alpha=1e-10), "fwe": S.SelectFwe(alpha=1e-20),
        "generic": S.GenericUnivariateSelect(mode="percentile", param=50),
        "chi2": S.SelectKBest(S.chi2, k=3), "regression": S.SelectKBest(S.f_regression, k=2),
        "model-lasso": S.SelectFromModel(Lasso(alpha=0.1)),
        "model-logistic": S.SelectFromModel(LogisticRegression(**logistic), threshold="1.1*median"),
        "model-forest": S.SelectFromModel(RandomForestClassifier(6, max_depth=4, random_state=1)),
        "model-tree-most": S.SelectFromModel(ExtraTreesClassifier(5, random_state=1), max_features=2,
                                             threshold=-np.inf),
        "rfe": S.RFE(LogisticRegression(**logistic), n_features_to_select=2),
        "rfecv": S.RFECV(Ridge(), cv=3), "sequential": S.SequentialFeatureSelector(
            Ridge(), n_features_to_select=2, cv=2),
    }
    joined = FeatureUnion([(name, selector) for name, selector in selectors.items()])
    go("selectors", joined.fit(train, kind), rows)
    go("variance", make_pipeline(S.VarianceThreshold(0.4), StandardScaler(), LogisticRegression(
        **logistic)).fit(train, kind), rows)
    go("imputer-indicator-logistic", make_pipeline(impute.SimpleImputer(
        strategy="mean", add_indicator=True), StandardScaler(), LogisticRegression(**logistic)).fit(
        holes, kind), holed)
    D, K = decomposition, kernel_approximation
    positive_train = train + 0.1
    go("projections", FeatureUnion([
        ("pca", D.PCA(2)), ("ica", D.FastICA(3, random_state=1)), ("factors", D.FactorAnalysis(2)),
        ("sparse", D.SparsePCA(2, alpha=0.3, random_state=1)),
        ("gauss", random_projection.GaussianRandomProjection(3, random_state=1)),
        ("scattered", random_projection.SparseRandomProjection(3, random_state=1)),
        ("svd", D.TruncatedSVD(2, random_state=1)), ("step-by-step", D.IncrementalPCA(2)),
        ("ica-plain", D.FastICA(2, whiten="arbitrary-variance", random_state=2)),
    ]).fit(train), rows)
    go("kernels", FeatureUnion([
        ("nystroem", K.Nystroem(n_components=6, random_state=1)),
        ("polynomials", K.Nystroem(kernel="poly", degree=2, gamma=0.5, n_components=4, random_state=1)),
        ("waves", K.RBFSampler(n_components=5, random_state=1)),
        ("kernel-pca", D.KernelPCA(3, kernel="rbf", gamma=0.1)),
        ("linear-pca", D.KernelPCA(2)), ("cosine-pca", D.KernelPCA(2, kernel="cosine")),
    ]).fit(train), rows)
    go("nmf", D.NMF(3, init="nndsvd", random_state=1, max_iter=500, alpha_W=0.01, l1_ratio=0.3).fit(positive_train),
       positive)
    # No two rows are equally far from another, where the library would take any.
    apart = holes + np.random.RandomState(2).normal(0, 1e-3, holes.shape)
    go("knn-imputer-logistic", make_pipeline(impute.KNNImputer(n_neighbors=3), LogisticRegression(
        **logistic)).fit(apart, kind), holed)
    go("knn-imputer-distance", impute.KNNImputer(n_neighbors=4, weights="distance", add_indicator=True).fit(
        apart), holed)
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401
    go("iterative-imputer", make_pipeline(impute.IterativeImputer(random_state=1, max_iter=5, min_value=0),
                                          LogisticRegression(**logistic)).fit(holes, kind), holed)
    go("iterative-imputer-trees", impute.IterativeImputer(RandomForestRegressor(
        3, max_depth=3, random_state=1), max_iter=2, random_state=1, n_nearest_features=2,
        add_indicator=True).fit(holes), holed)
    if VERSION == (1, 9):
        small = make_pipeline(StandardScaler(), Ridge()).fit(train, length)
        for how in ("zlib", "gzip", "bz2", "lzma", "xz", "lz4"):
            go(f"compressed-{how}", small, rows, ending="joblib", compress=(how, 3))


def together(samples):
    """Transformers before and inside estimators that are made of others."""
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.ensemble import HistGradientBoostingClassifier, StackingClassifier, VotingClassifier
    from sklearn.model_selection import GridSearchCV
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.tree import DecisionTreeClassifier

    train, kinds = documents(300, 3)
    rows = samples.by_name("documents")
    go = samples.save
    logistic = dict(max_iter=500)
    go("count-multinomial-nb", make_pipeline(CountVectorizer(max_features=80), MultinomialNB()).fit(
        train, kinds), rows)
    go("tfidf-complement-nb", make_pipeline(TfidfVectorizer(max_features=80), ComplementNB()).fit(
        train, kinds), rows)
    go("tfidf-calibrated-svc", make_pipeline(TfidfVectorizer(max_features=80), CalibratedClassifierCV(
        LinearSVC(random_state=1), cv=2)).fit(train, kinds), rows)
    go("tfidf-one-vs-rest", make_pipeline(TfidfVectorizer(max_features=60), OneVsRestClassifier(
        LogisticRegression(**logistic))).fit(train, kinds), rows)
    search = GridSearchCV(make_pipeline(TfidfVectorizer(max_features=60), LogisticRegression(**logistic)),
                          {"tfidfvectorizer__norm": ["l1", "l2"]}, cv=2).fit(train, kinds)
    search.refit_time_ = 0.0
    for key in [key for key in search.cv_results_ if "time" in key]:
        search.cv_results_[key] = np.zeros_like(search.cv_results_[key])
    go("text-grid-search", search, rows)
    go("text-voting", VotingClassifier([
        ("words", make_pipeline(TfidfVectorizer(max_features=50), LogisticRegression(**logistic))),
        ("chars", make_pipeline(CountVectorizer(analyzer="char", max_features=40), MultinomialNB())),
    ], voting="soft").fit(train, kinds), rows)
    go("text-forest", make_pipeline(CountVectorizer(max_features=40), RandomForestClassifier(
        4, max_depth=4, random_state=1)).fit(train, kinds), rows)
    frame, survived = passengers(400, 1)
    asked = samples.by_name("passengers")
    numbers, texts = ["age", "fare", "sibsp"], ["sex", "embarked", "deck"]

    def prepared(scale=True):
        numeric = [impute.SimpleImputer()] + [StandardScaler()] * scale
        return ColumnTransformer([("numbers", make_pipeline(*numeric), numbers),
                                  ("texts", OneHotEncoder(handle_unknown="ignore"), texts)])

    go("frame-hist-boosting", make_pipeline(make_column_transformer(
        (OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), texts),
        ("passthrough", numbers)), HistGradientBoostingClassifier(
            max_iter=10, max_depth=3, random_state=1)).fit(
        frame, survived), asked)
    go("frame-neighbours", make_pipeline(prepared(), KNeighborsClassifier(5)).fit(frame, survived), asked)
    go("frame-stacking", StackingClassifier([
        ("linear", make_pipeline(prepared(), LogisticRegression(**logistic))),
        ("tree", make_pipeline(prepared(False), DecisionTreeClassifier(max_depth=3, random_state=1))),
    ], cv=2).fit(frame, survived), asked)
    go("frame-calibrated-search", GridSearchCV(CalibratedClassifierCV(make_pipeline(
        prepared(), LogisticRegression(**logistic)), cv=2), {"cv": [2]}, cv=2).fit(
        frame, survived).best_estimator_, asked)


def main():
    if os.environ.get("PYTHONHASHSEED") != "0":  # the order of sets
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--root", type=pathlib.Path, default=HERE / "transformers")
    samples = Samples(arguments.parse_args().root)
    frames(samples)
    texts(samples)
    numbers(samples)
    together(samples)
    print("made with scikit-learn", sklearn.__version__, "on Python", sys.version.split()[0])


if __name__ == "__main__":
    main()
