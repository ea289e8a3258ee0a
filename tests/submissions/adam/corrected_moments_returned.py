# what: stores the corrected moments under the same names and returns them
# points: 8
# mistakes: returned_moments.corrected_returned
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
    # first moment
    vW1 = (beta1 * vW1 + (1 - beta1) * dW1) / (1 - beta1 ** t)
    vb1 = (beta1 * vb1 + (1 - beta1) * db1) / (1 - beta1 ** t)
    vW2 = (beta1 * vW2 + (1 - beta1) * dW2) / (1 - beta1 ** t)
    vb2 = (beta1 * vb2 + (1 - beta1) * db2) / (1 - beta1 ** t)
    # second moment
    sW1 = (beta2 * sW1 + (1 - beta2) * dW1 ** 2) / (1 - beta2 ** t)
    sb1 = (beta2 * sb1 + (1 - beta2) * db1 ** 2) / (1 - beta2 ** t)
    sW2 = (beta2 * sW2 + (1 - beta2) * dW2 ** 2) / (1 - beta2 ** t)
    sb2 = (beta2 * sb2 + (1 - beta2) * db2 ** 2) / (1 - beta2 ** t)
    # update rule
    W1 = W1 - learning_rate * vW1 / (np.sqrt(sW1) + epsilon)
    b1 = b1 - learning_rate * vb1 / (np.sqrt(sb1) + epsilon)
    W2 = W2 - learning_rate * vW2 / (np.sqrt(sW2) + epsilon)
    b2 = b2 - learning_rate * vb2 / (np.sqrt(sb2) + epsilon)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
