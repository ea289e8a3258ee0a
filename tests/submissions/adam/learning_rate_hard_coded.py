# what: constants on top of the cell, and alpha in place of the argument learning_rate
# points: 18
# mistakes: step_size.hard_coded_learning_rate
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
# hyperparameters from the slide
alpha = 0.001

def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    weights = [W1, b1, W2, b2]
    v = [vW1, vb1, vW2, vb2]
    s = [sW1, sb1, sW2, sb2]
    for i, dw in enumerate([dW1, db1, dW2, db2]):
        v[i] = beta1 * v[i] + (1 - beta1) * dw
        s[i] = beta2 * s[i] + (1 - beta2) * dw**2
        v_hat = v[i] / (1 - beta1**t)
        s_hat = s[i] / (1 - beta2**t)
        weights[i] = weights[i] - alpha * v_hat / (np.sqrt(s_hat) + epsilon)
    return tuple(weights + v + s)
