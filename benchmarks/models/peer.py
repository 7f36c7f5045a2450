"""scikit-learn's side of the comparison: reads the work that run.ts wrote, prints one JSON object."""
import json
import sys
import time

import numpy as np
from sklearn.ensemble import ExtraTreesRegressor
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

with open(sys.argv[1]) as file:
    work = json.load(file)
y = np.array(work["y"])


def judge(columns, make):
    X = np.array(columns, dtype=float).T
    scores = []
    seconds = 0.0
    fits = 0
    for folds in work["repeats"]:
        folds = np.array(folds)
        predicted = np.empty_like(y)
        for fold in range(folds.max() + 1):
            held_out = folds == fold
            model = make()
            start = time.process_time()
            model.fit(X[~held_out], y[~held_out])
            seconds += time.process_time() - start
            fits += 1
            predicted[held_out] = model.predict(X[held_out])
        scores.append(np.sqrt(np.mean((predicted - y) ** 2)))
    return {"rmse": float(np.mean(scores)), "secondsPerFit": seconds / fits}


print(
    json.dumps(
        {
            "ridge": judge(
                work["ridgeColumns"],
                lambda: make_pipeline(StandardScaler(), RidgeCV(alphas=np.logspace(-4, 4, 50))),
            ),
            "extraTrees": judge(
                work["treeColumns"],
                lambda: ExtraTreesRegressor(n_estimators=300, n_jobs=1, random_state=0),
            ),
        }
    )
)
