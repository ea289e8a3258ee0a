# what: returns three nested tuples from the second function
# points: 4
# mistakes:
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
    params = (W1, b1, W2, b2)
    grads = (dW1, db1, dW2, db2)
    v = tuple(beta1 * a + (1 - beta1) * g for a, g in zip((vW1, vb1, vW2, vb2), grads))
    s = tuple(beta2 * a + (1 - beta2) * g**2 for a, g in zip((sW1, sb1, sW2, sb2), grads))
    params = tuple(p - learning_rate * (a / (1 - beta1**t)) / (np.sqrt(b / (1 - beta2**t)) + epsilon)
                   for p, a, b in zip(params, v, s))
    # params, first moments, second moments
    return params, v, s
