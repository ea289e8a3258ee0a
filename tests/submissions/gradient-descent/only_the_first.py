# what: only the first function
# points: 6
# mistakes: not_attempted
# %% numerical_gradient
def numerical_gradient(f, w, h=1e-5):
    grad = np.zeros(np.shape(w))
    for i in np.ndindex(grad.shape):
        up, down = np.array(w, float), np.array(w, float)
        up[i] = up[i] + h
        down[i] = down[i] - h
        grad[i] = (f(up) - f(down)) / (2 * h)
    return grad
