"""Trains LightGBM models of every kind with the real library and writes its own answers beside them.

  python make_lightgbm.py          # with a new lightgbm, into lightgbm/
  python make_lightgbm.py --old    # with lightgbm 3.3.5, into lightgbm/old/

Every directory gets one model file and an expected.json:
  {"made_with": {...}, "rows": "NAME", "answers": {"predict": [...]}}
The rows are shared: lightgbm/rows/NAME.json. Seeds are fixed; numbers are the library's, not ours.
"""

import argparse
import json
import math
import pathlib
import pickle
import shutil

import joblib
import lightgbm as lgb
import numpy as np
import pandas as pd

HERE = pathlib.Path(__file__).parent / "lightgbm"
ROWS = 200
FEATURES = 6
QUIET = {"verbose": -1, "seed": 7, "num_threads": 1, "deterministic": True, "min_data_in_leaf": 5}
COLOURS = ["red", "green", "blue", "violet, dark", "grün"]


def numbers(array):
    """Nested lists in which JSON holds every double exactly; NaN is null, infinity a word."""
    if isinstance(array, (list, tuple)) or getattr(array, "ndim", 0):
        return [numbers(item) for item in array]
    if isinstance(array, (str, bool, np.bool_)):
        return bool(array) if isinstance(array, np.bool_) else array
    if isinstance(array, (int, np.integer)):
        return int(array)
    value = float(array)
    if math.isnan(value):
        return None
    return value if math.isfinite(value) else ("inf" if value > 0 else "-inf")


def features(random, count):
    """Numbers of different size and kind: one column of codes, one mostly zero, holes in two."""
    x = random.normal(0, 1, (count, FEATURES))
    x[:, 1] = random.randint(0, 40, count)
    x[:, 2] = np.where(random.rand(count) < 0.6, 0, x[:, 2])
    x[:, 3] *= 1e6
    x[random.rand(count) < 0.1, 0] = np.nan
    x[random.rand(count) < 0.1, 4] = np.nan
    return x


def signal(x):
    clean = np.nan_to_num(x, nan=0.7)
    return (np.sin(2 * clean[:, 0]) + (clean[:, 1] % 5) / 3 + clean[:, 2] * clean[:, 4]
            + (clean[:, 3] > 0) + clean[:, 5] ** 2 / 4)


TRAIN = features(np.random.RandomState(1), 900)
TARGET = signal(TRAIN) + np.random.RandomState(2).normal(0, 0.1, len(TRAIN))


def thresholds(booster):
    """Every threshold of the numeric splits, as (feature, value)."""
    found = []

    def walk(node):
        if "split_feature" in node:
            if node["decision_type"] == "<=":
                found.append((node["split_feature"], float(node["threshold"])))
            walk(node["left_child"])
            walk(node["right_child"])

    for tree in booster.dump_model()["tree_info"]:
        walk(tree["tree_structure"])
    return found


def question(booster, seed):
    """Rows like the trained ones, then NaN, zeros of all sizes, unseen codes, thresholds and their neighbours."""
    random = np.random.RandomState(seed)
    rows = features(random, ROWS)
    odd = [np.nan, 0.0, -0.0, 1e-36, -1e-36, 1e-35, 2e-35, -2e-35, 1e300, -1e300, np.inf, -np.inf]
    for i in range(60, 110):
        rows[i, random.randint(FEATURES)] = odd[i % len(odd)]
    codes = [-1, -0.5, 0.9, 39.99, 40, 41, 63, 64, 1000, 2.0**31, 1e12, np.nan, np.inf, -np.inf]
    for i in range(110, 138):
        rows[i, 1] = codes[i % len(codes)]
    cuts = thresholds(booster)
    for i in range(138, ROWS):
        if cuts:
            feature, cut = cuts[random.randint(len(cuts))]
            rows[i, feature] = [cut, np.nextafter(cut, np.inf), np.nextafter(cut, -np.inf)][i % 3]
    rows[ROWS - 1] = np.nan
    rows[ROWS - 2] = 0
    return rows


