# what: expm1 and np.power for the corrections, worried about rounding
# points: 20
# mistakes:
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    return tuple(np.full(shape, 0.0) for _ in "vs" for shape in ((n_h, n_x), (n_h, 1), (n_y, n_h), (n_y, 1)))
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    # 1 - beta**t loses digits when beta is close to 1, expm1 does not
    c1 = -np.expm1(t * np.log(beta1))
    c2 = -np.expm1(t * np.log(beta2))
    assert np.isclose(c1, 1 - np.power(beta1, t))

    out_w, out_v, out_s = [], [], []
    for w, dw, v, s in zip((W1, b1, W2, b2), (dW1, db1, dW2, db2), (vW1, vb1, vW2, vb2), (sW1, sb1, sW2, sb2)):
        v = np.multiply(beta1, v) + np.multiply(1 - beta1, dw)
        s = np.multiply(beta2, s) + np.multiply(1 - beta2, np.power(dw, 2))
        out_w.append(np.subtract(w, learning_rate * np.divide(v / c1, np.power(s / c2, 0.5) + epsilon)))
        out_v.append(v)
        out_s.append(s)
    return (*out_w, *out_v, *out_s)
