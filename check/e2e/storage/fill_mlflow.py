"""Registers a model: fill_mlflow.py TRACKING_URI; the alias champion names its second version."""
import sys

import mlflow
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

mlflow.set_tracking_uri(sys.argv[1])
rows, labels = load_iris(return_X_y=True)
for labelled in (labels + 100, (labels >= 1).astype(int)):
    model = LogisticRegression(max_iter=1000).fit(rows, labelled)
    with mlflow.start_run():
        mlflow.sklearn.log_model(model, name="model", registered_model_name="iris", serialization_format="pickle")
mlflow.MlflowClient().set_registered_model_alias("iris", "champion", 2)
