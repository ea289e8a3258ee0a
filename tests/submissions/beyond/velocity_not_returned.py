# what: returns the weights alone
# points: 0
# mistakes: not_attempted, nesterov_step.weights_only
# %% nesterov_step
def nesterov_step(w, v, gradient, learning_rate, beta=0.9):
    ahead = w - learning_rate * beta * v
    v = beta * v + (1 - beta) * gradient(ahead)
    return w - learning_rate * v
