# what: moves one entry of a copy and puts it back; a list comes back from the step
# points: 20
# mistakes: 
# %% numerical_gradient
def numerical_gradient(f, w, h=1e-5):
    x = np.array(w, dtype=np.float64)
    grad = np.empty_like(x)
    it = np.nditer(x, flags=["multi_index"])
    for _ in it:
        i = it.multi_index
        old = x[i]
        x[i] = old + h; plus = f(x)
        x[i] = old - h; minus = f(x)
        x[i] = old
        grad[i] = (plus - minus) / (2 * h)
    return grad
# %% update_parameters_with_gd
def update_parameters_with_gd(W1, b1, W2, b2, dW1, db1, dW2, db2, learning_rate=0.01):
    params, grads = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
    for key in params:
        params[key] = params[key] - learning_rate * grads[key]
    return [params[k] for k in ("W1", "b1", "W2", "b2")]
# %% random_mini_batches
def random_mini_batches(X, Y, batch_size, rng):
    days = X.shape[1]
    perm = rng.permutation(days)
    batches = []
    for k in range(0, days, batch_size):
        idx = perm[k:k + batch_size]
        batches.append((X[:, idx], Y[:, idx]))
    return batches
