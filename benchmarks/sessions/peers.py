"""The peers' side of the comparison: reads a JSON object of work a line, answers each with a JSON object a line.

Usage: python peers.py PEER [SECONDS]      the budget is for FLAML and AutoGluon
"""
import json
import logging
import os
import sys
import tempfile
import time
import warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
import numpy as np
import pandas as pd

peer, budget = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else None
# Libraries print as they like; only answers may go to the standard output.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
cores = 2


def frame(columns):
    return pd.DataFrame(
        {
            key: pd.Series(cells, dtype="float64" if kind == "numeric" else "object")
            for key, (kind, cells) in columns.items()
        }
    )


def encode(training, test):
    """Numbers standardised, gaps filled with the median, categories one-hot: what a careful user of scikit-learn does."""
    from sklearn.compose import make_column_selector, make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    texts = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="missing", missing_values=None),
        OneHotEncoder(handle_unknown="ignore", sparse_output=False),
    )
    encoder = make_column_transformer(
        (numbers, make_column_selector(dtype_include=float)),
        (texts, make_column_selector(dtype_include=object)),
    )
    return encoder.fit_transform(training), encoder.transform(test)


def gaussian_process(training, y, test):
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

    X, T = encode(training, test)
    kernel = ConstantKernel(1.0) * Matern(np.ones(X.shape[1]), nu=2.5) + WhiteKernel(0.1)
    restarts = 5 if len(y) <= 200 else 0
    model = GaussianProcessRegressor(kernel, normalize_y=True, n_restarts_optimizer=restarts, random_state=0)
    return model.fit(X, y).predict(T, return_std=True)


def forest(training, y, test):
    from sklearn.ensemble import RandomForestRegressor

    X, T = encode(training, test)
    return RandomForestRegressor(300, n_jobs=cores, random_state=0).fit(X, y).predict(T), None


def boosting(training, y, test):
    from sklearn.ensemble import HistGradientBoostingRegressor

    X, T = encode(training, test)
    return HistGradientBoostingRegressor(random_state=0).fit(X, y).predict(T), None


def flaml(training, y, test):
    from flaml import AutoML

    for table in (training, test):
        for key in table.select_dtypes(object):
            table[key] = table[key].astype("category")
    model = AutoML()
    model.fit(training, y, task="regression", time_budget=budget, n_jobs=cores, seed=0, verbose=0, metric="rmse")
    return model.predict(test), None


def autogluon(training, y, test, preset):
    from autogluon.tabular import TabularPredictor

    with tempfile.TemporaryDirectory() as folder:
        table = training.assign(**{"the target": y})
        predictor = TabularPredictor(label="the target", path=folder, verbosity=0, problem_type="regression")
        predictor.fit(table, presets=preset, time_limit=budget, num_cpus=cores, num_gpus=0)
        return predictor.predict(test).to_numpy(), None


peers = {
    "sklearn-gp": gaussian_process,
    "sklearn-forest": forest,
    "sklearn-boosting": boosting,
    "flaml": flaml,
    "autogluon-medium": lambda *data: autogluon(*data, "medium_quality"),
    "autogluon-best": lambda *data: autogluon(*data, "best_quality"),
}


def score(mean, sd, y):
    error = y - mean
    scores = {"rmse": float(np.sqrt(np.mean(error**2))), "mae": float(np.mean(np.abs(error)))}
    if sd is None:
        # Without a spread a prediction is certain, and its CRPS is the absolute error.
        return {**scores, "crps": scores["mae"], "nll": None, "coverage90": None}
    from scipy.stats import norm

    sd = np.maximum(sd, 1e-9 * np.std(y) + 1e-300)
    u = error / sd
    crps = sd * (u * (2 * norm.cdf(u) - 1) + 2 * norm.pdf(u) - 1 / np.sqrt(np.pi))
    return {
        **scores,
        "crps": float(np.mean(crps)),
        "nll": float(np.mean(0.5 * u**2 + np.log(sd) + 0.5 * np.log(2 * np.pi))),
        "coverage90": float(np.mean(np.abs(u) <= norm.ppf(0.95))),
    }


for line in sys.stdin:
    work = json.loads(line)
    training, test = frame(work["training"]), frame(work["test"])
    y, truth = np.array(work["y"]), np.array(work["truth"])
    start = time.perf_counter()
    try:
        mean, sd = peers[peer](training, y, test)
        answer = {"seconds": time.perf_counter() - start, **score(np.asarray(mean, float), sd, truth)}
    except Exception as error:
        answer = {"failure": f"{type(error).__name__}: {error}"[:300]}
    print(json.dumps(answer), file=answers, flush=True)
