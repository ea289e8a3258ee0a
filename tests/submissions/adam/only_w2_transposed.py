# what: rows and columns exchanged for W2 alone
# points: 18
# mistakes: initialize.transposed
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    # from the slides, W1 is (n_h, n_x)
    vW1 = np.zeros((n_h, n_x))
    vb1 = np.zeros((n_h, 1))
    vW2 = np.zeros((n_h, n_y))
    vb2 = np.zeros((n_y, 1))
    sW1 = np.zeros((n_h, n_x))
    sb1 = np.zeros((n_h, 1))
    sW2 = np.zeros((n_h, n_y))
    sb2 = np.zeros((n_y, 1))
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    one = 1 - beta1
    two = 1 - beta2
    vW1 = beta1 * vW1 + one * dW1
    vb1 = beta1 * vb1 + one * db1
    vW2 = beta1 * vW2 + one * dW2
    vb2 = beta1 * vb2 + one * db2
    sW1 = beta2 * sW1 + two * dW1 ** 2
    sb1 = beta2 * sb1 + two * db1 ** 2
    sW2 = beta2 * sW2 + two * dW2 ** 2
    sb2 = beta2 * sb2 + two * db2 ** 2
    one_t = 1 - beta1 ** t
    two_t = 1 - beta2 ** t
    W1 = W1 - learning_rate * (vW1 / one_t) / (np.sqrt(sW1 / two_t) + epsilon)
    b1 = b1 - learning_rate * (vb1 / one_t) / (np.sqrt(sb1 / two_t) + epsilon)
    W2 = W2 - learning_rate * (vW2 / one_t) / (np.sqrt(sW2 / two_t) + epsilon)
    b2 = b2 - learning_rate * (vb2 / one_t) / (np.sqrt(sb2 / two_t) + epsilon)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
