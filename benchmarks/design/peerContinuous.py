"""Campaigns of BoTorch and BayBE on continuous problems with linear constraints, jobs and answers as in peer.py."""

import json
import math
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import numpy as np
import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

ALPHA = np.array([1, 1.2, 3, 3.2])
A = np.array(
    [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
)
P = 1e-4 * np.array(
    [
        [1312, 1696, 5569, 124, 8283, 5886],
        [2329, 4135, 8307, 3736, 1004, 9991],
        [2348, 1451, 3522, 2883, 3047, 6650],
        [4047, 8828, 8732, 5743, 1091, 381],
    ]
)


def evaluate(name, problem, x):
    x = np.asarray(x, dtype=float)
    if name == "branin":
        a, b = x
        term = b - 5.1 / (4 * math.pi**2) * a * a + 5 / math.pi * a - 6
        return -(term * term + 10 * (1 - 1 / (8 * math.pi)) * math.cos(a) + 10)
    if name == "hartmann6":
        return float((ALPHA * np.exp(-(A * (x - P) ** 2).sum(1))).sum())
    return float(100 * np.exp(-1.5 * (np.array(problem["weights"]) * (x - np.array(problem["centre"])) ** 2).sum()))


def propose_botorch(problem, tried, measured, count, seed):
    from botorch.acquisition.logei import qLogNoisyExpectedImprovement
    from botorch.fit import fit_gpytorch_mll
    from botorch.models import SingleTaskGP
    from botorch.models.transforms import Standardize
    from botorch.optim import optimize_acqf
    from botorch.sampling import SobolQMCNormalSampler
    from gpytorch.mlls import ExactMarginalLogLikelihood

    torch.manual_seed(seed)
    bounds = torch.tensor(problem["bounds"], dtype=torch.float64).T
    span = bounds[1] - bounds[0]
    x = (torch.tensor(tried, dtype=torch.float64) - bounds[0]) / span
    y = torch.tensor(measured)[:, None]
    model = SingleTaskGP(x, y, outcome_transform=Standardize(1))
    fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
    acquisition = qLogNoisyExpectedImprovement(
        model, x, sampler=SobolQMCNormalSampler(torch.Size([128]), seed=seed), prune_baseline=True
    )
    inequality = []
    for rule in problem["inequalities"]:
        c = torch.tensor(rule["coefficients"], dtype=torch.float64)
        keep = torch.nonzero(c)[:, 0]
        inequality.append((keep, -(c * span)[keep], float(-(rule["max"] - (c * bounds[0]).sum()))))
    equality = None
    if problem["kind"] == "mixture":
        every = torch.arange(len(span))
        equality = [(every, span, float(1 - bounds[0].sum()))]
    unit = torch.stack([torch.zeros(len(span)), torch.ones(len(span))])
    chosen, _ = optimize_acqf(
        acquisition,
        unit,
        count,
        num_restarts=10,
        raw_samples=64,
        inequality_constraints=inequality,
        equality_constraints=equality,
        sequential=True,
        options={"maxiter": 200},
    )
    return (bounds[0] + span * chosen).tolist()


class BayBE:
    def __init__(self, problem):
        from baybe.constraints import ContinuousLinearConstraint
        from baybe.objectives import SingleTargetObjective
        from baybe.parameters import NumericalContinuousParameter
        from baybe.searchspace import SearchSpace
        from baybe.targets import NumericalTarget

        self.names = [f"x{j}" for j in range(len(problem["bounds"]))]
        parameters = [
            NumericalContinuousParameter(name, bounds=tuple(map(float, b)))
            for name, b in zip(self.names, problem["bounds"])
        ]
        constraints = [
            ContinuousLinearConstraint(
                [name for name, c in zip(self.names, rule["coefficients"]) if c != 0],
                "<=",
                [float(c) for c in rule["coefficients"] if c != 0],
                float(rule["max"]),
            )
            for rule in problem["inequalities"]
        ]
        if problem["kind"] == "mixture":
            constraints.append(ContinuousLinearConstraint(self.names, "=", [1.0] * len(self.names), 1.0))
        self.space = SearchSpace.from_product(parameters, constraints)
        self.objective = SingleTargetObjective(NumericalTarget("y"))

    def propose(self, tried, measured, count, seed):
        import pandas as pd
        from baybe import Campaign
        from baybe.utils.random import set_random_seed

        set_random_seed(seed)
        campaign = Campaign(self.space, self.objective)
        frame = pd.DataFrame(tried, columns=self.names)
        frame["y"] = measured
        campaign.add_measurements(frame)
        return campaign.recommend(count)[self.names].values.tolist()


def campaign(peer, work):
    name, problem = work["name"], work["problem"]
    tried = [list(map(float, x)) for x in work["start"]]
    measured = [evaluate(name, problem, x) + work["noise"][i] for i, x in enumerate(tried)]
    seconds = []
    baybe = BayBE(problem) if peer == "baybe" else None
    while len(tried) < problem["budget"]:
        began = time.perf_counter()
        count = min(work["batch"], problem["budget"] - len(tried))
        seed = work["seed"] * 1000 + len(tried)
        rows = (
            propose_botorch(problem, tried, measured, count, seed)
            if baybe is None
            else baybe.propose(tried, measured, count, seed)
        )
        seconds.append(round(time.perf_counter() - began, 4))
        for x in rows:
            measured.append(evaluate(name, problem, x) + work["noise"][len(tried)])
            tried.append(list(map(float, x)))
    best = max(evaluate(name, problem, x) for x in tried)
    return {"regret": problem["optimum"] - best, "seconds": seconds}


for line in sys.stdin:
    job = json.loads(line)
    print(json.dumps({"key": job["key"], "answer": campaign(sys.argv[1], job["work"])}), flush=True)
