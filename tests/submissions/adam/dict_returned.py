# what: returns a dict from the first function
# points: 16
# mistakes:
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    adam = {}
    adam["vW1"] = np.zeros((n_h, n_x))
    adam["vb1"] = np.zeros((n_h, 1))
    adam["vW2"] = np.zeros((n_y, n_h))
    adam["vb2"] = np.zeros((n_y, 1))
    adam["sW1"] = np.zeros((n_h, n_x))
    adam["sb1"] = np.zeros((n_h, 1))
    adam["sW2"] = np.zeros((n_y, n_h))
    adam["sb2"] = np.zeros((n_y, 1))
    return adam
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    old = locals()
    new = {}
    for p in ("W1", "b1", "W2", "b2"):
        g = old["d" + p]
        v = beta1 * old["v" + p] + (1 - beta1) * g
        s = beta2 * old["s" + p] + (1 - beta2) * g ** 2
        new["v" + p], new["s" + p] = v, s
        new[p] = old[p] - learning_rate * (v / (1 - beta1 ** t)) / (np.sqrt(s / (1 - beta2 ** t)) + epsilon)
    order = ["W1", "b1", "W2", "b2", "vW1", "vb1", "vW2", "vb2", "sW1", "sb1", "sW2", "sb2"]
    return tuple(new[name] for name in order)
