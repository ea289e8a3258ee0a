# what: both functions in the first answer cell, the second as released: an empty function undoes nothing
# points: 20
# mistakes:
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

def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    def step(w, dw, v, s):
        v = beta1 * v + (1 - beta1) * dw
        s = beta2 * s + (1 - beta2) * dw**2
        return w - learning_rate * (v / (1 - beta1**t)) / (np.sqrt(s / (1 - beta2**t)) + epsilon), v, s
    W1, vW1, sW1 = step(W1, dW1, vW1, sW1)
    b1, vb1, sb1 = step(b1, db1, vb1, sb1)
    W2, vW2, sW2 = step(W2, dW2, vW2, sW2)
    b2, vb2, sb2 = step(b2, db2, vb2, sb2)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
