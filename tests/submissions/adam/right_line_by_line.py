# what: everything written out, line by line, with the slides open beside it
# points: 20
# mistakes:
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    # first moments
    vW1 = np.zeros((n_h, n_x))
    vb1 = np.zeros((n_h, 1))
    vW2 = np.zeros((n_y, n_h))
    vb2 = np.zeros((n_y, 1))
    # second moments
    sW1 = np.zeros((n_h, n_x))
    sb1 = np.zeros((n_h, 1))
    sW2 = np.zeros((n_y, n_h))
    sb2 = np.zeros((n_y, 1))
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """One step of Adam for all four parameters; t counts from 1."""
    # momentum part
    vW1 = beta1 * vW1 + (1 - beta1) * dW1
    vb1 = beta1 * vb1 + (1 - beta1) * db1
    vW2 = beta1 * vW2 + (1 - beta1) * dW2
    vb2 = beta1 * vb2 + (1 - beta1) * db2
    # rmsprop part
    sW1 = beta2 * sW1 + (1 - beta2) * dW1**2
    sb1 = beta2 * sb1 + (1 - beta2) * db1**2
    sW2 = beta2 * sW2 + (1 - beta2) * dW2**2
    sb2 = beta2 * sb2 + (1 - beta2) * db2**2
    # bias correction
    vW1_hat = vW1 / (1 - beta1**t)
    vb1_hat = vb1 / (1 - beta1**t)
    vW2_hat = vW2 / (1 - beta1**t)
    vb2_hat = vb2 / (1 - beta1**t)
    sW1_hat = sW1 / (1 - beta2**t)
    sb1_hat = sb1 / (1 - beta2**t)
    sW2_hat = sW2 / (1 - beta2**t)
    sb2_hat = sb2 / (1 - beta2**t)
    # update
    W1 = W1 - learning_rate * vW1_hat / (np.sqrt(sW1_hat) + epsilon)
    b1 = b1 - learning_rate * vb1_hat / (np.sqrt(sb1_hat) + epsilon)
    W2 = W2 - learning_rate * vW2_hat / (np.sqrt(sW2_hat) + epsilon)
    b2 = b2 - learning_rate * vb2_hat / (np.sqrt(sb2_hat) + epsilon)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
