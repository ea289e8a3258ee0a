# what: goes to the place ahead and on from there
# points: 0
# mistakes: not_attempted
# %% nesterov_step
def nesterov_step(w, v, gradient, learning_rate, beta=0.9):
    ahead = w - learning_rate * beta * v
    g = gradient(ahead)
    return ahead - learning_rate * (1 - beta) * g, beta * v + (1 - beta) * g
