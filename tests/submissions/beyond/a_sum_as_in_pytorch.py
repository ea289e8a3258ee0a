# what: the whole gradient in the velocity
# points: 0
# mistakes: not_attempted, nesterov_step.sum_not_average
# %% nesterov_step
def nesterov_step(w, v, gradient, learning_rate, beta=0.9):
    ahead = w - learning_rate * beta * v
    v = beta * v + gradient(ahead)
    return w - learning_rate * v, v
