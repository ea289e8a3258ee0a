# what: epsilon under the root, decay in the gradient
# points: 0
# mistakes: not_attempted, adamw_step.decay_in_gradient, adamw_step.epsilon_inside_root
# %% adamw_step
def adamw_step(w, dw, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8,
               weight_decay=0.01):
    g = dw + weight_decay * w
    v = beta1 * v + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g ** 2
    vc = v / (1 - beta1 ** t)
    sc = s / (1 - beta2 ** t)
    return w - learning_rate * vc / np.sqrt(sc + epsilon), v, s
