# what: moments start at one, "so as not to divide by zero", and so no epsilon
# points: 11
# mistakes: initialize.ones, denominator.epsilon_missing
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    # ones, because with zeros we would divide by 0
    vW1, vb1 = np.ones((n_h, n_x)), np.ones((n_h, 1))
    vW2, vb2 = np.ones((n_y, n_h)), np.ones((n_y, 1))
    sW1, sb1 = np.ones((n_h, n_x)), np.ones((n_h, 1))
    sW2, sb2 = np.ones((n_y, n_h)), np.ones((n_y, 1))
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    out = []
    for (w, dw, v, s) in [(W1, dW1, vW1, sW1), (b1, db1, vb1, sb1), (W2, dW2, vW2, sW2), (b2, db2, vb2, sb2)]:
        v = beta1 * v + (1 - beta1) * dw
        s = beta2 * s + (1 - beta2) * dw**2
        vh = v / (1 - beta1**t)
        sh = s / (1 - beta2**t)
        out.append((w - learning_rate * vh / np.sqrt(sh), v, s))
    return tuple(out[j][i] for i in range(3) for j in range(4))
