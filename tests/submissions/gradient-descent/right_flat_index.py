# what: flat indices, zip over lists, array_split by hand
# points: 20
# mistakes: 
# %% numerical_gradient
def numerical_gradient(f, w, h=1e-5):
    w = np.array(w, dtype=float)
    g = []
    for i in range(w.size):
        d = np.zeros(w.size)
        d[i] = h
        d = d.reshape(w.shape)
        g.append((f(w + d) - f(w - d)) / (2 * h))
    return np.array(g).reshape(w.shape)
# %% update_parameters_with_gd
def update_parameters_with_gd(W1, b1, W2, b2, dW1, db1, dW2, db2, learning_rate=0.01):
    return tuple(p - learning_rate * g for p, g in zip((W1, b1, W2, b2), (dW1, db1, dW2, db2)))
# %% random_mini_batches
def random_mini_batches(X, Y, batch_size, rng):
    order = np.arange(X.shape[1])
    rng.shuffle(order)
    Xs, Ys = X[:, order], Y[:, order]
    out, start = [], 0
    while start < order.size:
        out.append((Xs[:, start:start + batch_size], Ys[:, start:start + batch_size]))
        start += batch_size
    return out
