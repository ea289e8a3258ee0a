# what: moments interleaved, vW1, sW1, vb1, ..., in the first function; the second stops at its signature
# points: 2
# mistakes: initialize.order_of_returns, raises
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    vW1 = np.zeros((n_h, n_x))
    sW1 = np.zeros((n_h, n_x))
    vb1 = np.zeros((n_h, 1))
    sb1 = np.zeros((n_h, 1))
    vW2 = np.zeros((n_y, n_h))
    sW2 = np.zeros((n_y, n_h))
    vb2 = np.zeros((n_y, 1))
    sb2 = np.zeros((n_y, 1))
    return vW1, sW1, vb1, sb1, vW2, sW2, vb2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
# %% markdown after update_parameters_with_adam
i did not understand how t works, can you explain in class
