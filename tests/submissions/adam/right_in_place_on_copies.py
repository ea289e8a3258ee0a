# what: copies everything first, then works in place
# points: 20
# mistakes:
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    z = lambda r, c: np.zeros((r, c))
    return z(n_h, n_x), z(n_h, 1), z(n_y, n_h), z(n_y, 1), z(n_h, n_x), z(n_h, 1), z(n_y, n_h), z(n_y, 1)
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    # the task says leave the inputs alone so copy them
    W1, b1, W2, b2 = [x.copy() for x in (W1, b1, W2, b2)]
    vW1, vb1, vW2, vb2 = [x.copy() for x in (vW1, vb1, vW2, vb2)]
    sW1, sb1, sW2, sb2 = [x.copy() for x in (sW1, sb1, sW2, sb2)]
    for w, dw, v, s in ((W1, dW1, vW1, sW1), (b1, db1, vb1, sb1), (W2, dW2, vW2, sW2), (b2, db2, vb2, sb2)):
        v *= beta1
        v += (1 - beta1) * dw
        s *= beta2
        s += (1 - beta2) * dw * dw
        w -= learning_rate * (v / (1 - beta1 ** t)) / (np.sqrt(s / (1 - beta2 ** t)) + epsilon)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
