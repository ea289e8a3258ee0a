"""Writes torch.json: where PyTorch's optimizers stand after so many steps, in float64.

The tests compare optimlab with this file, so that they need no PyTorch. Lion and Schedule-Free are
those of their authors, or of those whom the authors name. To make it anew, in an environment with
torch==2.13.0, lion-pytorch==0.2.5, schedulefree==1.4.1 and numpy:

    python tests/reference/make_torch_reference.py

Nothing of optimlab is imported here: the losses are written out again and differentiated by
PyTorch. What is ours is `torch_optimizer`: our hyperparameters in PyTorch's convention.
"""

import inspect
import json
import re
from pathlib import Path

import numpy as np
import torch
from lion_pytorch import Lion
from schedulefree import SGDScheduleFree

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


def matrix_problem():
    """A linear map of 3 numbers to 5, and one of 5 to 3, from 8 noisy mini-batches of 8, taken in turn."""
    rng = np.random.default_rng(2025)
    X = (rng.standard_normal((5, 64)) * np.geomspace(0.2, 3, 5)[:, None]).round(6)
    Y = (rng.standard_normal((5, 5)) @ X + rng.standard_normal((5, 64))).round(6)
    inputs, targets = torch.tensor(X), torch.tensor(Y)

    def loss(w, step):
        batch = slice(step % 8 * 8, step % 8 * 8 + 8)
        rows, columns = w.shape
        return ((w @ inputs[:columns, batch] - targets[:rows, batch])**2).sum() / 16

    return loss, {"X": X.tolist(), "Y": Y.tolist()}


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
        "Lion": lambda: Lion([w], lr=lr, betas=adam["betas"], weight_decay=h["weight_decay"]),
        "ScheduleFree": lambda: SGDScheduleFree([w], lr=lr, momentum=h["beta"]),
        "Muon": lambda: torch.optim.Muon([w], lr=lr, momentum=h["beta"], weight_decay=h["weight_decay"]),
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
    ("Lion", {"beta1": 0.9, "beta2": 0.99, "weight_decay": 0.0}, (0.01, 0.001, 0.01)),
    ("Lion", {"beta1": 0.8, "beta2": 0.95, "weight_decay": 0.5}, (0.02, 0.002, 0.02)),
    ("ScheduleFree", {"beta": 0.9}, (0.3, 5e-4, 0.02)),
    ("ScheduleFree", {"beta": 0.5}, (0.3, 5e-4, 0.05)),
]
MATRIX_ROWS = [
    ("Muon", {"beta": 0.95, "weight_decay": 0.0}, 0.02),
    ("Muon", {"beta": 0.8, "weight_decay": 0.5}, 0.05),
]


def trajectory(loss, start, name, hyperparameters):
    w = torch.tensor(start, requires_grad=True)
    optimizer = torch_optimizer(w, name, hyperparameters)
    found = {"points": []}
    if name == "ScheduleFree":
        found["learned"] = []
        optimizer.train()
    for step in range(max(CHECKPOINTS)):
        optimizer.zero_grad()
        loss(w, step).backward()
        optimizer.step()
        if step + 1 in CHECKPOINTS:
            found["points"].append(w.tolist())
            if name == "ScheduleFree":
                optimizer.eval()
                found["learned"].append(w.tolist())
                optimizer.train()
    return found


def pasted():
    """Each cell of docs/pytorch.md that ends with a value: cell -> value; all run in one session."""
    page = (Path(__file__).parents[2] / "docs" / "pytorch.md").read_text(encoding="utf-8")
    session, found = {}, {}
    for cell in re.findall(r"(?ms)^```python\n(.*?)^```$", page):
        *before, last = cell.rstrip().splitlines()
        if last.startswith((" ", "def ", "import ", "from ")):
            exec(cell, session)
        else:
            exec("\n".join(before), session)
            found[cell] = eval(last, session)
    # The loop at the page's end gives no number, but has to run.
    session["train"](torch.nn.Linear(4, 10), ((torch.randn(8, 4), torch.randint(10, (8,))) for _ in range(20)), 20, 0.001)
    return found


def defaults():
    """What PyTorch takes if nothing is said, of the optimizers that docs/pytorch.md names."""
    kinds = [getattr(torch.optim, name) for name in ("SGD", "Adagrad", "RMSprop", "Adam", "AdamW", "Muon")]
    return {kind.__name__: {name: parameter.default for name, parameter in inspect.signature(kind).parameters.items()
                            if name in ("lr", "momentum", "alpha", "betas", "eps", "weight_decay", "nesterov")}
            for kind in (*kinds, Lion, SGDScheduleFree)}


def main():
    cells, values = pasted(), defaults()  # as a reader has them: in PyTorch's own precision
    torch.set_default_dtype(torch.float64)
    torch.Tensor.bfloat16 = torch.Tensor.clone  # Muon's rounding, left out: what remains is its rule
    logistic, data = logistic_problem()
    problems = {"ravine": (ravine, [-5.0, -2.0]), "Rosenbrock": (rosenbrock, [-1.2, 1.0]),
                "logistic": (logistic, [0.0] * 10)}
    maps, map_data = matrix_problem()
    runs = [(name, {"learning_rate": rate, **others}, problem, *problems[problem])
            for name, others, rates in ROWS for problem, rate in zip(problems, rates)]
    runs += [(name, {"learning_rate": rate, **others}, "linear map", maps, np.zeros(shape).tolist())
             for name, others, rate in MATRIX_ROWS for shape in ((5, 3), (3, 5))]
    runs = [{"optimizer": name, "hyperparameters": hyperparameters, "problem": problem, "start": start,
             **trajectory(loss, start, name, hyperparameters)} for name, hyperparameters, problem, loss, start in runs]
    reference = {"torch": torch.__version__, "checkpoints": CHECKPOINTS, "curvatures": CURVATURES,
                 "logistic": data, "linear map": map_data, "pasted": cells, "defaults": values, "runs": runs}
    text = json.dumps(reference).replace('{"optimizer"', '\n{"optimizer"')
    Path(__file__).with_name("torch.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