class Maker:
    def __init__(self, root, old):
        self.root = root
        self.old = old
        self.rows = {}

    def write(self, name, rows_name, rows, answers, **more):
        made_with = {"lightgbm": lgb.__version__, "numpy": np.__version__}
        text = {"made_with": made_with, "rows": rows_name, "answers": answers, **more}
        (self.root / name / "expected.json").write_text(json.dumps(text) + "\n")
        if rows_name not in self.rows:
            self.rows[rows_name] = rows
            path = self.root / "rows" / f"{rows_name}.json"
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(rows) + "\n")

    def directory(self, name):
        path = self.root / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path

    def text(self, name, params, label=TARGET, x=TRAIN, rounds=12, ending="txt", group=None, **train):
        data = lgb.Dataset(x, label, group=group, free_raw_data=False,
                           params={"linear_tree": True} if params.get("linear_tree") else None,
                           categorical_feature=train.pop("categorical_feature", "auto"))
        booster = lgb.train({**QUIET, **params}, data, rounds, **train)
        file = self.directory(name) / f"model.{ending}"
        booster.save_model(str(file))
        loaded = lgb.Booster(model_file=str(file))
        rows = question(booster, seed=len(name))
        self.write(name, name, numbers(rows), {"predict": numbers(loaded.predict(rows))})
        return booster

    def pickled(self, name, model, rows, rows_name=None, use_joblib=False, protocol=4):
        path = self.directory(name)
        if use_joblib:
            joblib.dump(model, path / "model.joblib", protocol=protocol)
        else:
            (path / "model.pkl").write_bytes(pickle.dumps(model, protocol=protocol))
        # What a server would load, not what was trained.
        loaded = pickle.loads(pickle.dumps(model))
        answers = {"predict": numbers(loaded.predict(rows))}
        if hasattr(loaded, "predict_proba"):
            answers["predict_proba"] = numbers(loaded.predict_proba(rows))
        kept = numbers(rows) if isinstance(rows, np.ndarray) else frame_columns(rows)
        self.write(name, rows_name or name, kept, answers)


def frame_columns(frame):
    """A frame's columns as {"name": [values]}; a missing text is null."""
    return {name: [None if pd.isna(v) else v if isinstance(v, str) else numbers(v) for v in frame[name]]
            for name in frame.columns}


def regression(maker):
    positive = np.exp(TARGET / 2)
    maker.text("regression", {"objective": "regression"}, rounds=20)
    maker.text("regression-sqrt", {"objective": "regression", "reg_sqrt": True})
    maker.text("l1", {"objective": "regression_l1"})
    maker.text("l1-sqrt", {"objective": "regression_l1", "reg_sqrt": True})
    maker.text("huber", {"objective": "huber"})
    maker.text("fair", {"objective": "fair"})
    maker.text("poisson", {"objective": "poisson"}, np.floor(positive))
    maker.text("quantile", {"objective": "quantile", "alpha": 0.8})
    maker.text("mape", {"objective": "mape"}, positive)
    maker.text("gamma", {"objective": "gamma"}, positive)
    maker.text("tweedie", {"objective": "tweedie", "tweedie_variance_power": 1.3}, positive)
    maker.text("constant", {"objective": "regression", "min_data_in_leaf": 5000}, rounds=3)
    maker.text("stumps", {"objective": "regression", "num_leaves": 2}, rounds=7)
    maker.text("deep", {"objective": "regression", "num_leaves": 120, "min_data_in_leaf": 2}, rounds=3)
    maker.text("monotone", {"objective": "regression", "monotone_constraints": [1, 0, 0, -1, 0, 0]})
    maker.text("no-boost-from-average", {"objective": "regression", "boost_from_average": False})


