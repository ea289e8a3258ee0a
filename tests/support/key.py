"""Right answers to the lessons' exercises, one plain function each: what a good student writes.

A test fills the lessons' cells with them, so each stands on its own and needs NumPy alone.
"""
import numpy as np


def numerical_gradient(f, w, h=1e-5):
    w = np.array(w, dtype=float)
    gradient = np.zeros_like(w)
    for i in np.ndindex(w.shape):
        ahead, behind = w.copy(), w.copy()
        ahead[i] += h
        behind[i] -= h
        gradient[i] = (f(ahead) - f(behind)) / (2 * h)
    return gradient


def layer_backward(dZ, A_prev, W):
    dW = dZ @ A_prev.T
    db = np.sum(dZ, axis=1, keepdims=True)
    dA_prev = W.T @ dZ
    return dW, db, dA_prev


def gradient_step(w, dw, learning_rate):
    return w - learning_rate * dw


def largest_stable_rate(curvatures):
    return 2 / np.max(curvatures)


def random_mini_batches(X, Y, batch_size, rng):
    m = X.shape[1]
    order = rng.permutation(m)
    batches = []
    for start in range(0, m, batch_size):
        chosen = order[start:start + batch_size]
        batches.append((X[:, chosen], Y[:, chosen]))
    return batches


def sgd_epoch(w, batches, gradient, learning_rate):
    for X_batch, Y_batch in batches:
        w = w - learning_rate * gradient(w, X_batch, Y_batch)
    return w


def ewma(theta, beta, corrected=False):
    averages = np.zeros(len(theta))
    V = 0.0
    for t in range(1, len(theta) + 1):
        V = beta * V + (1 - beta) * theta[t - 1]
        averages[t - 1] = V / (1 - beta**t) if corrected else V
    return averages


def initialize_velocity(w):
    return np.zeros(np.shape(w))


def momentum_step(w, dw, v, learning_rate, beta=0.9):
    v = beta * v + (1 - beta) * dw
    w = w - learning_rate * v
    return w, v


def adagrad_step(w, dw, s, learning_rate, epsilon=1e-8):
    s = s + dw**2
    w = w - learning_rate * dw / (np.sqrt(s) + epsilon)
    return w, s


def rmsprop_step(w, dw, s, learning_rate, beta=0.9, epsilon=1e-8):
    s = beta * s + (1 - beta) * dw**2
    w = w - learning_rate * dw / (np.sqrt(s) + epsilon)
    return w, s
