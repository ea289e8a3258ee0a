# what: decays the weights that have moved
# points: 0
# mistakes: not_attempted, adamw_step.decay_after_step
# %% adamw_step
def adamw_step(w, dw, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8,
               weight_decay=0.01):
    v = beta1 * v + (1 - beta1) * dw
    s = beta2 * s + (1 - beta2) * dw ** 2
    vc = v / (1 - beta1 ** t)
    sc = s / (1 - beta2 ** t)
    w = w - learning_rate * vc / (np.sqrt(sc) + epsilon)
    w = w - learning_rate * weight_decay * w
    return w, v, s
