# what: rows and columns of the weights exchanged in the first function
# points: 18
# mistakes: initialize.transposed
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    # weights go from x to h, so (n_x, n_h)
    vW1 = np.zeros((n_x, n_h))
    vb1 = np.zeros((n_h, 1))
    vW2 = np.zeros((n_h, n_y))
    vb2 = np.zeros((n_y, 1))
    sW1 = np.zeros((n_x, n_h))
    sb1 = np.zeros((n_h, 1))
    sW2 = np.zeros((n_h, n_y))
    sb2 = np.zeros((n_y, 1))
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    W, D = [W1, b1, W2, b2], [dW1, db1, dW2, db2]
    V, S = [vW1, vb1, vW2, vb2], [sW1, sb1, sW2, sb2]
    for k in range(4):
        V[k] = beta1 * V[k] + (1 - beta1) * D[k]
        S[k] = beta2 * S[k] + (1 - beta2) * D[k] ** 2
        v_hat = V[k] / (1 - beta1 ** t)
        s_hat = S[k] / (1 - beta2 ** t)
        W[k] = W[k] - learning_rate * v_hat / (np.sqrt(s_hat) + epsilon)
    return tuple(W + V + S)
