# what: ^ for a power, as in MATLAB: a TypeError
# points: 4
# mistakes: raises
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
    m1 = beta1 * vW1 + (1 - beta1) * dW1
    n1 = beta1 * vb1 + (1 - beta1) * db1
    m2 = beta1 * vW2 + (1 - beta1) * dW2
    n2 = beta1 * vb2 + (1 - beta1) * db2
    p1 = beta2 * sW1 + (1 - beta2) * dW1^2
    q1 = beta2 * sb1 + (1 - beta2) * db1^2
    p2 = beta2 * sW2 + (1 - beta2) * dW2^2
    q2 = beta2 * sb2 + (1 - beta2) * db2^2
    W1 = W1 - learning_rate * (m1 / (1 - beta1^t)) / (np.sqrt(p1 / (1 - beta2^t)) + epsilon)
    b1 = b1 - learning_rate * (n1 / (1 - beta1^t)) / (np.sqrt(q1 / (1 - beta2^t)) + epsilon)
    W2 = W2 - learning_rate * (m2 / (1 - beta1^t)) / (np.sqrt(p2 / (1 - beta2^t)) + epsilon)
    b2 = b2 - learning_rate * (n2 / (1 - beta1^t)) / (np.sqrt(q2 / (1 - beta2^t)) + epsilon)
    return W1, b1, W2, b2, m1, n1, m2, n2, p1, q1, p2, q2
