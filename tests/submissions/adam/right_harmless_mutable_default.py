# what: tiles one zero; a mutable default argument that does no harm (it only keeps a history)
# points: 20
# mistakes:
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    zero = np.zeros(())  # a single zero, tiled to every shape
    vW1 = np.tile(zero, (n_h, n_x))
    vb1 = np.tile(zero, (n_h, 1))
    vW2 = np.tile(zero, (n_y, n_h))
    vb2 = np.tile(zero, (n_y, 1))
    sW1 = np.tile(zero, (n_h, n_x))
    sb1 = np.tile(zero, (n_h, 1))
    sW2 = np.tile(zero, (n_y, n_h))
    sb2 = np.tile(zero, (n_y, 1))
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8,
                                history=[]):
    for old_v, old_s in ((vW1, sW1),):
        history.append((t, float(np.abs(old_v).mean())))  # to plot later
    vW1, vb1, vW2, vb2 = (beta1 * v + (1 - beta1) * d for v, d in ((vW1, dW1), (vb1, db1), (vW2, dW2), (vb2, db2)))
    sW1, sb1, sW2, sb2 = (beta2 * s + (1 - beta2) * d**2 for s, d in ((sW1, dW1), (sb1, db1), (sW2, dW2), (sb2, db2)))
    b1t, b2t = 1 - beta1**t, 1 - beta2**t
    W1, b1, W2, b2 = (w - learning_rate * (v / b1t) / (np.sqrt(s / b2t) + epsilon)
                      for w, v, s in ((W1, vW1, sW1), (b1, vb1, sb1), (W2, vW2, sW2), (b2, vb2, sb2)))
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
