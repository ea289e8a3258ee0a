# what: clips the gradients to [-1, 1], in place too
# points: 8
# mistakes: gradient.clipped, changes_inputs
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
    # prevent exploding gradients
    for g in (dW1, db1, dW2, db2):
        np.clip(g, -1, 1, out=g)
    W = [W1, b1, W2, b2]
    dW = [dW1, db1, dW2, db2]
    v = [vW1, vb1, vW2, vb2]
    s = [sW1, sb1, sW2, sb2]
    for i in range(4):
        v[i] = beta1 * v[i] + (1 - beta1) * dW[i]
        s[i] = beta2 * s[i] + (1 - beta2) * dW[i] ** 2
        W[i] = W[i] - learning_rate * (v[i] / (1 - beta1 ** t)) / (np.sqrt(s[i] / (1 - beta2 ** t)) + epsilon)
    return tuple(W + v + s)
