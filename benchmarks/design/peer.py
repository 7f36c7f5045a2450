"""Campaigns of BoTorch and BayBE over the same pools, starting rows and batches. Usage: peer.py PEER <jobs >answers

A job is a line of JSON with its key and its work: the pool as columns, the targets, the goals, the starting rows of one
campaign, batch size and budget. Its answer holds the rows in the order in which they were tried, and the seconds of each
batch; it is printed as soon as it is there, so that whoever loses patience keeps the ones before.
"""

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import numpy as np
import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def encode(columns):
    """One-hot categories, numbers scaled to [0, 1] by the range of the pool."""
    parts = []
    for column in columns:
        cells = column["cells"]
        if isinstance(cells[0], str):
            levels = sorted(set(cells))
            parts += [[1.0 if cell == level else 0.0 for cell in cells] for level in levels]
        else:
            low, high = min(cells), max(cells)
            parts.append([(cell - low) / ((high - low) or 1.0) for cell in cells])
    return torch.tensor(np.array(parts).T)


def botorch_batch(X, signed, tried, open_rows, count, seed):
    from botorch.acquisition.logei import qLogNoisyExpectedImprovement
    from botorch.acquisition.multi_objective.logei import qLogNoisyExpectedHypervolumeImprovement
    from botorch.fit import fit_gpytorch_mll
    from botorch.models import ModelListGP, SingleTaskGP
    from botorch.models.transforms import Standardize
    from botorch.optim import optimize_acqf_discrete
    from botorch.sampling import SobolQMCNormalSampler
    from gpytorch.mlls import ExactMarginalLogLikelihood, SumMarginalLogLikelihood

    torch.manual_seed(seed)
    x = X[tried]
    y = signed[tried]
    sampler = SobolQMCNormalSampler(torch.Size([128]), seed=seed)
    models = [SingleTaskGP(x, y[:, k : k + 1], outcome_transform=Standardize(1)) for k in range(y.shape[1])]
    if y.shape[1] == 1:
        model = models[0]
        fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
        acquisition = qLogNoisyExpectedImprovement(model, x, sampler=sampler, prune_baseline=True)
    else:
        model = ModelListGP(*models)
        fit_gpytorch_mll(SumMarginalLogLikelihood(model.likelihood, model))
        span = y.max(0).values - y.min(0).values
        reference = y.min(0).values - 0.1 * span
        acquisition = qLogNoisyExpectedHypervolumeImprovement(
            model, reference.tolist(), x, sampler=sampler, prune_baseline=True
        )
    chosen, _ = optimize_acqf_discrete(acquisition, count, X[open_rows], unique=True, max_batch_size=512)
    rows = []
    for point in chosen:
        distance = ((X[open_rows] - point) ** 2).sum(1)
        for place in torch.argsort(distance).tolist():
            if open_rows[place] not in rows:
                rows.append(open_rows[place])
                break
    return rows


def run_botorch(work):
    X = encode(work["columns"])
    signs = torch.tensor([1.0 if goal == "maximize" else -1.0 for goal in work["goals"]])
    signed = torch.tensor(np.array(work["targets"]).T) * signs
    tried = list(work["start"])
    seconds = []
    while len(tried) < work["budget"]:
        open_rows = [i for i in range(len(X)) if i not in set(tried)]
        began = time.perf_counter()
        count = min(work["batch"], work["budget"] - len(tried))
        tried += botorch_batch(X, signed, tried, open_rows, count, work["seed"] * 1000 + len(tried))
        seconds.append(time.perf_counter() - began)
    return tried, seconds


def run_baybe(work):
    import pandas as pd
    from baybe import Campaign
    from baybe.objectives import ParetoObjective, SingleTargetObjective
    from baybe.parameters import CategoricalParameter, NumericalDiscreteParameter
    from baybe.searchspace import SearchSpace
    from baybe.targets import NumericalTarget
    from baybe.utils.random import set_random_seed

    set_random_seed(work["seed"])
    frame = pd.DataFrame({column["key"]: column["cells"] for column in work["columns"]})
    parameters = [
        CategoricalParameter(column["key"], values=sorted(set(column["cells"])), encoding="OHE")
        if isinstance(column["cells"][0], str)
        else NumericalDiscreteParameter(column["key"], values=sorted(set(column["cells"])))
        for column in work["columns"]
    ]
    space = SearchSpace.from_dataframe(frame, parameters)
    targets = [
        NumericalTarget(f"y{k}", minimize=goal == "minimize") for k, goal in enumerate(work["goals"])
    ]
    objective = SingleTargetObjective(targets[0]) if len(targets) == 1 else ParetoObjective(targets)
    campaign = Campaign(
        space,
        objective,
        allow_recommending_already_measured=False,
        allow_recommending_already_recommended=False,
    )
    values = np.array(work["targets"])
    place = {tuple(row): i for i, row in enumerate(frame.itertuples(index=False, name=None))}

    def measured(rows):
        part = frame.iloc[rows].copy()
        for k in range(len(values)):
            part[f"y{k}"] = values[k][rows]
        return part

    tried = list(work["start"])
    seconds = []
    campaign.add_measurements(measured(tried))
    while len(tried) < work["budget"]:
        began = time.perf_counter()
        count = min(work["batch"], work["budget"] - len(tried))
        proposed = campaign.recommend(count)
        seconds.append(time.perf_counter() - began)
        rows = [place[tuple(row)] for row in proposed[list(frame.columns)].itertuples(index=False, name=None)]
        campaign.add_measurements(measured(rows))
        tried += rows
    return tried, seconds


peer = sys.argv[1]
run = {"botorch": run_botorch, "baybe": run_baybe}[peer]
for line in sys.stdin:
    job = json.loads(line)
    order, seconds = run(job["work"])
    answer = {"order": [int(i) for i in order], "seconds": [round(s, 4) for s in seconds]}
    print(json.dumps({"key": job["key"], "answer": answer}), flush=True)
