# what: all X batches, then all Y batches
# points: 13
# mistakes: random_mini_batches.two_lists
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
    W1 = W1 - learning_rate * dW1
    b1 = b1 - learning_rate * db1
    W2 = W2 - learning_rate * dW2
    b2 = b2 - learning_rate * db2
    return W1, b1, W2, b2
# %% random_mini_batches
def random_mini_batches(X, Y, batch_size, rng):
    m = X.shape[1]
    perm = rng.permutation(m)
    cuts = range(0, m, batch_size)
    return [X[:, perm[k:k + batch_size]] for k in cuts], [Y[:, perm[k:k + batch_size]] for k in cuts]
