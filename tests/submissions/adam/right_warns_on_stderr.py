# what: warns on stderr; squares as g*g
# points: 20
# mistakes:
# %% initialize_adam
import sys
import warnings
def initialize_adam(n_x, n_h, n_y):
    if n_h > 100:
        print("big network!", file=sys.stderr)
    dims = (n_h, n_x), (n_h, 1), (n_y, n_h), (n_y, 1)
    vW1, vb1, vW2, vb2 = [np.zeros(d) for d in dims]
    sW1, sb1, sW2, sb2 = [np.zeros(d) for d in dims]
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    if learning_rate > 0.01:
        warnings.warn("learning rate is quite large for Adam")
    if np.abs(dW1).max() > 100:
        print("WARNING exploding gradients?", np.abs(dW1).max(), file=sys.stderr)

    def go(w, g, v, s):
        v = beta1 * v + (1 - beta1) * g
        s = beta2 * s + (1 - beta2) * (g * g)
        vc = v / (1 - beta1 ** t)
        sc = s / (1 - beta2 ** t)
        return w - learning_rate * vc / (np.sqrt(sc) + epsilon), v, s

    W1, vW1, sW1 = go(W1, dW1, vW1, sW1)
    b1, vb1, sb1 = go(b1, db1, vb1, sb1)
    W2, vW2, sW2 = go(W2, dW2, vW2, sW2)
    b2, vb2, sb2 = go(b2, db2, vb2, sb2)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
