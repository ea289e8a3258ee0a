"""Training the lessons' networks: ours against PyTorch eager on the CPU, in one run.

Both start from the same weights, take the same mini-batches in the same order, in float64, and
must reach the same losses: the largest difference of any step is printed, and more than 1e-9
stops the run. They train in turn, so that a busy machine slows both; a ratio is PyTorch's time
over ours, the median of the pairs. Above 1 ours is faster.

PyTorch is not in the lock: `pip install torch==2.13.0` beside optimlab first.

    python benchmarks/training_against_pytorch.py [ROUNDS]
"""

import statistics
import sys
import time

import numpy as np
import torch

from optimlab import optimizers
from optimlab.comparison import state_arrays
from optimlab.datasets import digits, two_moons
from optimlab.networks import MLP
from optimlab.training import fit, mini_batches

BATCH_SIZE, SEED = 64, 7
DIGITS = MLP((64, 32, 10), output="softmax")
NETWORKS = {  # name: network, examples
    "two moons, 2-8-1": (MLP((2, 8, 1)), two_moons(np.random.default_rng(0))),
    "digits, 64-10": (MLP((64, 10), output="softmax"), digits()),
    "digits, 64-32-10": (DIGITS, digits()),
}
GROWING = (13, 133, 400, 1000, 2000, 4000, 13_333, 133_333)  # hidden units of 64-h-10: 1e3 to 1e7 parameters
TORCH = {  # PyTorch's optimizer at our defaults; its SGD sums the gradients that our Momentum averages
    "GradientDescent": lambda w: torch.optim.SGD(w, lr=0.01),
    "Momentum": lambda w: torch.optim.SGD(w, lr=0.001, momentum=0.9),
    "Nesterov": lambda w: torch.optim.SGD(w, lr=0.001, momentum=0.9, nesterov=True),
    "AdaGrad": lambda w: torch.optim.Adagrad(w, lr=0.01, eps=1e-8),
    "RMSProp": lambda w: torch.optim.RMSprop(w, lr=0.001, alpha=0.9),
    "Adam": lambda w: torch.optim.Adam(w, lr=0.001),
    "AdamW": lambda w: torch.optim.AdamW(w, lr=0.001, weight_decay=0.01),
    "AMSGrad": lambda w: torch.optim.Adam(w, lr=0.001, amsgrad=True),
}


def torch_network(network: MLP, w: np.ndarray) -> torch.nn.Sequential:
    """PyTorch's modules with our weights."""
    layers = []
    for n_in, n_out in zip(network.sizes, network.sizes[1:]):
        layers += [torch.nn.Linear(n_in, n_out, dtype=torch.float64), torch.nn.Tanh()]
    model = torch.nn.Sequential(*layers[:-1])
    with torch.no_grad():
        for parameter, view in zip(model.parameters(), network.views(w).values()):
            parameter.copy_(torch.from_numpy(view).reshape(parameter.shape))
    return model


def train_torch(network, data, name, epochs, fused=None):
    """(loss of each step, seconds an epoch) of PyTorch's training loop, as its tutorials write it."""
    rng = np.random.default_rng(SEED)
    model = torch_network(network, network.init(rng))
    optimizer = TORCH[name](model.parameters())
    if fused:
        optimizer = torch.optim.Adam(model.parameters(), lr=0.001, fused=True)
    X = torch.from_numpy(np.ascontiguousarray(data.X.T))
    if network.output == "softmax":
        y, loss_of = torch.from_numpy(data.labels), torch.nn.CrossEntropyLoss()
    else:
        y, loss_of = torch.from_numpy(np.ascontiguousarray(data.Y.T)), torch.nn.BCEWithLogitsLoss()
    losses, seconds = [], []
    for _ in range(epochs):
        batches = [torch.from_numpy(batch) for batch in mini_batches(rng, len(X), BATCH_SIZE)]
        began = time.perf_counter()
        for batch in batches:
            optimizer.zero_grad()
            loss = loss_of(model(X[batch]), y[batch])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        seconds.append(time.perf_counter() - began)
    return np.array(losses), statistics.median(seconds)


