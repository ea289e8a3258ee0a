# what: L2 in one, Momentum in the other
# points: 0
# mistakes: adamw_step.decay_in_gradient, nesterov_step.no_look_ahead
# %% adamw_step
def adamw_step(w, dw, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8,
               weight_decay=0.01):
    dw = dw + weight_decay * w
    v = beta1 * v + (1 - beta1) * dw
    s = beta2 * s + (1 - beta2) * dw ** 2
    vc = v / (1 - beta1 ** t)
    sc = s / (1 - beta2 ** t)
    w = w - learning_rate * vc / (np.sqrt(sc) + epsilon)
    return w, v, s
# %% nesterov_step
def nesterov_step(w, v, gradient, learning_rate, beta=0.9):
    v = beta * v + (1 - beta) * gradient(w)
    return w - learning_rate * v, v
