# what: averages the squares but never divides by them: momentum
# points: 12
# mistakes: denominator.no_division
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    return (np.zeros((n_h, n_x)), np.zeros((n_h, 1)), np.zeros((n_y, n_h)), np.zeros((n_y, 1)),
            np.zeros((n_h, n_x)), np.zeros((n_h, 1)), np.zeros((n_y, n_h)), np.zeros((n_y, 1)))
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    def step(w, dw, v, s):
        v = beta1 * v + (1 - beta1) * dw
        s = beta2 * s + (1 - beta2) * dw ** 2
        v_hat = v / (1 - beta1 ** t)
        s_hat = s / (1 - beta2 ** t)
        w = w - learning_rate * v_hat
        return w, v, s
    W1, vW1, sW1 = step(W1, dW1, vW1, sW1)
    b1, vb1, sb1 = step(b1, db1, vb1, sb1)
    W2, vW2, sW2 = step(W2, dW2, vW2, sW2)
    b2, vb2, sb2 = step(b2, db2, vb2, sb2)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