def train_ours(network, data, name, epochs):
    """The same from `fit`."""
    history = fit(network, data, optimizers.OPTIMIZERS[name](), BATCH_SIZE, epochs, np.random.default_rng(SEED),
                  progress=False)
    return history.step_losses, statistics.median(history.seconds)


def side_by_side(network, data, name, epochs, rounds, fused=None):
    """(our milliseconds an epoch, PyTorch's, the ratio, the largest difference of a loss)."""
    pairs, apart = [], 0.0
    for _ in range(rounds):
        (ours, seconds), (theirs, torch_seconds) = (
            train_ours(network, data, name, epochs), train_torch(network, data, name, epochs, fused))
        apart = np.maximum(apart, np.abs(ours - theirs).max())
        pairs.append((seconds, torch_seconds))
    if not apart <= 1e-9:       # nan is apart, too
        sys.exit(f"{name}: the losses differ by {apart:.1e}: these are not the same trainings")
    ours, theirs = (1000 * statistics.median(column) for column in zip(*pairs))
    return ours, theirs, statistics.median(t / o for o, t in pairs), apart


def arrays_of_state(name: str) -> tuple[int, int]:
    """How many numbers each keeps for every parameter between two steps: (ours, PyTorch's)."""
    theirs = torch.nn.Parameter(torch.ones(1000, dtype=torch.float64))
    optimizer = TORCH[name]([theirs])
    theirs.grad = torch.ones_like(theirs)
    optimizer.step()
    kept = [value for value in optimizer.state[theirs].values() if torch.is_tensor(value)]
    return (state_arrays(optimizers.OPTIMIZERS[name]()),
            sum(value.numel() == theirs.numel() for value in kept))


def main(rounds: int = 7) -> None:
    """Measure and print."""
    line = "{:<34}{:>10.2f}{:>10.2f}{:>8.1f}{:>12.0e}"
    heading = f"{'':<34}{'ours, ms':>10}{'PyTorch':>10}{'ratio':>8}{'apart':>12}"
    print(f"One epoch in batches of {BATCH_SIZE}, float64, {torch.get_num_threads()} threads; NumPy "
          f"{np.__version__}, PyTorch {torch.__version__}\n\n{heading}")
    train_torch(DIGITS, digits(), "Adam", 1)                       # the first call of all is slow
    for name, (network, data) in NETWORKS.items():
        print(line.format(f"{name}, Adam", *side_by_side(network, data, "Adam", 5, rounds)))
    fused = side_by_side(DIGITS, digits(), "Adam", 5, rounds, fused=True)
    print(line.format("digits, 64-32-10, PyTorch's fused", *fused))
    for name in TORCH:
        if name != "Adam":
            print(line.format(f"digits, 64-32-10, {name}", *side_by_side(DIGITS, digits(), name, 5, rounds)))

    print(f"\nGrowth, 64-h-10, Adam\n{heading}")
    for hidden in GROWING:
        network = MLP((64, hidden, 10), output="softmax")
        data = digits() if hidden <= 4000 else _first(digits(), 8 * BATCH_SIZE if hidden < 100_000 else BATCH_SIZE)
        result = side_by_side(network, data, "Adam", 2 if hidden <= 4000 else 1, max(2, rounds // 2))
        print(line.format(f"h = {hidden}, {network.size:.1e} parameters", *result))

    print("\nNumbers kept for each parameter between two steps (8 bytes each)")
    for name in TORCH:
        print("{:<34}{:>10}{:>10}".format(name, *arrays_of_state(name)))


def _first(examples, m):
    return examples._replace(X=examples.X[:, :m], Y=examples.Y[:, :m], labels=examples.labels[:m])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
