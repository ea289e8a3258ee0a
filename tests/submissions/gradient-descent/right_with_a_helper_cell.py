# what: a helper in a cell of its own
# points: 20
# mistakes: 
# %% extra before update_parameters_with_gd
def go(w, g, a):
    return w + (-a) * g
# %% numerical_gradient
def numerical_gradient(f, w, h=1e-5):
    grad = np.zeros(np.shape(w))
    for i in np.ndindex(grad.shape):
        up, down = np.array(w, float), np.array(w, float)
        up[i] = up[i] + h
        down[i] = down[i] - h
        grad[i] = (f(up) - f(down)) / (2 * h)
    return grad
# %% update_parameters_with_gd
def update_parameters_with_gd(W1, b1, W2, b2, dW1, db1, dW2, db2, learning_rate=0.01):
    return go(W1, dW1, learning_rate), go(b1, db1, learning_rate), go(W2, dW2, learning_rate), go(b2, db2, learning_rate)
# %% random_mini_batches
def random_mini_batches(X, Y, batch_size, rng):
    days = X.shape[1]
    perm = rng.permutation(days)
    batches = []
    for k in range(0, days, batch_size):
        idx = perm[k:k + batch_size]
        batches.append((X[:, idx], Y[:, idx]))
    return batches