def boosting(maker):
    few = {"bagging_fraction": 0.6, "bagging_freq": 1, "feature_fraction": 0.8}
    two = (TARGET > 1).astype(int)
    three = np.digitize(TARGET, [0.5, 1.8])
    maker.text("dart", {"objective": "regression", "boosting": "dart", "drop_rate": 0.4})
    maker.text("goss", {"objective": "regression", "boosting": "goss"})
    maker.text("rf", {"objective": "regression", "boosting": "rf", **few})
    maker.text("rf-binary", {"objective": "binary", "boosting": "rf", **few}, two)
    maker.text("rf-multiclass", {"objective": "multiclass", "num_class": 3, "boosting": "rf", **few}, three, rounds=5)
    maker.text("dart-binary", {"objective": "binary", "boosting": "dart"}, two)


def classes(maker):
    two = (TARGET > 1).astype(int)
    three = np.digitize(TARGET, [0.5, 1.8])
    share = 1 / (1 + np.exp(-TARGET))
    maker.text("binary", {"objective": "binary"}, two, rounds=20)
    maker.text("binary-sigmoid", {"objective": "binary", "sigmoid": 0.7, "is_unbalance": True}, two, ending="bst")
    maker.text("cross-entropy", {"objective": "cross_entropy"}, share)
    maker.text("cross-entropy-lambda", {"objective": "cross_entropy_lambda"}, share)
    maker.text("multiclass", {"objective": "multiclass", "num_class": 3}, three, rounds=6)
    maker.text("multiclass-ova", {"objective": "multiclassova", "num_class": 3, "sigmoid": 1.5}, three, rounds=6)
    maker.text("multiclass-rare", {"objective": "multiclass", "num_class": 4}, np.where(three == 2, 3, three), rounds=5)
    grades = np.digitize(TARGET, [0, 0.8, 1.6])
    groups = [30] * 30
    maker.text("lambdarank", {"objective": "lambdarank"}, grades, group=groups)
    maker.text("rank-xendcg", {"objective": "rank_xendcg"}, grades, group=groups)


def missing(maker):
    plain = np.nan_to_num(TRAIN, nan=0.3)
    maker.text("missing-none", {"objective": "regression"}, x=plain)
    maker.text("missing-zero", {"objective": "regression", "zero_as_missing": True}, rounds=20)
    maker.text("missing-not-used", {"objective": "regression", "use_missing": False})
    maker.text("missing-binary-zero", {"objective": "binary", "zero_as_missing": True}, (TARGET > 1).astype(int))


def categories(maker):
    cat = {"min_data_per_group": 5, "cat_smooth": 1, "cat_l2": 1}
    coded = TRAIN.copy()
    coded[np.random.RandomState(5).rand(len(coded)) < 0.05, 1] = np.nan
    maker.text("categorical", {"objective": "regression", **cat}, x=coded, categorical_feature=[1], rounds=15)
    maker.text("categorical-onehot", {"objective": "binary", "max_cat_to_onehot": 50, **cat},
               (TARGET > 1).astype(int), x=coded, categorical_feature=[1])
    maker.text("categorical-multiclass", {"objective": "multiclass", "num_class": 3, **cat},
               np.digitize(TARGET, [0.5, 1.8]), x=coded, categorical_feature=[1], rounds=6)


def linear(maker):
    maker.text("linear", {"objective": "regression", "linear_tree": True, "linear_lambda": 0.1})
    maker.text("linear-categorical", {"objective": "regression", "linear_tree": True, "min_data_per_group": 5},
               categorical_feature=[1])
    maker.text("linear-binary", {"objective": "binary", "linear_tree": True}, (TARGET > 1).astype(int))


def frame(random, count):
    data = pd.DataFrame({
        "age": random.randint(18, 90, count).astype(float),
        "colour": pd.Categorical(np.array(COLOURS)[random.randint(0, len(COLOURS), count)], categories=COLOURS),
        "size": pd.Categorical(random.choice([1, 2, 5, 40], count), categories=[1, 2, 5, 40]),
        "income": random.normal(0, 1, count),
    })
    data.loc[random.rand(count) < 0.1, "income"] = np.nan
    return data


