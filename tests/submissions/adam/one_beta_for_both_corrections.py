# what: one beta for both corrections, and a missing parenthesis adds epsilon after the division
# points: 12
# mistakes: second_correction.other_beta, denominator.epsilon_after_division
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    vW1 = np.zeros((n_h, n_x))
    vb1 = np.zeros((n_h, 1))
    vW2 = np.zeros((n_y, n_h))
    vb2 = np.zeros((n_y, 1))
    sW1 = np.zeros((n_h, n_x))
    sb1 = np.zeros((n_h, 1))
    sW2 = np.zeros((n_y, n_h))
    sb2 = np.zeros((n_y, 1))
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    correction = 1 - beta1 ** t
    results_w = []
    results_v = []
    results_s = []
    for w, dw, v, s in zip([W1, b1, W2, b2], [dW1, db1, dW2, db2], [vW1, vb1, vW2, vb2], [sW1, sb1, sW2, sb2]):
        v = beta1 * v + (1 - beta1) * dw
        s = beta2 * s + (1 - beta2) * dw ** 2
        v_hat = v / correction
        s_hat = s / correction
        results_w.append(w - learning_rate * (v_hat / np.sqrt(s_hat) + epsilon))
        results_v.append(v)
        results_s.append(s)
    return results_w + results_v + results_s
