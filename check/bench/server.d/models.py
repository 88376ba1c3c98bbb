"""Trains the benchmark's models with the peers' own libraries, once, into a directory.

Run with a Python that has scikit-learn, xgboost and lightgbm: models.py OUT
"""

import pathlib
import sys

import joblib
import numpy as np
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.linear_model import LogisticRegression


def main():
    out = pathlib.Path(sys.argv[1])
    rows, kinds = load_iris(return_X_y=True)
    save(out / "iris", LogisticRegression(max_iter=500).fit(rows, kinds), rows)
    rows, kinds = load_breast_cancer(return_X_y=True)
    try:
        import xgboost
        model = xgboost.XGBClassifier(n_estimators=100, max_depth=6, n_jobs=1).fit(rows, kinds)
        save(out / "xgboost", model, rows)
        model.get_booster().save_model(out / "xgboost" / "model.ubj")
    except ImportError:
        print("no xgboost here: its case is left out", file=sys.stderr)
    try:
        import lightgbm
        model = lightgbm.LGBMClassifier(n_estimators=100, n_jobs=1, verbose=-1).fit(rows, kinds)
        save(out / "lightgbm", model, rows)
        model.booster_.save_model(out / "lightgbm" / "model.txt")
    except ImportError:
        print("no lightgbm here: its case is left out", file=sys.stderr)


def save(directory, model, rows):
    directory.mkdir(parents=True)
    joblib.dump(model, directory / "model.joblib")
    np.save(directory / "rows.npy", rows[:100])


if __name__ == "__main__":
    main()
