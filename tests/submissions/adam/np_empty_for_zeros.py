# what: np.empty for the moments ("it printed zeros")
# points: 19
# mistakes: initialize.uninitialized
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    vW1 = np.empty((n_h, n_x))
    vb1 = np.empty((n_h, 1))
    vW2 = np.empty((n_y, n_h))
    vb2 = np.empty((n_y, 1))
    sW1 = np.empty((n_h, n_x))
    sb1 = np.empty((n_h, 1))
    sW2 = np.empty((n_y, n_h))
    sb2 = np.empty((n_y, 1))
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% extra after initialize_adam
print(initialize_adam(2, 4, 1))
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    new = []
    for w, g, v, s in [[W1, dW1, vW1, sW1], [b1, db1, vb1, sb1], [W2, dW2, vW2, sW2], [b2, db2, vb2, sb2]]:
        v = v * beta1 + g * (1 - beta1)
        s = s * beta2 + g * g * (1 - beta2)
        new += [w - learning_rate * (v / (1 - beta1**t)) / (np.sqrt(s / (1 - beta2**t)) + epsilon), v, s]
    return new[0::3] + new[1::3] + new[2::3]
