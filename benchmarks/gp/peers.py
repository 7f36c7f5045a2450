"""The other side of `npm run bench:gp`: scikit-learn, GPyTorch and BoTorch on the problems in a folder, one thread.

Usage: python peers.py FOLDER. Reads problems.json, writes peers.json. Times are CPU seconds of the process, which runs
one thread, so that other load on the machine does not count.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import json
import statistics
import sys
import time
import warnings

warnings.filterwarnings("ignore")

import gpytorch
import numpy as np
import scipy
import sklearn
import torch
from botorch.fit import fit_gpytorch_mll
from botorch.models import SingleTaskGP
from gpytorch.mlls import ExactMarginalLogLikelihood
from scipy.linalg import cho_solve, cholesky
from scipy.optimize import minimize
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)

folder = sys.argv[1]
problems = json.load(open(os.path.join(folder, "problems.json")))


def matrix(flat, n, d):
    return np.array(flat, float).reshape(d, n).T.copy()


def median_time(work, least_seconds=0.6, least_runs=3):
    work()
    times = []
    while len(times) < least_runs or sum(times) < least_seconds:
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def likelihoods():
    """NLL and gradient of a constant x ARD Matern-5/2 kernel with white noise at fixed hyperparameters."""
    results = []
    for p in problems["likelihood"]:
        n, d = p["n"], p["d"]
        X, y = matrix(p["X"], n, d), np.array(p["z"])
        scale = np.array(p["lengthscales"])
        kernel = ConstantKernel(p["outputScale"]) * Matern(scale, nu=2.5) + WhiteKernel(p["noise"])
        model = GaussianProcessRegressor(kernel, optimizer=None, alpha=0).fit(X, y)
        theta = model.kernel_.theta
        value, gradient = model.log_marginal_likelihood(theta, eval_gradient=True)
        sk = median_time(lambda: model.log_marginal_likelihood(theta, eval_gradient=True, clone_kernel=False))

        class Exact(gpytorch.models.ExactGP):
            def __init__(self, X, y, likelihood):
                super().__init__(X, y, likelihood)
                self.mean_module = gpytorch.means.ZeroMean()
                self.covar_module = gpytorch.kernels.ScaleKernel(gpytorch.kernels.MaternKernel(2.5, ard_num_dims=d))

            def forward(self, x):
                return gpytorch.distributions.MultivariateNormal(self.mean_module(x), self.covar_module(x))

        tX, ty = torch.tensor(X), torch.tensor(y)
        likelihood = gpytorch.likelihoods.GaussianLikelihood()
        exact = Exact(tX, ty, likelihood)
        exact.covar_module.base_kernel.lengthscale = torch.tensor(scale)
        exact.covar_module.outputscale = p["outputScale"]
        likelihood.noise = p["noise"]
        exact.train()
        likelihood.train()
        mll = ExactMarginalLogLikelihood(likelihood, exact)

        def evaluate():
            # Cholesky at every size, as on the other sides; the default beyond 800 rows is an iterative estimate.
            with gpytorch.settings.max_cholesky_size(10_000):
                exact.zero_grad()
                loss = -mll(exact(tX), ty)
                loss.backward()
            return loss.item() * n

        results.append({"sklearn": sk, "gpytorch": median_time(evaluate), "nll": -value, "gpytorchNll": evaluate(),
                        "gradient": (-gradient).tolist()})
        print(f"peers: likelihood n={n} d={d}", file=sys.stderr, flush=True)
    return results


class Posterior:
    """Our objective, written again: negative log posterior of the hyperparameters and its gradient by their logs."""

    def __init__(self, p):
        self.X = matrix(p["X"], p["n"], p["d"])
        self.z = np.array(p["z"])
        self.group = np.array(p["lengthscaleOf"])
        self.count = self.group.max() + 1
        C = self.X - self.X.mean(0)
        self.linear = C @ C.T
        self.rate = 2 / (np.exp(np.sqrt(2) - 3) * np.sqrt(self.count))
        self.lower = np.log([0.025] * self.count + [1e-6, 1e-6, 1e-4])
        self.upper = np.log([1e3] * self.count + [1e4, 1e4, 4])

    def mode(self):
        return np.array([np.log(2 / self.rate)] * self.count + [-0.5, -1, np.log(1 / np.exp(5))])

    def draw(self, random):
        return np.concatenate([np.log(random.gamma(3, 1 / self.rate, self.count)),
                               [random.normal(-0.5, 1), random.normal(-1, 1.5)],
                               [np.log(random.gamma(2, 1 / np.exp(5)))]])

    def __call__(self, logs):
        n, count = len(self.z), self.count
        length, (s, lin, noise) = np.exp(logs[:count]), np.exp(logs[count:])
        Xs = self.X / length[self.group]
        squares = (Xs ** 2).sum(1)
        r2 = np.maximum(squares[:, None] + squares[None] - 2 * Xs @ Xs.T, 0)
        np.fill_diagonal(r2, 0)
        r = np.sqrt(5 * r2)
        decay = np.exp(-r)
        M = s * (1 + r + r * r / 3) * decay
        Ky = M + lin * self.linear
        Ky[np.diag_indices(n)] += noise
        try:
            L = cholesky(Ky, lower=True, check_finite=False)
        except np.linalg.LinAlgError:
            return 1e10, np.zeros_like(logs)
        inverse = cho_solve((L, True), np.eye(n), check_finite=False)
        sums = inverse.sum(0)
        mean = sums @ self.z / sums.sum()
        e = self.z - mean
        alpha = inverse @ e
        value = 0.5 * (e @ alpha) + np.log(np.diag(L)).sum() + n / 2 * np.log(2 * np.pi)
        W = inverse - np.outer(alpha, alpha)
        V = W * (s * 5 / 3 * (1 + r) * decay)
        per_feature = V.sum(1) @ Xs ** 2 - np.einsum("ij,ij->j", Xs, V @ Xs)
        gradient = np.empty_like(logs)
        gradient[:count] = np.bincount(self.group, per_feature, count)
        gradient[count] = 0.5 * (W * M).sum()
        gradient[count + 1] = 0.5 * lin * (W * self.linear).sum()
        gradient[count + 2] = 0.5 * noise * np.trace(W)
        value -= (2 * logs[:count] - self.rate * length).sum()
        gradient[:count] -= 2 - self.rate * length
        value += 0.5 * (logs[count] + 0.5) ** 2 + 0.5 * ((logs[count + 1] + 1) / 1.5) ** 2
        gradient[count] += logs[count] + 0.5
        gradient[count + 1] += (logs[count + 1] + 1) / 2.25
        value -= logs[count + 2] - np.exp(5) * noise
        gradient[count + 2] -= 1 - np.exp(5) * noise
        return value, gradient


def fits():
    """Time of BoTorch's default fit, and the best of ten scipy starts on our objective."""
    results = []
    for index, p in enumerate(problems["fit"]):
        X, y = torch.tensor(matrix(p["X"], p["n"], p["d"])), torch.tensor(p["z"])[:, None]
        times = []
        for _ in range(3 if index == 0 else 2 if p["n"] <= 100 else 1):
            model = SingleTaskGP(X, y)
            mll = ExactMarginalLogLikelihood(model.likelihood, model)
            start = time.process_time()
            fit_gpytorch_mll(mll)
            times.append(time.process_time() - start)
        posterior = Posterior(p)
        random = np.random.default_rng(index)
        bounds = list(zip(posterior.lower, posterior.upper))
        values = []
        for k in range(10):
            start = posterior.mode() if k == 0 else posterior.draw(random)
            found = minimize(posterior, np.clip(start, posterior.lower, posterior.upper), jac=True, bounds=bounds,
                             method="L-BFGS-B", options={"maxiter": 200, "ftol": 2e-9})
            values.append(float(found.fun))
        results.append({"botorch": min(times), "best": min(values),
                        "atOurs": float(posterior(np.array(p["ours"]))[0])})
        print(f"peers: fit {index + 1} of {len(problems['fit'])}, {p['name']}", file=sys.stderr, flush=True)
    return results


