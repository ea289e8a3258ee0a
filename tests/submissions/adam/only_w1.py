# what: W1 alone is done, as the assignment suggests to begin
# points: 5
# mistakes: coverage.biases_not_updated, coverage.second_layer_not_updated
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
    """One step of Adam for all four parameters; t counts from 1."""
    vW1 = beta1 * vW1 + (1 - beta1) * dW1
    sW1 = beta2 * sW1 + (1 - beta2) * dW1**2
    v_hat = vW1 / (1 - beta1**t)
    s_hat = sW1 / (1 - beta2**t)
    W1 = W1 - learning_rate * v_hat / (np.sqrt(s_hat) + epsilon)
    # do the other 3 the same way
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
