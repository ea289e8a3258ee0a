# what: type hints, docstrings, a helper at module level
# points: 20
# mistakes:
# %% initialize_adam
from typing import Tuple

import numpy as np


def initialize_adam(n_x: int, n_h: int, n_y: int) -> Tuple[np.ndarray, ...]:
    """Create the moment estimates for a two-layer network.

    Args:
        n_x: number of input units.
        n_h: number of hidden units.
        n_y: number of output units.

    Returns:
        The first moments (vW1, vb1, vW2, vb2), then the second ones (sW1, sb1, sW2, sb2).
    """
    shapes = ((n_h, n_x), (n_h, 1), (n_y, n_h), (n_y, 1))
    return tuple(np.zeros(shape, dtype=np.float64) for shape in shapes + shapes)
# %% update_parameters_with_adam
def _adam_step(param: np.ndarray, grad: np.ndarray, m: np.ndarray, v: np.ndarray, t: int,
               lr: float, beta1: float, beta2: float, eps: float) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the updated (param, m, v) for a single tensor."""
    m = beta1 * m + (1.0 - beta1) * grad
    v = beta2 * v + (1.0 - beta2) * grad**2
    m_hat = m / (1.0 - beta1**t)
    v_hat = v / (1.0 - beta2**t)
    return param - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


def update_parameters_with_adam(
    W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray,
    dW1: np.ndarray, db1: np.ndarray, dW2: np.ndarray, db2: np.ndarray,
    vW1: np.ndarray, vb1: np.ndarray, vW2: np.ndarray, vb2: np.ndarray,
    sW1: np.ndarray, sb1: np.ndarray, sW2: np.ndarray, sb2: np.ndarray,
    t: int, learning_rate: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8,
) -> Tuple[np.ndarray, ...]:
    """Perform one Adam update (Kingma & Ba, 2015, Algorithm 1)."""
    hyper = (t, learning_rate, beta1, beta2, epsilon)
    W1, vW1, sW1 = _adam_step(W1, dW1, vW1, sW1, *hyper)
    b1, vb1, sb1 = _adam_step(b1, db1, vb1, sb1, *hyper)
    W2, vW2, sW2 = _adam_step(W2, dW2, vW2, sW2, *hyper)
    b2, vb2, sb2 = _adam_step(b2, db2, vb2, sb2, *hyper)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
