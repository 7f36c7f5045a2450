"""scikit-learn's side of the comparison: reads the work that run.ts wrote, prints one JSON object."""
import json
import sys
import time
import warnings

import numpy as np
from sklearn.cross_decomposition import PLSRegression
from sklearn.ensemble import (
    ExtraTreesRegressor,
    GradientBoostingRegressor,
    HistGradientBoostingRegressor,
    RandomForestRegressor,
)
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import ElasticNetCV, RidgeCV
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

warnings.simplefilter("ignore", ConvergenceWarning)
with open(sys.argv[1]) as file:
    work = json.load(file)
y = np.array(work["y"])
folds = np.array(work["folds"])


def pls(n, d):
    most = max(1, min(10, n // 3, d))
    # Scaled once, and by PLSRegression again after the split: its own way.
    search = {"n_components": list(range(1, most + 1))}
    return GridSearchCV(PLSRegression(), search, cv=5, scoring="neg_mean_squared_error")


# Each with the defaults of ours, where it has such an option.
peers = {
    "ridge": ("filled", lambda n, d: make_pipeline(StandardScaler(), RidgeCV(alphas=np.logspace(-4, 4, 50)))),
    "elasticNet": (
        "filled",
        lambda n, d: make_pipeline(
            StandardScaler(), ElasticNetCV(l1_ratio=[0.1, 0.5, 0.9, 1], eps=1e-3, alphas=60, cv=5)
        ),
    ),
    "partialLeastSquares": ("filled", pls),
    "extraTrees": ("gaps", lambda n, d: ExtraTreesRegressor(n_estimators=300, n_jobs=1, random_state=0)),
    "randomForest": (
        "gaps",
        lambda n, d: RandomForestRegressor(n_estimators=300, max_features=0.5, n_jobs=1, random_state=0),
    ),
    # It has no answer to missing cells.
    "gradientBoosting": (
        "filled",
        lambda n, d: GradientBoostingRegressor(
            n_estimators=300 if n <= 100 else 600,
            learning_rate=0.05,
            max_depth=4,
            subsample=0.7,
            max_features=0.6,
            min_samples_leaf=max(1, round(n / 100)),
            random_state=0,
        ),
    ),
    "histogramBoosting": (
        "gaps",
        lambda n, d: HistGradientBoostingRegressor(
            learning_rate=0.05,
            max_iter=1000,
            max_leaf_nodes=15,
            min_samples_leaf=min(20, max(1, n // 50)),
            l2_regularization=1,
            early_stopping=True,
            n_iter_no_change=20,
            random_state=0,
        ),
    ),
}


def judge(columns, make):
    X = np.array(columns, dtype=float).T
    predicted = np.empty_like(y)
    seconds = 0.0
    for fold in range(folds.max() + 1):
        held_out = folds == fold
        model = make(np.sum(~held_out), X.shape[1])
        start = time.process_time()
        model.fit(X[~held_out], y[~held_out])
        seconds += time.process_time() - start
        predicted[held_out] = np.ravel(model.predict(X[held_out]))
    return {
        "rmse": float(np.sqrt(np.mean((predicted - y) ** 2))),
        "secondsPerFit": seconds / (folds.max() + 1),
    }


print(json.dumps({name: judge(work[peers[name][0]], peers[name][1]) for name in work["models"] if name in peers}))
