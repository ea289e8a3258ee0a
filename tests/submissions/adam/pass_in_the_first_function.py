# what: pass in the first function, with its return line kept: a NameError; the second is right
# points: 16
# mistakes: raises
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    """All moments of the network, at their start."""
    pass
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """One step of Adam for all four parameters; t counts from 1."""
    vW1 = beta1 * vW1 + (1 - beta1) * dW1
    vb1 = beta1 * vb1 + (1 - beta1) * db1
    vW2 = beta1 * vW2 + (1 - beta1) * dW2
    vb2 = beta1 * vb2 + (1 - beta1) * db2
    sW1 = beta2 * sW1 + (1 - beta2) * (dW1 * dW1)
    sb1 = beta2 * sb1 + (1 - beta2) * (db1 * db1)
    sW2 = beta2 * sW2 + (1 - beta2) * (dW2 * dW2)
    sb2 = beta2 * sb2 + (1 - beta2) * (db2 * db2)
    def correct(moment, beta):
        return moment / (1 - beta ** t)
    W1 = W1 - learning_rate * correct(vW1, beta1) / (np.sqrt(correct(sW1, beta2)) + epsilon)
    b1 = b1 - learning_rate * correct(vb1, beta1) / (np.sqrt(correct(sb1, beta2)) + epsilon)
    W2 = W2 - learning_rate * correct(vW2, beta1) / (np.sqrt(correct(sW2, beta2)) + epsilon)
    b2 = b2 - learning_rate * correct(vb2, beta1) / (np.sqrt(correct(sb2, beta2)) + epsilon)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
