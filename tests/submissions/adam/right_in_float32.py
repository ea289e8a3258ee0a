# what: everything in float32, as on the GPU
# points: 20
# mistakes:
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    shapes = [(n_h, n_x), (n_h, 1), (n_y, n_h), (n_y, 1)]
    return tuple(np.zeros(s, dtype=np.float32) for s in shapes + shapes)
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    f = lambda arrays: [np.asarray(a, dtype=np.float32) for a in arrays]
    ws, gs = f([W1, b1, W2, b2]), f([dW1, db1, dW2, db2])
    vs, ss = f([vW1, vb1, vW2, vb2]), f([sW1, sb1, sW2, sb2])
    for i in range(4):
        vs[i] = beta1 * vs[i] + (1 - beta1) * gs[i]
        ss[i] = beta2 * ss[i] + (1 - beta2) * gs[i] ** 2
        ws[i] = ws[i] - learning_rate * (vs[i] / (1 - beta1 ** t)) / (np.sqrt(ss[i] / (1 - beta2 ** t)) + epsilon)
    return tuple(ws + vs + ss)
