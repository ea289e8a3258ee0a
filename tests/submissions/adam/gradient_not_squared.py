# what: forgot the square in the second moment
# points: 9
# mistakes: second_moment.gradient_not_squared
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
    w = [W1, b1, W2, b2]
    dw = [dW1, db1, dW2, db2]
    v = [vW1, vb1, vW2, vb2]
    s = [sW1, sb1, sW2, sb2]
    i = 0
    while i < 4:
        v[i] = beta1 * v[i] + (1 - beta1) * dw[i]
        s[i] = beta2 * s[i] + (1 - beta2) * dw[i]
        vhat = v[i] / (1 - beta1 ** t)
        shat = s[i] / (1 - beta2 ** t)
        w[i] = w[i] - learning_rate * vhat / (np.sqrt(shat) + epsilon)
        i = i + 1
    return tuple(w) + tuple(v) + tuple(s)
