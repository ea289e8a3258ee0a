# what: a mutable default argument: the second call returns sixteen arrays
# points: 16
# mistakes:
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y, moments=[]):
    for _ in range(2):
        moments.append(np.zeros((n_h, n_x)))
        moments.append(np.zeros((n_h, 1)))
        moments.append(np.zeros((n_y, n_h)))
        moments.append(np.zeros((n_y, 1)))
    return tuple(moments)
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    def adam(w, dw, v, s):
        v = beta1 * v + (1 - beta1) * dw
        s = beta2 * s + (1 - beta2) * dw ** 2
        v_hat = v / (1 - beta1 ** t)
        s_hat = s / (1 - beta2 ** t)
        w = w - learning_rate * v_hat / (np.sqrt(s_hat) + epsilon)
        return [w, v, s]
    r1 = adam(W1, dW1, vW1, sW1)
    r2 = adam(b1, db1, vb1, sb1)
    r3 = adam(W2, dW2, vW2, sW2)
    r4 = adam(b2, db2, vb2, sb2)
    return r1[0], r2[0], r3[0], r4[0], r1[1], r2[1], r3[1], r4[1], r1[2], r2[2], r3[2], r4[2]
