# what: zeros_like and full, zip over lists; hands back lists, not tuples
# points: 20
# mistakes:
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    v = [np.full((n_h, n_x), 0.), np.full((n_h, 1), 0.), np.full((n_y, n_h), 0.), np.full((n_y, 1), 0.)]
    s = [np.zeros_like(x) for x in v]
    return v + s
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    w = [W1, b1, W2, b2]
    dw = [dW1, db1, dW2, db2]
    v = [beta1*a + (1-beta1)*g for a, g in zip([vW1, vb1, vW2, vb2], dw)]
    s = [beta2*a + (1-beta2)*g**2 for a, g in zip([sW1, sb1, sW2, sb2], dw)]
    vh = [a/(1-beta1**t) for a in v]
    sh = [a/(1-beta2**t) for a in s]
    w = [a - learning_rate*p/(np.sqrt(q)+epsilon) for a, p, q in zip(w, vh, sh)]
    return w + v + s
