# what: eight disjoint views of one buffer; np.square
# points: 20
# mistakes:
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    # one block of memory, all eight arrays are pieces of it (cache friendly!)
    shapes = [(n_h, n_x), (n_h, 1), (n_y, n_h), (n_y, 1)] * 2
    buffer = np.zeros(sum(r * c for r, c in shapes))
    views, pos = [], 0
    for r, c in shapes:
        views.append(buffer[pos:pos + r * c].reshape(r, c))
        pos += r * c
    return tuple(views)
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    def moments(v, s, dw):
        return beta1 * v + (1 - beta1) * dw, beta2 * s + (1 - beta2) * np.square(dw)

    vW1, sW1 = moments(vW1, sW1, dW1)
    vb1, sb1 = moments(vb1, sb1, db1)
    vW2, sW2 = moments(vW2, sW2, dW2)
    vb2, sb2 = moments(vb2, sb2, db2)

    def move(w, v, s):
        v_corrected = v / (1 - np.power(beta1, t))
        s_corrected = s / (1 - np.power(beta2, t))
        return w - learning_rate * v_corrected / (np.sqrt(s_corrected) + epsilon)

    W1, b1, W2, b2 = move(W1, vW1, sW1), move(b1, vb1, sb1), move(W2, vW2, sW2), move(b2, vb2, sb2)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
