# what: returns the second moments before the first ones
# points: 8
# mistakes: coverage.order_of_returns
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
    w, v, s = [], [], []
    for p, g, m, r in zip((W1, b1, W2, b2), (dW1, db1, dW2, db2), (vW1, vb1, vW2, vb2), (sW1, sb1, sW2, sb2)):
        m = beta1 * m + (1 - beta1) * g
        r = beta2 * r + (1 - beta2) * np.square(g)
        w += [p - learning_rate * m / (1 - beta1**t) / (np.sqrt(r / (1 - beta2**t)) + epsilon)]
        v += [m]
        s += [r]
    return tuple(w + s + v)
