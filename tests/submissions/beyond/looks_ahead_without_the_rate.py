# what: w - beta * v, as where the rate is in the velocity
# points: 0
# mistakes: not_attempted, nesterov_step.lead_without_rate
# %% nesterov_step
def nesterov_step(w, v, gradient, learning_rate, beta=0.9):
    ahead = w - beta * v
    v = beta * v + (1 - beta) * gradient(ahead)
    return w - learning_rate * v, v
