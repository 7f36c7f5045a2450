"""scikit-learn's side of the comparison of trees: reads the path of the work from its argument, prints one JSON object.

The work has X (columns), y and the X to predict; the answer has processor seconds, the least of several runs.
"""
import json
import sys
import time

import numpy as np
from sklearn.ensemble import (
    ExtraTreesRegressor,
    GradientBoostingRegressor,
    HistGradientBoostingRegressor,
    RandomForestRegressor,
)

with open(sys.argv[1]) as file:
    work = json.load(file)
runs, trees = work["runs"], work["trees"]
models = {
    "extraTrees": lambda: ExtraTreesRegressor(n_estimators=trees, n_jobs=1, random_state=0),
    "randomForest": lambda: RandomForestRegressor(n_estimators=trees, max_features=0.5, n_jobs=1, random_state=0),
    "gradientBoosting": lambda: GradientBoostingRegressor(
        n_estimators=trees, learning_rate=0.05, max_depth=4, subsample=0.7, max_features=0.6, random_state=0
    ),
    "histogramBoosting": lambda: HistGradientBoostingRegressor(
        max_iter=trees, learning_rate=0.05, max_leaf_nodes=15, l2_regularization=1, early_stopping=False
    ),
}


def least(action):
    times = []
    for _ in range(runs):
        start = time.process_time()
        result = action()
        times.append(time.process_time() - start)
    return min(times), result


answer = {}
for size in work["sizes"]:
    X = np.array(size["X"]).T
    y = np.array(size["y"])
    for name, make in models.items():
        answer[f"{name} {len(y)}"], fitted = least(lambda: make().fit(X, y))
        if size.get("isPredicted"):
            # Single precision, which its trees ask for: the conversion is not theirs to pay.
            many = np.ascontiguousarray(np.array(work["many"]).T, dtype=np.float32 if "Boosting" not in name else float)
            answer[f"predict {name}"], _ = least(lambda: fitted.predict(many))
print(json.dumps(answer))
