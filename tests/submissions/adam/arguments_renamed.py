# what: calls the learning rate alpha and epsilon eps, so that callers who name them fail
# points: 18
# mistakes: renamed_parameter
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
                                t, alpha=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    vW1 = beta1 * vW1 + (1 - beta1) * dW1
    vb1 = beta1 * vb1 + (1 - beta1) * db1
    vW2 = beta1 * vW2 + (1 - beta1) * dW2
    vb2 = beta1 * vb2 + (1 - beta1) * db2
    sW1 = beta2 * sW1 + (1 - beta2) * dW1**2
    sb1 = beta2 * sb1 + (1 - beta2) * db1**2
    sW2 = beta2 * sW2 + (1 - beta2) * dW2**2
    sb2 = beta2 * sb2 + (1 - beta2) * db2**2
    k = alpha / (1 - beta1**t)
    r = 1 - beta2**t
    W1 = W1 - k * vW1 / (np.sqrt(sW1 / r) + eps)
    b1 = b1 - k * vb1 / (np.sqrt(sb1 / r) + eps)
    W2 = W2 - k * vW2 / (np.sqrt(sW2 / r) + eps)
    b2 = b2 - k * vb2 / (np.sqrt(sb2 / r) + eps)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