def frames(maker):
    """Categories by their names; the answers are of frames with unseen and missing ones."""
    data = frame(np.random.RandomState(11), 600)
    target = (data["colour"].cat.codes * 0.7 + data["size"].cat.codes * (data["age"] > 40) + data["income"].fillna(2))
    params = {"min_data_per_group": 5, "cat_smooth": 1, "objective": "regression"}
    booster = lgb.train({**QUIET, **params}, lgb.Dataset(data, target, free_raw_data=False), 10)
    file = maker.directory("pandas") / "model.txt"
    booster.save_model(str(file))
    asked = frame(np.random.RandomState(12), ROWS)
    asked["colour"] = asked["colour"].astype(object)
    asked.loc[::9, "colour"] = "no colour"
    asked.loc[::13, "colour"] = None
    asked["size"] = asked["size"].astype(float)
    asked.loc[::7, "size"] = 3
    typed = asked.copy()
    typed["colour"] = pd.Categorical(typed["colour"])
    typed["size"] = pd.Categorical(typed["size"])
    answers = lgb.Booster(model_file=str(file)).predict(typed)
    maker.write("pandas", "pandas", frame_columns(asked), {"predict": numbers(answers)})


def frame_classifier(maker):
    """A classifier of a data frame in a pickle: its columns have names, two of them categories."""
    data = frame(np.random.RandomState(17), 600)
    target = np.where(data["colour"].cat.codes + data["size"].cat.codes + data["income"].fillna(2) > 4, "yes", "no")
    how = {"n_estimators": 8, "min_child_samples": 5, "random_state": 3, "n_jobs": 1, "verbose": -1, "min_data_per_group": 5}
    model = lgb.LGBMClassifier(**how).fit(data, target)
    asked = frame(np.random.RandomState(18), ROWS)
    asked["colour"] = asked["colour"].astype(object)
    asked.loc[::9, "colour"] = "no colour"
    asked.loc[::13, "colour"] = None
    asked["size"] = asked["size"].astype(float)
    asked.loc[::7, "size"] = 3
    typed = asked.assign(colour=pd.Categorical(asked["colour"]), size=pd.Categorical(asked["size"]))
    path = maker.directory("sklearn-frame")
    (path / "model.pkl").write_bytes(pickle.dumps(model, protocol=4))
    answers = {"predict": numbers(model.predict(typed)), "predict_proba": numbers(model.predict_proba(typed))}
    maker.write("sklearn-frame", "sklearn-frame", frame_columns(asked), answers)


def stopped(maker):
    """Stopped early: the file holds the best iterations, the pickle all of them."""
    half = len(TRAIN) // 2
    train = lgb.Dataset(TRAIN[:half], TARGET[:half], free_raw_data=False)
    noise = TARGET[half:] + np.random.RandomState(3).normal(0, 1.5, len(TARGET) - half)
    valid = lgb.Dataset(TRAIN[half:], noise, reference=train)
    params = {**QUIET, "objective": "regression", "learning_rate": 0.5}
    booster = lgb.train(params, train, 60, valid_sets=[valid], keep_training_booster=True, callbacks=[lgb.early_stopping(5, verbose=False)])
    assert 0 < booster.best_iteration < booster.current_iteration()
    file = maker.directory("stopped-early") / "model.txt"
    booster.save_model(str(file))
    rows = question(booster, seed=21)
    answers = {"predict": numbers(lgb.Booster(model_file=str(file)).predict(rows))}
    maker.write("stopped-early", "stopped-early", numbers(rows), answers)
    maker.pickled("pickle-booster-stopped", booster, rows, "stopped-early")
    custom = lgb.train({**QUIET, "objective": own_loss} if not maker.old else QUIET, train, 5,
                       **({"fobj": own_loss} if maker.old else {}))
    file = maker.directory("own-objective") / "model.txt"
    custom.save_model(str(file))
    answers = {"predict": numbers(lgb.Booster(model_file=str(file)).predict(rows))}
    maker.write("own-objective", "stopped-early", numbers(rows), answers)
    later = maker.directory("later-iterations") / "model.txt"
    booster.save_model(str(later), start_iteration=2, num_iteration=3)
    answers = {"predict": numbers(lgb.Booster(model_file=str(later)).predict(rows))}
    maker.write("later-iterations", "stopped-early", numbers(rows), answers)


