# what: neither moment is corrected
# points: 0
# mistakes: not_attempted, adamw_step.first_correction_missing, adamw_step.second_correction_missing
# %% adamw_step
def adamw_step(w, dw, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8,
               weight_decay=0.01):
    v = beta1 * v + (1 - beta1) * dw
    s = beta2 * s + (1 - beta2) * dw ** 2
    w = w - learning_rate * (v / (np.sqrt(s) + epsilon) + weight_decay * w)
    return w, v, s
