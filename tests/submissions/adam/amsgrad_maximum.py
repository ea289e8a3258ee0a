# what: AMSGrad's running maximum, from a blog post
# points: 9
# mistakes: second_moment.running_maximum
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    vW1 = np.zeros((n_h, n_x), dtype=float)
    vb1 = np.zeros((n_h, 1), dtype=float)
    vW2 = np.zeros((n_y, n_h), dtype=float)
    vb2 = np.zeros((n_y, 1), dtype=float)
    sW1 = np.zeros((n_h, n_x), dtype=float)
    sb1 = np.zeros((n_h, 1), dtype=float)
    sW2 = np.zeros((n_y, n_h), dtype=float)
    sb2 = np.zeros((n_y, 1), dtype=float)
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    def amsgrad(w, dw, v, s):
        v = beta1 * v + (1 - beta1) * dw
        s = np.maximum(s, beta2 * s + (1 - beta2) * dw**2)  # never let it shrink
        w = w - learning_rate * (v / (1 - beta1**t)) / (np.sqrt(s / (1 - beta2**t)) + epsilon)
        return w, v, s
    W1, vW1, sW1 = amsgrad(W1, dW1, vW1, sW1)
    b1, vb1, sb1 = amsgrad(b1, db1, vb1, sb1)
    W2, vW2, sW2 = amsgrad(W2, dW2, vW2, sW2)
    b2, vb2, sb2 = amsgrad(b2, db2, vb2, sb2)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
