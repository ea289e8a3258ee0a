# what: asks for the gradient at w: Momentum
# points: 0
# mistakes: not_attempted, nesterov_step.no_look_ahead
# %% nesterov_step
def nesterov_step(w, v, gradient, learning_rate, beta=0.9):
    v = beta * v + (1 - beta) * gradient(w)
    return w - learning_rate * v, v
