# what: whole-number arrays in the first function; 1e-8 typed in where epsilon belongs
# points: 17
# mistakes: initialize.integers, denominator.hard_coded_epsilon
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    vW1 = np.array([[0] * n_x] * n_h)
    vb1 = np.array([[0]] * n_h)
    vW2 = np.array([[0] * n_h] * n_y)
    vb2 = np.array([[0]] * n_y)
    sW1 = np.array([[0] * n_x] * n_h)
    sb1 = np.array([[0]] * n_h)
    sW2 = np.array([[0] * n_h] * n_y)
    sb2 = np.array([[0]] * n_y)
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    vW1 = beta1 * vW1 + (1 - beta1) * dW1
    vb1 = beta1 * vb1 + (1 - beta1) * db1
    vW2 = beta1 * vW2 + (1 - beta1) * dW2
    vb2 = beta1 * vb2 + (1 - beta1) * db2
    sW1 = beta2 * sW1 + (1 - beta2) * dW1 ** 2
    sb1 = beta2 * sb1 + (1 - beta2) * db1 ** 2
    sW2 = beta2 * sW2 + (1 - beta2) * dW2 ** 2
    sb2 = beta2 * sb2 + (1 - beta2) * db2 ** 2
    c1 = 1 - beta1 ** t
    c2 = 1 - beta2 ** t
    W1 = W1 - learning_rate * (vW1 / c1) / (np.sqrt(sW1 / c2) + 1e-8)
    b1 = b1 - learning_rate * (vb1 / c1) / (np.sqrt(sb1 / c2) + 1e-8)
    W2 = W2 - learning_rate * (vW2 / c1) / (np.sqrt(sW2 / c2) + 1e-8)
    b2 = b2 - learning_rate * (vb2 / c1) / (np.sqrt(sb2 / c2) + 1e-8)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