def own_loss(predicted, data):
    return predicted - data.get_label(), np.ones(len(predicted))


def wrappers(maker):
    """The scikit-learn classes, as they lie in pickles."""
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    how = {"n_estimators": 8, "min_child_samples": 5, "random_state": 3, "n_jobs": 1, "verbose": -1}
    rows = question(lgb.train({**QUIET, "objective": "regression"}, lgb.Dataset(TRAIN, TARGET), 8), seed=31)
    finite = np.where(np.isfinite(rows) & (np.abs(rows) < 1e200), rows, np.nan)
    three = np.digitize(TARGET, [0.5, 1.8])
    names = np.array(["low", "middle", "high"])[three]
    maker.pickled("sklearn-classifier", lgb.LGBMClassifier(**how).fit(TRAIN, names), rows, "sklearn")
    maker.pickled("sklearn-classifier-binary", lgb.LGBMClassifier(**how).fit(TRAIN, TARGET > 1), rows, "sklearn", protocol=5)
    maker.pickled("sklearn-classifier-ova", lgb.LGBMClassifier(objective="multiclassova", **how).fit(TRAIN, three * 10),
                  rows, "sklearn", use_joblib=True)
    maker.pickled("sklearn-regressor", lgb.LGBMRegressor(objective="poisson", **how).fit(TRAIN, np.exp(TARGET / 2)), rows, "sklearn")
    maker.pickled("sklearn-ranker", lgb.LGBMRanker(**how).fit(TRAIN, three, group=[30] * 30), rows, "sklearn", protocol=2)
    maker.pickled("sklearn-pipeline", make_pipeline(StandardScaler(), lgb.LGBMClassifier(**how)).fit(TRAIN, names),
                  finite, "sklearn-finite", use_joblib=True)
    stopped_early = lgb.LGBMRegressor(**{**how, "n_estimators": 80, "learning_rate": 0.5})
    noise = np.random.RandomState(9).normal(0, 1.5, 400)
    stopped_early.fit(TRAIN[:500], TARGET[:500], eval_set=[(TRAIN[500:], TARGET[500:] + noise)],
                      callbacks=[lgb.early_stopping(5, verbose=False)])
    maker.pickled("sklearn-stopped-early", stopped_early, rows, "sklearn")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--old", action="store_true", help="the set that lightgbm 3.3.5 makes")
    old = parser.parse_args().old
    root = HERE / "old" if old else HERE
    if root.exists():
        for child in root.iterdir():
            if child.name != "old":
                shutil.rmtree(child)
    root.mkdir(parents=True, exist_ok=True)
    maker = Maker(root, old)
    if old:
        regression_old(maker)
    else:
        regression(maker)
        boosting(maker)
        classes(maker)
        missing(maker)
        categories(maker)
    linear(maker)
    frames(maker)
    stopped(maker)
    wrappers(maker)
    frame_classifier(maker)


def regression_old(maker):
    """What the older library writes differently is the text, not the objectives: some of each."""
    two = (TARGET > 1).astype(int)
    maker.text("regression-sqrt", {"objective": "regression", "reg_sqrt": True})
    maker.text("tweedie", {"objective": "tweedie"}, np.exp(TARGET / 2))
    maker.text("binary", {"objective": "binary", "sigmoid": 0.7}, two, ending="bst")
    maker.text("multiclass", {"objective": "multiclass", "num_class": 3}, np.digitize(TARGET, [0.5, 1.8]), rounds=6)
    maker.text("constant", {"objective": "regression", "min_data_in_leaf": 5000}, rounds=3)
    maker.text("missing-zero", {"objective": "regression", "zero_as_missing": True})
    maker.text("rf", {"objective": "binary", "boosting": "rf", "bagging_fraction": 0.6, "bagging_freq": 1}, two)
    maker.text("dart", {"objective": "regression", "boosting": "dart", "drop_rate": 0.4})
    maker.text("categorical", {"objective": "regression", "min_data_per_group": 5, "cat_smooth": 1},
               categorical_feature=[1])


if __name__ == "__main__":
    main()
