"""Trains boosters with the real XGBoost and writes its own answers beside them.

  xgboost/rows.json         tables of rows that the models share; null is a missing value
  xgboost/<set>/<name>/     one model each, and expected.json:
    {"made_with": {...}, "rows": "numeric", "more": [[...], ...],
     "answers": {"predict": [...], "margin": [...]}}

The answers are those of the shared rows and, after them, of "more": rows with values exactly at the
model's thresholds and at their neighbours in single precision. <set> is the library's version:
"new", "old" (1.7, whose binary format later versions gave up), or a few models of one of the
versions between and before them. Seeds are fixed.
"""

import json
import pathlib
import pickle
import shutil
import warnings

import numpy as np
import pandas as pd
import xgboost as xgb

warnings.filterwarnings("ignore")
if hasattr(xgb, "set_config"):
    xgb.set_config(verbosity=0)
HERE = pathlib.Path(__file__).parent / "xgboost"
COLUMNS = 8
CATEGORIES = (0, 3, 12, 90, 0, 0)  # by column; 0: a number
THREADS = {"nthread": 1, "seed": 7}
VERSION = tuple(int(part) for part in xgb.__version__.split(".")[:2])


def numeric(count, seed):
    random = np.random.RandomState(seed)
    scales = np.array([1, 10, 0.01, 1000, 1, 5, 1, 1])
    rows = random.normal(size=(count, COLUMNS)) * scales
    rows[:, 5] = np.round(rows[:, 5])  # ties
    rows[:, 6] = random.randint(0, 2, count)
    rows[random.uniform(size=rows.shape) < 0.08] = np.nan
    rows[: count // 10] = np.nan_to_num(rows[: count // 10])
    return rows.astype(np.float32)


def categorical(count, seed):
    random = np.random.RandomState(seed)
    rows = np.empty((count, len(CATEGORIES)))
    for i, n in enumerate(CATEGORIES):
        rows[:, i] = random.randint(0, n, count) if n else random.normal(size=count)
    rows[random.uniform(size=rows.shape) < 0.05] = np.nan
    return rows.astype(np.float32)


TRAIN = {"numeric": numeric(400, 1), "categorical": categorical(600, 2)}
ROWS = {"numeric": numeric(200, 3), "categorical": categorical(200, 4)}
ROWS["whole"] = np.nan_to_num(ROWS["categorical"])  # nothing is missing


def target(rows, seed=5):
    """Something that trees can find."""
    filled = np.nan_to_num(rows.astype(float))
    spread = filled.std(axis=0)
    scaled = filled / np.where(spread == 0, 1, spread)
    noise = np.random.RandomState(seed).normal(0, 0.1, len(rows))
    return scaled[:, 0] + np.sin(scaled[:, 1]) * scaled[:, 2] + (scaled[:, 3] > 0.3) + noise


def labels(kind, rows):
    y = target(rows)
    random = np.random.RandomState(6)
    return {
        "real": y,
        "positive": np.exp(y / 2),
        "rate": 1 / (1 + np.exp(-y)),
        "binary": (y > 0.4).astype(int),
        "three": np.digitize(y, [-0.3, 1.2]),
        "count": random.poisson(np.exp(np.clip(y, -2, 2))),
        "two-targets": np.stack([y, np.abs(y) * 3], axis=1),
        "two-labels": np.stack([y > 0.4, y < 1], axis=1).astype(int),
        "times": np.exp(y) * np.where(random.uniform(size=len(y)) < 0.3, -1, 1),
        "grades": np.digitize(y, [-0.5, 0.4, 1.4]),
        "both-grades": (y > 0.2).astype(int),
    }[kind]


def model_json(booster):
    return json.loads(bytes(booster.save_raw("json")))


def trees(booster):
    if VERSION < (1, 6):
        return []  # it gives no model as JSON in memory
    gradient = model_json(booster)["learner"]["gradient_booster"]
    return gradient.get("gbtree", gradient)["model"].get("trees", [])


def boundary_rows(booster, base, seed=8):
    """Rows in which one value lies at a threshold, just below or just above it."""
    random = np.random.RandomState(seed)
    splits = []
    for tree in trees(booster):
        kinds = tree.get("split_type") or [0] * len(tree["left_children"])
        for left, column, at, kind in zip(
            tree["left_children"], tree["split_indices"], tree["split_conditions"], kinds
        ):
            if left >= 0 and kind == 0:
                splits.append((column, np.float32(at)))
    rows = []
    for i in random.permutation(len(splits))[:16]:
        column, at = splits[i]
        for value in (at, np.nextafter(at, np.float32(-np.inf)), np.nextafter(at, np.float32(np.inf))):
            row = base[random.randint(len(base))].copy()
            row[column] = value
            rows.append(row)
    row = base[0].copy()
    row[:] = np.nan
    return np.array(rows + [row], dtype=np.float32)


def odd_categories(base, seed=9):
    """What is no category: negative, fractions, beyond all that were seen."""
    random = np.random.RandomState(seed)
    rows = []
    for value in (-1, 0.7, 1.9, 63, 64, 65, 89, 90, 1000, 16777215, 16777216, 1e9, -0.5):
        for column in (1, 2, 3):
            row = base[random.randint(len(base))].copy()
            row[column] = value
            rows.append(row)
    return np.array(rows, dtype=np.float32)


class Short(float):
    """A single-precision number as the shortest text that gives it back."""

    def __repr__(self):
        return str(np.float32(self))


def plain(array):
    array = np.asarray(array)
    if array.dtype.kind == "f":
        return [
            plain(row) if row.ndim else (None if np.isnan(row) else Short(row))
            for row in array.astype(np.float32)
        ]
    return array.tolist()


def dump(value, path):
    path.write_text(encode(value) + "\n")


def encode(value):
    if isinstance(value, dict):
        return "{" + ", ".join(json.dumps(k) + ": " + encode(v) for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(encode(v) for v in value) + "]"
    if isinstance(value, Short):
        return repr(value)
    return json.dumps(value)


def write(directory, table, more, answers, **facts):
    made_with = {"xgboost": xgb.__version__, "numpy": np.__version__, **facts}
    dump(
        {"made_with": made_with, "rows": table, "more": plain(more), "answers": answers},
        directory / "expected.json",
    )


class Maker:
    def __init__(self, name):
        self.root = HERE / name
        shutil.rmtree(self.root, ignore_errors=True)

    def directory(self, name):
        directory = self.root / name
        directory.mkdir(parents=True)
        return directory

    def booster(
        self, name, params, label, ending="ubj", rounds=8, table="numeric", save=None, **options
    ):
        train = TRAIN[table]
        known = {"feature_names": options.pop("names", None), "feature_types": options.pop("types", None)}
        if known["feature_types"]:
            known["enable_categorical"] = True
        y = labels(label, train)
        data = xgb.DMatrix(train, y, **known)
        if params["objective"].startswith("rank:"):
            data.set_group([20] * (len(train) // 20))
        if params["objective"] == "survival:aft":
            data = xgb.DMatrix(train)
            data.set_float_info("label_lower_bound", np.abs(y))
            data.set_float_info("label_upper_bound", np.where(y < 0, np.inf, np.abs(y)))
        if options.pop("early", False):
            hold = xgb.DMatrix(ROWS[table], labels(label, ROWS[table]), **known)
            options.update(evals=[(hold, "hold")], early_stopping_rounds=2, verbose_eval=False)
        params = {"max_depth": 4, "eta": 0.4, **THREADS, **params}
        booster = xgb.train(params, data, rounds, **options)
        booster.set_attr(note="made by make_xgboost.py")
        directory = self.directory(name)
        path = directory / f"model.{ending}"
        if save:
            save(booster, path)
        else:
            booster.save_model(str(path))
        self.expect(directory, path, table)

    def expect(self, directory, path, table):
        booster = xgb.Booster(THREADS, model_file=str(path))
        more = boundary_rows(booster, ROWS[table]) if trees(booster) else ROWS[table][:1]
        if table == "categorical":
            more = np.concatenate([more, odd_categories(ROWS[table])])
        data = xgb.DMatrix(np.concatenate([ROWS[table], more]))
        ask = lambda **how: plain(booster.predict(data, validate_features=False, **how))
        write(directory, table, more, {"predict": ask(), "margin": ask(output_margin=True)})

    def pickled(self, name, model, table="numeric", methods=("predict", "predict_proba")):
        directory = self.directory(name)
        (directory / "model.pickle").write_bytes(pickle.dumps(model))
        rows = ROWS[table]
        answers = {m: plain(getattr(model, m)(rows.astype(float))) for m in methods}
        write(directory, table, rows[:0], answers)


def boosters_of_both(make):
    """What every version has; the endings differ so that all formats are read."""
    make.booster("squared-error", {"objective": "reg:squarederror"}, "real", "json")
    make.booster("squared-log-error", {"objective": "reg:squaredlogerror"}, "positive")
    make.booster("pseudo-huber", {"objective": "reg:pseudohubererror"}, "real")
    make.booster("absolute-error", {"objective": "reg:absoluteerror"}, "real", "json")
    make.booster("rate", {"objective": "reg:logistic"}, "rate")
    make.booster("gamma", {"objective": "reg:gamma"}, "positive")
    make.booster("tweedie", {"objective": "reg:tweedie"}, "positive", "json")
    make.booster("poisson", {"objective": "count:poisson"}, "count")
    make.booster("binary", {"objective": "binary:logistic"}, "binary", "json", rounds=20)
    make.booster("binary-raw", {"objective": "binary:logitraw"}, "binary")
    make.booster("binary-hinge", {"objective": "binary:hinge"}, "binary")
    make.booster("softmax", {"objective": "multi:softmax", "num_class": 3}, "three")
    make.booster("softprob", {"objective": "multi:softprob", "num_class": 3}, "three", "json")
    make.booster("rank-pairwise", {"objective": "rank:pairwise"}, "grades")
    make.booster("rank-ndcg", {"objective": "rank:ndcg"}, "grades", "json")
    make.booster("rank-map", {"objective": "rank:map"}, "both-grades")
    make.booster("cox", {"objective": "survival:cox"}, "times")
    make.booster("aft", {"objective": "survival:aft"}, "times", "json")
    dart = {"booster": "dart", "rate_drop": 0.3, "skip_drop": 0.1}
    make.booster("dart", {"objective": "reg:squarederror", **dart}, "real", rounds=12)
    make.booster(
        "dart-softprob", {"objective": "multi:softprob", "num_class": 3, **dart}, "three", "json"
    )
    linear = {"booster": "gblinear", "updater": "coord_descent"}
    make.booster("linear", {"objective": "reg:squarederror", **linear}, "real")
    make.booster(
        "linear-softprob", {"objective": "multi:softprob", "num_class": 3, **linear}, "three", "json"
    )
    make.booster("linear-binary", {"objective": "binary:logistic", **linear}, "binary", "json")
    types = ["c" if n else "q" for n in CATEGORIES]
    cats = {"table": "categorical", "types": types}
    one_hot = {"tree_method": "approx", "max_cat_to_onehot": 200}
    sets = {"tree_method": "approx", "max_cat_to_onehot": 1, "max_depth": 5}
    make.booster("categories-one-hot", {"objective": "reg:squarederror", **one_hot}, "real", **cats)
    make.booster("categories-sets", {"objective": "binary:logistic", **sets}, "binary", "json", **cats)
    make.booster(
        "categories-softprob", {"objective": "multi:softprob", "num_class": 3, **sets}, "three", **cats
    )
    forest = {"num_parallel_tree": 5, "subsample": 0.7, "colsample_bynode": 0.6, "eta": 1}
    make.booster("forest", {"objective": "binary:logistic", **forest}, "binary", rounds=1)
    make.booster(
        "forest-boosted", {"objective": "multi:softprob", "num_class": 3, **forest}, "three", rounds=3
    )
    make.booster("early-stopped", {"objective": "binary:logistic"}, "binary", rounds=60, early=True)
    make.booster("base-score", {"objective": "binary:logistic", "base_score": 0.2}, "binary")
    make.booster("base-score-count", {"objective": "count:poisson", "base_score": 3.5}, "count", "json")
    names = ["age", "income", "größe", "a b", "x1", "x2", "y", "last one"]
    make.booster("named", {"objective": "reg:squarederror"}, "real", "json", names=names)
    leafy = {"tree_method": "hist", "grow_policy": "lossguide", "max_depth": 0, "max_leaves": 60}
    make.booster("deep", {"objective": "reg:squarederror", **leafy}, "real")
    make.booster("exact", {"objective": "reg:squarederror", "tree_method": "exact"}, "real", rounds=15)
    make.booster("stumps", {"objective": "binary:logistic", "max_depth": 1}, "binary", rounds=40)
    make.booster("pruned", {"objective": "reg:squarederror", "gamma": 3, "tree_method": "exact"}, "real")
    make.booster("two-targets", {"objective": "reg:squarederror"}, "two-targets")
    make.booster("two-labels", {"objective": "binary:logistic"}, "two-labels", "json")


def boosters_of_new(make):
    quantiles = {"objective": "reg:quantileerror", "quantile_alpha": [0.1, 0.5, 0.9]}
    make.booster("quantiles", quantiles, "real", "json")
    make.booster("quantile", {"objective": "reg:quantileerror", "quantile_alpha": 0.8}, "real")
    vectors = {"multi_strategy": "multi_output_tree", "tree_method": "hist"}
    make.booster("vector-leaves", {"objective": "reg:squarederror", **vectors}, "two-targets")
    make.booster(
        "vector-softprob", {"objective": "multi:softprob", "num_class": 3, **vectors}, "three", "json"
    )
    make.booster(
        "vector-forest",
        {"objective": "reg:squarederror", "num_parallel_tree": 3, "subsample": 0.7, **vectors},
        "two-targets",
    )
    make.booster("as-bst", {"objective": "binary:logistic"}, "binary", "bst")
    make.booster("as-model", {"objective": "count:poisson"}, "count", "model")


def raw_binary(booster, path):
    path.write_bytes(bytes(booster.save_raw("deprecated")))


def unnamed_binary(booster, path):
    path.write_bytes(bytes(booster.save_raw("deprecated")).removeprefix(b"binf"))


def boosters_of_old(make):
    make.booster("no-trees", {"objective": "binary:logistic"}, "binary", rounds=0)
    binary = {"ending": "bst", "save": raw_binary}
    make.booster("binary-format", {"objective": "binary:logistic"}, "binary", **binary)
    make.booster("binary-format-raw", {"objective": "binary:logitraw"}, "binary", **binary)
    make.booster("binary-format-unnamed", {"objective": "reg:gamma"}, "positive", "bst", save=unnamed_binary)
    softprob = {"objective": "multi:softprob", "num_class": 3}
    make.booster("binary-format-softprob", {**softprob, "num_parallel_tree": 2}, "three", **binary)
    dart = {"booster": "dart", "rate_drop": 0.3, "objective": "count:poisson"}
    make.booster("binary-format-dart", dart, "count", "model", save=raw_binary)
    linear = {"booster": "gblinear", "updater": "coord_descent"}
    make.booster("binary-format-linear", {**softprob, **linear}, "three", **binary)
    make.booster("binary-format-pruned", {"objective": "reg:squarederror", "gamma": 3}, "real", **binary)
    make.booster("binary-format-targets", {"objective": "reg:squarederror"}, "two-targets", **binary)


def table_with_texts(rows):
    names = [f"kind {i}" for i in range(12)]
    frame = pd.DataFrame(rows, columns=["a", "color", "kind", "code", "b", "c"]).astype(float)
    tens = [10 * code for code in range(90)]
    words = {"color": ["red", "green", "blue"], "kind": names, "code": tens}
    for column, known in words.items():
        codes = frame[column].fillna(-1).astype(int)
        frame[column] = pd.Categorical.from_codes(codes, known)
    return frame


def named_categories(make):
    """Categories by their names, as data frames have them; tests send them as text."""
    frame = table_with_texts(TRAIN["categorical"])
    params = {"objective": "reg:squarederror", "max_depth": 5, "max_cat_to_onehot": 2, **THREADS}
    data = xgb.DMatrix(frame, labels("real", TRAIN["categorical"]), enable_categorical=True)
    booster = xgb.train(params, data, 8)
    directory = make.directory("categories-named")
    booster.save_model(directory / "model.ubj")
    make.expect(directory, directory / "model.ubj", "categorical")


def pickled_categories(make):
    frame, y = table_with_texts(TRAIN["categorical"]), labels("binary", TRAIN["categorical"])
    options = {"n_estimators": 8, "max_depth": 4, "max_cat_to_onehot": 2, "n_jobs": 1, "random_state": 7}
    model = xgb.XGBClassifier(enable_categorical=True, tree_method="hist", **options).fit(frame, y)
    directory = make.directory("pickle-categories")
    (directory / "model.pickle").write_bytes(pickle.dumps(model))
    rows = table_with_texts(ROWS["categorical"])
    answers = {m: plain(getattr(model, m)(rows)) for m in ("predict", "predict_proba")}
    write(directory, "categorical", ROWS["categorical"][:0], answers)


def pickles(make):
    X, Y = TRAIN["numeric"], lambda kind: labels(kind, TRAIN["numeric"])
    common = {"n_estimators": 8, "max_depth": 3, "n_jobs": 1, "random_state": 7}
    fit = lambda cls, kind, **more: cls(**{**common, **more}).fit(X, Y(kind))
    make.pickled("pickle-binary", fit(xgb.XGBClassifier, "binary"))
    make.pickled("pickle-three", fit(xgb.XGBClassifier, "three"))
    make.pickled("pickle-softmax", fit(xgb.XGBClassifier, "three", objective="multi:softmax"))
    make.pickled("pickle-forest", fit(xgb.XGBRFClassifier, "three"))
    make.pickled("pickle-dart", fit(xgb.XGBClassifier, "binary", booster="dart", rate_drop=0.3))
    make.pickled("pickle-linear", fit(xgb.XGBClassifier, "three", booster="gblinear"))
    make.pickled("pickle-missing", fit(xgb.XGBClassifier, "binary", missing=0.0))
    only = {"methods": ("predict",)}
    make.pickled("pickle-regressor", fit(xgb.XGBRegressor, "real"), **only)
    make.pickled("pickle-poisson", fit(xgb.XGBRegressor, "count", objective="count:poisson"), **only)
    make.pickled("pickle-two-targets", fit(xgb.XGBRegressor, "two-targets"), **only)
    make.pickled("pickle-forest-regressor", fit(xgb.XGBRFRegressor, "real"), **only)
    ranker = xgb.XGBRanker(**common).fit(X, Y("grades"), group=[20] * (len(X) // 20))
    make.pickled("pickle-ranker", ranker, **only)
    early = xgb.XGBClassifier(**{**common, "n_estimators": 60}, early_stopping_rounds=2)
    hold = ROWS["numeric"]
    early.fit(X, Y("binary"), eval_set=[(hold, labels("binary", hold))], verbose=False)
    make.pickled("pickle-early-stopped", early)
    pipeline(make, common, X, Y)
    booster = fit(xgb.XGBRegressor, "real").get_booster()
    directory = make.directory("pickle-booster")
    (directory / "model.pickle").write_bytes(pickle.dumps(booster))
    answers = {"predict": plain(booster.predict(xgb.DMatrix(hold)))}
    write(directory, "numeric", hold[:0], answers)


def pipeline(make, common, X, Y):
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    steps = make_pipeline(SimpleImputer(), StandardScaler(), xgb.XGBClassifier(**common))
    make.pickled("pickle-pipeline", steps.fit(X.astype(float), Y("three")))
    X, y = TRAIN["categorical"].astype(float), labels("binary", TRAIN["categorical"])
    X, codes = np.nan_to_num(X), OneHotEncoder(handle_unknown="ignore")
    # In sparse rows the library takes zeros for missing values; in dense ones it does not.
    sparse = make_pipeline(OneHotEncoder(handle_unknown="ignore"), xgb.XGBClassifier(**common))
    some = [("codes", codes, [1, 2, 3])]
    mostly = make_pipeline(
        ColumnTransformer(some, remainder="passthrough"), xgb.XGBClassifier(**common)
    )
    dense = make_pipeline(
        ColumnTransformer(some, remainder="passthrough", sparse_threshold=0), xgb.XGBClassifier(**common)
    )
    for name, steps in (("codes", sparse), ("some-codes", mostly), ("dense-codes", dense)):
        rows = ROWS["whole"].astype(float)
        directory = make.directory("pickle-" + name)
        (directory / "model.pickle").write_bytes(pickle.dumps(steps.fit(X, y)))
        answers = {m: plain(getattr(steps, m)(rows)) for m in ("predict", "predict_proba")}
        write(directory, "whole", rows[:0], answers)


def boosters_of_another(make):
    """A few of a version of which only the differences matter."""
    document = VERSION >= (1, 0)
    make.booster("binary", {"objective": "binary:logistic"}, "binary", "json" if document else "bst")
    make.booster("binary-file", {"objective": "binary:logistic"}, "binary", "model")
    make.booster("binary-raw", {"objective": "binary:logitraw"}, "binary", "model")
    softprob = {"objective": "multi:softprob", "num_class": 3}
    make.booster("softprob", softprob, "three", "json" if document else "bst")
    make.booster("softprob-file", {**softprob, "num_parallel_tree": 2}, "three", "model")
    make.booster("poisson", {"objective": "count:poisson", "base_score": 2.5}, "count", "model")
    dart = {"booster": "dart", "rate_drop": 0.3, "objective": "reg:squarederror"}
    make.booster("dart", dart, "real", "model")
    linear = {"booster": "gblinear", "updater": "coord_descent"}
    make.booster("linear", {**softprob, **linear}, "three", "model")
    if VERSION >= (2, 0):
        vectors = {"multi_strategy": "multi_output_tree", "tree_method": "hist"}
        make.booster("vector-leaves", {"objective": "reg:squarederror", **vectors}, "two-targets")
        make.booster("vector-softprob", {**softprob, **vectors}, "three", "json")
        quantiles = {"objective": "reg:quantileerror", "quantile_alpha": [0.1, 0.5, 0.9]}
        make.booster("quantiles", quantiles, "real", "json")


def pickles_of_another(make):
    X = TRAIN["numeric"]
    common = {"n_estimators": 8, "max_depth": 3, "n_jobs": 1, "random_state": 7}
    words = np.array(["no", "maybe", "yes"])
    for kind in ("binary", "three"):
        y = labels(kind, X)
        model = xgb.XGBClassifier(**common).fit(X, words[y] if VERSION < (1, 6) else y)
        make.pickled(f"pickle-{kind}", model)
    regressor = xgb.XGBRegressor(**common).fit(X, labels("real", X))
    make.pickled("pickle-regressor", regressor, methods=("predict",))


def main():
    make = Maker({(3, 2): "new", (1, 7): "old"}.get(VERSION, "v" + xgb.__version__))
    if VERSION == (3, 2):
        boosters_of_both(make)
        dump({name: plain(rows) for name, rows in ROWS.items()}, HERE / "rows.json")
        boosters_of_new(make)
        named_categories(make)
        pickled_categories(make)
        pickles(make)
        return
    kept = json.loads((HERE / "rows.json").read_text())
    for name, rows in ROWS.items():
        assert np.array_equal(np.array(kept[name], np.float32), rows, equal_nan=True), name
    if VERSION == (1, 7):
        boosters_of_both(make)
        boosters_of_old(make)
        pickles(make)
    else:
        boosters_of_another(make)
        pickles_of_another(make)


if __name__ == "__main__":
    main()