def scores():
    """Mean and standard deviation of 100,000 points."""
    results = []
    for p in problems["score"]:
        X, y = matrix(p["X"], p["n"], p["d"]), np.array(p["z"])
        kernel = ConstantKernel(p["outputScale"]) * Matern(np.array(p["lengthscales"]), nu=2.5) + WhiteKernel(p["noise"])
        model = GaussianProcessRegressor(kernel, optimizer=None, alpha=0).fit(X, y)
        random = np.random.default_rng(1)
        candidates = random.random((p["m"], p["d"]))
        check = matrix(p["check"], p["checkCount"], p["d"])
        mean, sd = model.predict(check, return_std=True)

        def predict():
            # In blocks, as somebody with 100,000 points would: at once it needs gigabytes.
            for start in range(0, p["m"], 10_000):
                model.predict(candidates[start:start + 10_000], return_std=True)

        results.append({"sklearn": median_time(predict, least_runs=3), "mean": mean.tolist(), "sd": sd.tolist()})
        print(f"peers: score n={p['n']}", file=sys.stderr, flush=True)
    return results


json.dump({
    "versions": {"sklearn": sklearn.__version__, "gpytorch": gpytorch.__version__, "torch": torch.__version__,
                 "scipy": scipy.__version__, "botorch": __import__("botorch").__version__},
    "likelihood": likelihoods(),
    "fit": fits(),
    "score": scores(),
}, open(os.path.join(folder, "peers.json"), "w"))
