# what: takes the step from the place ahead
# points: 0
# mistakes: not_attempted, nesterov_step.steps_from_ahead
# %% nesterov_step
def nesterov_step(w, v, gradient, learning_rate, beta=0.9):
    w = w - learning_rate * beta * v
    v = beta * v + (1 - beta) * gradient(w)
    w = w - learning_rate * v
    return w, v
