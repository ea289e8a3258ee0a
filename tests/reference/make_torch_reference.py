"""Writes torch.json: where PyTorch's optimizers stand after so many steps, in float64.

The tests compare optimlab with this file, so that they need no PyTorch. To make it anew, in an
environment with torch==2.13.0 and numpy:

    python tests/reference/make_torch_reference.py

Nothing of optimlab is imported here: the losses are written out again and differentiated by
PyTorch. What is ours is `torch_optimizer`: our hyperparameters in PyTorch's convention.
"""

import json
from pathlib import Path

import numpy as np
import torch

CHECKPOINTS = (1, 2, 3, 10, 30, 100, 200, 300)
CURVATURES = (0.16, 4.0)


def ravine(w, step):
    return (torch.tensor(CURVATURES) * w**2).sum() / 2


def rosenbrock(w, step):
    x, y = w
    return (1 - x)**2 + 100 * (y - x**2)**2


def logistic_problem():
    """Logistic regression in 10 dimensions on 8 mini-batches of 8, taken in turn: a noisy gradient.

    The features' sizes differ by a factor of 100, and the last feature is almost always zero.
    """
    rng = np.random.default_rng(2024)
    X = rng.standard_normal((10, 64)) * np.geomspace(0.1, 10, 10)[:, None]
    X[9] *= rng.random(64) < 0.05
    X = X.round(6)
    y = (rng.random(64) < 1 / (1 + np.exp(-X[:5].sum(axis=0)))).astype(float)
    features, labels = torch.tensor(X), torch.tensor(y)

    def loss(w, step):
        batch = slice(step % 8 * 8, step % 8 * 8 + 8)
        z = w @ features[:, batch]
        return torch.nn.functional.binary_cross_entropy_with_logits(z, labels[batch])

    return loss, {"X": X.tolist(), "y": y.tolist()}


def torch_optimizer(w, name, h):
    """PyTorch's optimizer for our name and our hyperparameters h."""
    lr = h["learning_rate"]
    # Ours average the gradients, PyTorch's sum them: the sum is 1/(1 - beta) times longer.
    summed = {"lr": (1 - h.get("beta", 0)) * lr, "momentum": h.get("beta", 0)}
    adam = {"lr": lr, "betas": (h.get("beta1"), h.get("beta2")), "eps": h.get("epsilon")}
    return {
        "GradientDescent": lambda: torch.optim.SGD([w], lr=lr),
        "Momentum": lambda: torch.optim.SGD([w], **summed),
        "Nesterov": lambda: torch.optim.SGD([w], **summed, nesterov=True),
        "AdaGrad": lambda: torch.optim.Adagrad([w], lr=lr, eps=h["epsilon"]),
        "RMSProp": lambda: torch.optim.RMSprop([w], lr=lr, alpha=h["beta"], eps=h["epsilon"]),
        "Adam": lambda: torch.optim.Adam([w], **adam),
        "AdamW": lambda: torch.optim.AdamW([w], **adam, weight_decay=h["weight_decay"]),
        "AMSGrad": lambda: torch.optim.Adam([w], **adam, amsgrad=True),
    }[name]()


ADAM = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
# A smaller beta2 makes Adam bounce around a minimum for ever, which amplifies rounding (so does a
# larger rate for RMSProp on Rosenbrock).
ADAM_OTHER = {"beta1": 0.8, "beta2": 0.98, "epsilon": 1e-3}
# Name, hyperparameters, and a safe learning rate: ravine, Rosenbrock, logistic.
ROWS = [
    ("GradientDescent", {}, (0.3, 5e-4, 0.02)),
    ("Momentum", {"beta": 0.9}, (0.3, 1e-3, 0.02)),
    ("Momentum", {"beta": 0.5}, (0.3, 5e-4, 0.05)),
    ("Nesterov", {"beta": 0.9}, (0.3, 1e-3, 0.02)),
    ("Nesterov", {"beta": 0.5}, (0.3, 5e-4, 0.05)),
    ("AdaGrad", {"epsilon": 1e-8}, (0.5, 0.1, 0.1)),
    ("AdaGrad", {"epsilon": 1e-2}, (1.0, 0.3, 0.3)),
    ("RMSProp", {"beta": 0.9, "epsilon": 1e-8}, (0.01, 3e-4, 0.01)),
    ("RMSProp", {"beta": 0.99, "epsilon": 1e-2}, (0.05, 0.01, 0.03)),
    ("Adam", ADAM, (0.05, 0.01, 0.02)),
    ("Adam", ADAM_OTHER, (0.1, 0.02, 0.05)),
    ("AdamW", {**ADAM, "weight_decay": 0.01}, (0.05, 0.01, 0.02)),
    ("AdamW", {**ADAM_OTHER, "weight_decay": 0.5}, (0.1, 0.02, 0.05)),
    ("AMSGrad", ADAM, (0.05, 0.01, 0.02)),
    ("AMSGrad", ADAM_OTHER, (0.1, 0.02, 0.05)),
]


def trajectory(loss, start, name, hyperparameters):
    w = torch.tensor(start, requires_grad=True)
    optimizer = torch_optimizer(w, name, hyperparameters)
    points = []
    for step in range(max(CHECKPOINTS)):
        optimizer.zero_grad()
        loss(w, step).backward()
        optimizer.step()
        if step + 1 in CHECKPOINTS:
            points.append(w.tolist())
    return points


def main():
    torch.set_default_dtype(torch.float64)
    logistic, data = logistic_problem()
    problems = {"ravine": (ravine, [-5.0, -2.0]), "Rosenbrock": (rosenbrock, [-1.2, 1.0]),
                "logistic": (logistic, [0.0] * 10)}
    runs = []
    for name, others, rates in ROWS:
        for (problem, (loss, start)), rate in zip(problems.items(), rates):
            hyperparameters = {"learning_rate": rate, **others}
            runs.append({"optimizer": name, "hyperparameters": hyperparameters, "problem": problem,
                         "start": start,
                         "points": trajectory(loss, start, name, hyperparameters)})
    reference = {"torch": torch.__version__, "checkpoints": CHECKPOINTS, "curvatures": CURVATURES,
                 "logistic": data, "runs": runs}
    text = json.dumps(reference).replace('{"optimizer"', '\n{"optimizer"')
    Path(__file__).with_name("torch.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
