# what: both functions in the first answer cell; deleted the second
# points: 20
# mistakes:
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    sizes = [(n_h, n_x), (n_h, 1), (n_y, n_h), (n_y, 1)]
    return tuple([np.zeros(size) for size in sizes] + [np.zeros(size) for size in sizes])


def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    w = [W1, b1, W2, b2]
    g = [dW1, db1, dW2, db2]
    v = [vW1, vb1, vW2, vb2]
    s = [sW1, sb1, sW2, sb2]
    for i in range(4):
        v[i] = v[i] * beta1 + g[i] * (1 - beta1)
        s[i] = s[i] * beta2 + g[i] ** 2 * (1 - beta2)
        w[i] = w[i] - learning_rate * (v[i] / (1 - beta1 ** t)) / ((s[i] / (1 - beta2 ** t)) ** 0.5 + epsilon)
    return tuple(w + v + s)
# %% deleted update_parameters_with_adam
