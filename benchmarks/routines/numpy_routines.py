"""Processor milliseconds of numpy and scipy for the jobs of packages/wasm/bench, median of many, as one JSON line.

Called by `npm run bench:routines` with the names of the routines; one thread.
"""

import json
import sys
import time

import numpy as np
import scipy.linalg
from scipy.linalg import blas, lapack

D = 10


def measure(work, budget=0.3):
    start = time.process_time()
    while True:
        work()
        if time.process_time() - start > 0.05:
            break
    calls = 1
    while True:
        start = time.process_time()
        for _ in range(calls):
            work()
        if time.process_time() - start > 0.003:
            break
        calls *= 2
    times = []
    begin = time.process_time()
    while time.process_time() - begin < budget or len(times) < 3:
        start = time.process_time()
        for _ in range(calls):
            work()
        times.append((time.process_time() - start) / calls)
    return 1000 * sorted(times)[len(times) // 2]


def squared_distances(a, b):
    total = np.zeros((len(a), len(b)))
    for j in range(a.shape[1]):
        total += np.square(a[:, j, None] - b[None, :, j])
    return total


def matern(squared):
    s = np.sqrt(5 * squared)
    decay = np.exp(-s)
    return (1 + s + s * s / 3) * decay, (5 / 3) * (1 + s) * decay


def likelihood(x, y):
    """Likelihood and gradient as the routines compute them: potri and traces, full matrices."""
    n = len(x)
    k, g = matern(squared_distances(x, x))
    k[np.diag_indices(n)] += 0.05
    factor, info = lapack.dpotrf(k, lower=1, overwrite_a=1)
    assert info == 0
    alpha, _ = lapack.dpotrs(factor, y, lower=1)
    value = 0.5 * y @ alpha + np.log(np.diag(factor)).sum()
    inverse, _ = lapack.dpotri(factor, lower=1, overwrite_c=1)
    inverse = np.tril(inverse) + np.tril(inverse, -1).T
    w = inverse - np.outer(alpha, alpha)
    v = w * g
    gradient = v.sum(axis=1) @ (x * x) - np.einsum("ij,ij->j", x, v @ x)
    return value, gradient, np.trace(w)


def cases(n):
    rng = np.random.default_rng(n)
    a = np.asfortranarray(rng.uniform(-1, 1, size=(n, n)))
    b = np.asfortranarray(rng.uniform(-1, 1, size=(n, n)))
    x = rng.uniform(-1, 1, size=(n, D))
    y = rng.uniform(-1, 1, size=n)
    k = np.asfortranarray(matern(squared_distances(x, x))[0] + 0.05 * np.eye(n))
    factor = scipy.linalg.cholesky(k, lower=True)
    return {
        "gemm": lambda: blas.dgemm(1, a, b),
        "syrk": lambda: blas.dsyrk(1, a, lower=1),
        "potrf": lambda: lapack.dpotrf(k, lower=1),
        "trsm": lambda: blas.dtrsm(1, factor, b, lower=1),
        "potri": lambda: lapack.dpotri(factor, lower=1),
        "covariance": lambda: matern(squared_distances(x, x)),
        "nllgrad": lambda: likelihood(x, y),
    }


def main(names):
    results = {}
    for n in (50, 100, 200, 300, 500, 1000):
        for name, work in cases(n).items():
            if name in names:
                results[f"{name}_n{n}"] = measure(work)
    if "exp" in names:
        values = np.random.default_rng(1).uniform(-20, 20, size=10_000)
        results["exp_n10000"] = measure(lambda: np.exp(values))
    print(json.dumps(results))


main(set(sys.argv[1:]))
