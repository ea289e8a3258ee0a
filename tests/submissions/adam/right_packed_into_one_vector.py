# what: packs all parameters into one long vector and splits it again
# points: 20
# mistakes:
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    sizes = [n_h * n_x, n_h, n_y * n_h, n_y]
    vW1, vb1, vW2, vb2 = np.split(np.zeros(sum(sizes)), np.cumsum(sizes)[:-1])
    sW1, sb1, sW2, sb2 = np.split(np.zeros(sum(sizes)), np.cumsum(sizes)[:-1])
    return (vW1.reshape(n_h, n_x), vb1.reshape(n_h, 1), vW2.reshape(n_y, n_h), vb2.reshape(n_y, 1),
            sW1.reshape(n_h, n_x), sb1.reshape(n_h, 1), sW2.reshape(n_y, n_h), sb2.reshape(n_y, 1))
# %% extra before update_parameters_with_adam
# helper functions: many arrays <-> one vector
def pack(*arrays):
    return np.concatenate([a.flatten() for a in arrays])

def unpack(vector, like):
    result = []
    start = 0
    for a in like:
        result.append(vector[start:start + a.size].reshape(a.shape))
        start = start + a.size
    return result
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    like = [W1, b1, W2, b2]
    w = pack(W1, b1, W2, b2)
    g = pack(dW1, db1, dW2, db2)
    v = pack(vW1, vb1, vW2, vb2)
    s = pack(sW1, sb1, sW2, sb2)
    v = beta1 * v + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g**2
    w = w - learning_rate * v / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + epsilon)
    W1, b1, W2, b2 = unpack(w, like)
    vW1, vb1, vW2, vb2 = unpack(v, like)
    sW1, sb1, sW2, sb2 = unpack(s, like)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
